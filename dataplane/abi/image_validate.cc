// SPDX-License-Identifier: Apache-2.0
#include "dataplane/abi/image_validate.h"

#include "dataplane/abi/line_check.h"
#include "dataplane/abi/object_digest.h"

#include <algorithm>
#include <functional>
#include <string>
#include <vector>

namespace dialtone::abi {
namespace {

std::string number(std::uint64_t value) {
  return std::to_string(value);
}

Result<void> check_digest(std::span<const std::byte> bytes, const Digest& expected,
                          const std::string& what, const Spread& spread) {
  const Digest found = object_digest_over(bytes, spread);
  if (found != expected) {
    return refused(what + ": its digest is " + to_hex(found) + ", the manifest says " +
                   to_hex(expected));
  }
  return {};
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

// What a thread checks at a time: about a millisecond.
constexpr std::uint64_t kLinesPerPart = 4096;

// The Error of the first part that has one.
Result<void> run_parts(std::size_t parts, const Spread& spread,
                       const std::function<Result<void>(std::size_t)>& check) {
  std::vector<Result<void>> results(parts);
  spread.run(parts, [&](std::size_t part) { results[part] = check(part); });
  const auto bad = std::find_if(results.begin(), results.end(),
                                [](const Result<void>& result) { return !result.ok(); });
  return bad == results.end() ? Result<void>() : *bad;
}

}  // namespace

Result<void> validate_segment(std::span<const std::byte> bytes, const SegmentRef& ref,
                              const Spread& spread) {
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
  return check_digest(bytes.first(ref.size), ref.digest, "segment", spread);
}

Result<void> validate_index(std::span<const std::byte> bytes, const IndexRef& ref,
                            std::span<const std::span<const std::byte>> segments,
                            const Spread& spread) {
  DIALTONE_TRY(check_index_header(bytes, ref));
  DIALTONE_TRY(check_digest(bytes, ref.digest, "index", spread));
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
  const std::size_t parts = (header.line_count + kLinesPerPart - 1) / kLinesPerPart;
  std::vector<LineCheck> checks(parts, LineCheck(image, segments));
  DIALTONE_TRY(run_parts(parts, spread, [&](std::size_t part) {
    const std::uint64_t begin = part * kLinesPerPart;
    return checks[part].check(begin, std::min(begin + kLinesPerPart, header.line_count));
  }));
  std::uint64_t entries = 0;
  for (const LineCheck& check : checks) {
    entries += check.entries();
  }
  if (entries != header.entry_count) {
    return refused("index: " + number(entries) + " entries, its header says " +
                   number(header.entry_count));
  }
  return run_parts(parts, spread, [&](std::size_t part) { return checks[part].check_hashed(); });
}

Result<void> validate_pair(const IndexView& base, const IndexView& delta) {
  if (delta.present() && delta.header().seed != base.header().seed) {
    return refused("delta index: its seed differs from the base index's");
  }
  return {};
}

}  // namespace dialtone::abi
