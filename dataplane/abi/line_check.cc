// SPDX-License-Identifier: Apache-2.0
#include "dataplane/abi/line_check.h"

#include "dataplane/abi/canonical_name.h"

#include <string>

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

std::string line_text(std::uint64_t line) {
  return "index line " + number(line);
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

// The records that some lines name stand anywhere in gigabytes: they are asked for this many lines
// ahead, record and name.
constexpr std::uint64_t kLinesAhead = 4;

}  // namespace

Result<void> LineCheck::check(std::uint64_t begin, std::uint64_t end) {
  std::uint64_t entries = 0;  // other threads write beside entries_
  for (std::uint64_t at = begin; at < end; ++at) {
    prefetch(at + kLinesAhead);
    bool line_ended = false;
    for (const IndexEntry& entry : index().lines()[at].entries) {
      if (entry.where == 0) {
        line_ended = true;
        continue;
      }
      if (line_ended || entry.kind() == Kind::kNone) {
        return refused(line_text(at) + ": an entry stands behind an empty one or has no kind");
      }
      DIALTONE_TRY(check_entry(entry, at));
      ++entries;
    }
  }
  entries_ += entries;
  return {};
}

Result<void> LineCheck::check_hashed() const {
  for (const IndexEntry* entry : hashed_) {
    const std::string_view name = image_->file_at(*entry).name();
    DIALTONE_TRY(check_reachable(*entry, name, name_key(name, index().header().seed)));
  }
  return {};
}

void LineCheck::prefetch(std::uint64_t line) const noexcept {
  if (line >= index().lines().size()) {
    return;
  }
  for (const IndexEntry& entry : index().lines()[line].entries) {
    const std::uint64_t offset = entry.record_offset();
    if (entry.where != 0 && entry.segment() < segments_.size() &&
        inside(offset, 2 * kCacheLine, 0, segments_[entry.segment()].size())) {
      const std::byte* record = segments_[entry.segment()].data() + offset;
      __builtin_prefetch(record);
      __builtin_prefetch(record + kCacheLine);
    }
  }
}

Result<void> LineCheck::check_entry(const IndexEntry& entry, std::uint64_t line) {
  const auto what = [line] { return line_text(line); };
  if (entry.segment() >= index().header().segment_count) {
    return refused(what() + ": segment " + number(entry.segment()) + " does not exist");
  }
  const auto record = check_record(segments_[entry.segment()], entry.record_offset(), what);
  if (!record) {
    return record.error();
  }
  if (entry.kind() == Kind::kAbsent && (*record)->length != 0) {
    return refused(what() + ": an absent name has content");
  }
  const std::string_view name = image_->file_at(entry).name();
  const NameKey key = name_key(name, index().header().seed);
  if (key.exact) {  // and so canonical
    return check_reachable(entry, name, key);
  }
  if (!is_canonical(name)) {
    return refused(what() + ": its name is not canonical");
  }
  hashed_.push_back(&entry);
  return {};
}

Result<void> LineCheck::check_reachable(const IndexEntry& entry, std::string_view name,
                                        const NameKey& key) const {
  if (key.key != entry.key || image_->find_entry(index(), name, key) != &entry) {
    return refused("index: '" + std::string(name) + "' is not found under its own name");
  }
  return {};
}

}  // namespace dialtone::abi
