// SPDX-License-Identifier: Apache-2.0
#include "dataplane/abi/image_validate.h"

#include "dataplane/abi/canonical_name.h"
#include "dataplane/abi/object_digest.h"

#include <string>
#include <vector>

namespace dialtone::abi {
namespace {

// [offset, offset + length) lies inside [begin, size), without overflow.
constexpr bool inside(std::uint64_t offset, std::uint64_t length, std::uint64_t begin,
                      std::uint64_t size) noexcept {
  return offset >= begin && offset <= size && length <= size - offset;
}

std::string number(std::uint64_t value) {
  return std::to_string(value);
}

Result<void> check_digest(std::span<const std::byte> bytes, const Digest& expected,
                          const std::string& what) {
  const Digest found = object_digest(bytes);
  if (found != expected) {
    return refused(what + ": its digest is " + to_hex(found) + ", the manifest says " +
                   to_hex(expected));
  }
  return {};
}

// The record behind an entry, checked against the segment that it lies in. What it is called is
// put together only for who has to read it.
template <typename What>
Result<const FileRecord*> check_record(std::span<const std::byte> segment, std::uint64_t offset,
                                       const What& what) {
  if (!inside(offset, sizeof(FileRecord), sizeof(SegmentHeader), segment.size())) {
    return refused(what() + ": its record at " + number(offset) + " is outside the segment");
  }
  const auto* record = reinterpret_cast<const FileRecord*>(segment.data() + offset);
  if (record->name_length == 0 || record->name_length > kMaxNameLength ||
      !inside(offset + sizeof(FileRecord), record->name_length, 0, segment.size())) {
    return refused(what() + ": its name of " + number(record->name_length) +
                   " bytes does not fit the segment");
  }
  if (record->content_offset % kCacheLine != 0 ||
      !inside(record->content_offset, record->length, sizeof(SegmentHeader), segment.size())) {
    return refused(what() + ": its content at " + number(record->content_offset) + ", " +
                   number(record->length) + " bytes, is outside the segment or not aligned");
  }
  const std::uint64_t units = record->length / kSumUnit + (record->length % kSumUnit != 0);
  if (record->sums_offset != 0 && (record->sums_offset % alignof(std::uint16_t) != 0 ||
                                   !inside(record->sums_offset, units * sizeof(std::uint16_t),
                                           sizeof(SegmentHeader), segment.size()))) {
    return refused(what() + ": its sums at " + number(record->sums_offset) +
                   " are outside the segment or not aligned");
  }
  if (static_cast<std::uint8_t>(record->file_class) >= kFileClassCount ||
      static_cast<std::uint8_t>(record->origin) > static_cast<std::uint8_t>(Origin::kProxied)) {
    return refused(what() + ": its class or origin is not known to this version");
  }
  return record;
}

Result<void> check_index_header(std::span<const std::byte> bytes, const IndexRef& ref) {
  if (bytes.size() < sizeof(IndexHeader) + sizeof(IndexLine) || ref.size != bytes.size()) {
    return refused("index: it has " + number(bytes.size()) + " bytes, the manifest says " +
                   number(ref.size));
  }
  const auto& header = *reinterpret_cast<const IndexHeader*>(bytes.data());
  if (header.magic != kIndexMagic || header.version != kImageVersion) {
    return refused("index: not an index of version " + number(kImageVersion));
  }
  if (header.id != ref.id) {
    return refused("index: its id differs from the manifest's");
  }
  const std::uint64_t room = bytes.size() - sizeof(IndexHeader);
  if (header.line_count == 0 || header.line_count > room / sizeof(IndexLine) ||
      header.line_count * sizeof(IndexLine) != room) {
    return refused("index: " + number(header.line_count) + " lines do not fill its " +
                   number(bytes.size()) + " bytes");
  }
  if (header.segment_count > kMaxSegments) {
    return refused("index: segment_count is out of range");
  }
  return {};
}

// The records that some lines name stand anywhere in gigabytes: they are asked for this many lines
// ahead, record and name.
constexpr std::uint64_t kLinesAhead = 4;

void prefetch_records(const IndexView& index, std::uint64_t line,
                      std::span<const std::span<const std::byte>> segments) noexcept {
  if (line >= index.lines().size()) {
    return;
  }
  for (const IndexEntry& entry : index.lines()[line].entries) {
    const std::uint64_t offset = entry.record_offset();
    if (entry.where != 0 && entry.segment() < segments.size() &&
        inside(offset, 2 * kCacheLine, 0, segments[entry.segment()].size())) {
      const std::byte* record = segments[entry.segment()].data() + offset;
      __builtin_prefetch(record);
      __builtin_prefetch(record + kCacheLine);
    }
  }
}

// Each entry's key is its name's, and a search for the name ends at that entry: no file is hidden,
// and an exact key cannot lead to another name's file.
Result<void> check_reachable(const ImageView& image,
                             std::span<const std::span<const std::byte>> segments) {
  const IndexView& index = image.base();
  for (std::uint64_t at = 0; at < index.lines().size(); ++at) {
    prefetch_records(index, at + kLinesAhead, segments);
    for (const IndexEntry& entry : index.lines()[at].entries) {
      if (entry.where == 0) {
        break;
      }
      const std::string_view name = image.file_at(entry).name();
      const NameKey key = name_key(name, index.header().seed);
      if (key.key != entry.key || image.find_entry(index, name, key) != &entry) {
        return refused("index: '" + std::string(name) + "' is not found under its own name");
      }
    }
  }
  return {};
}

}  // namespace

Result<void> validate_segment(std::span<const std::byte> bytes, const SegmentRef& ref) {
  if (ref.size < sizeof(SegmentHeader) || bytes.size() < ref.size) {
    return refused("segment: " + number(bytes.size()) + " bytes are mapped, the manifest says " +
                   number(ref.size));
  }
  const auto& header = *reinterpret_cast<const SegmentHeader*>(bytes.data());
  if (header.magic != kSegmentMagic || header.version != kImageVersion) {
    return refused("segment: not a segment of version " + number(kImageVersion));
  }
  if (header.id != ref.id || header.size != ref.size) {
    return refused("segment: its id or size differs from the manifest's");
  }
  return check_digest(bytes.first(ref.size), ref.digest, "segment");
}

Result<void> validate_index(std::span<const std::byte> bytes, const IndexRef& ref,
                            std::span<const std::span<const std::byte>> segments) {
  DIALTONE_TRY(check_index_header(bytes, ref));
  DIALTONE_TRY(check_digest(bytes, ref.digest, "index"));
  const IndexView index(bytes);
  const IndexHeader& header = index.header();
  if (header.segment_count > segments.size()) {
    return refused("index: it names " + number(header.segment_count) + " segments, there are " +
                   number(segments.size()));
  }
  std::vector<const std::byte*> bases;
  for (std::span<const std::byte> segment : segments) {
    bases.push_back(segment.data());
  }
  const ImageView image(nullptr, index, {}, bases);
  std::uint64_t entries = 0;
  for (std::uint64_t at = 0; at < header.line_count; ++at) {
    prefetch_records(index, at + kLinesAhead, segments);
    bool line_ended = false;
    for (const IndexEntry& entry : index.lines()[at].entries) {
      if (entry.where == 0) {
        line_ended = true;
        continue;
      }
      const auto what = [at] { return "index line " + number(at); };
      if (line_ended || entry.kind() == Kind::kNone) {
        return refused(what() + ": an entry stands behind an empty one or has no kind");
      }
      if (entry.segment() >= header.segment_count) {
        return refused(what() + ": segment " + number(entry.segment()) + " does not exist");
      }
      const auto record = check_record(segments[entry.segment()], entry.record_offset(), what);
      if (!record) {
        return record.error();
      }
      const std::string_view name = image.file_at(entry).name();
      if (!is_canonical(name)) {
        return refused(what() + ": its name is not canonical");
      }
      if (entry.kind() == Kind::kAbsent && (*record)->length != 0) {
        return refused(what() + ": an absent name has content");
      }
      ++entries;
    }
  }
  if (entries != header.entry_count) {
    return refused("index: " + number(entries) + " entries, its header says " +
                   number(header.entry_count));
  }
  return check_reachable(image, segments);
}

Result<void> validate_pair(const IndexView& base, const IndexView& delta) {
  if (delta.present() && delta.header().seed != base.header().seed) {
    return refused("delta index: its seed differs from the base index's");
  }
  return {};
}

}  // namespace dialtone::abi
