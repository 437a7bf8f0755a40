// SPDX-License-Identifier: Apache-2.0
#include "dataplane/abi/segment_writer.h"

#include "dataplane/abi/canonical_name.h"
#include "dataplane/base/check.h"
#include "dataplane/base/word_sum.h"

#include <algorithm>
#include <cstring>

namespace dialtone::abi {
namespace {

constexpr std::size_t sums_bytes(std::size_t length) noexcept {
  return (length + kSumUnit - 1) / kSumUnit * sizeof(std::uint16_t);
}

// Offsets of a file that begins at `record`.
struct Layout {
  std::size_t content;
  std::size_t end;  // with the sums, rounded up to where the next record may stand
};

constexpr Layout layout(std::size_t record, std::size_t name_length, std::size_t length) noexcept {
  const std::size_t content = align_up(record + sizeof(FileRecord) + name_length, kCacheLine);
  const std::size_t sums = align_up(content + length, alignof(std::uint16_t));
  return {content, align_up(sums + sums_bytes(length), kCacheLine)};
}

}  // namespace

void SegmentWriter::zero(std::size_t begin, std::size_t end) noexcept {
  std::memset(chunk_.bytes.data() + begin, 0, end - begin);
}

void SegmentWriter::leave_chunk() noexcept {
  if (!chunk_.bytes.empty()) {
    zero(used_, chunk_.bytes.size());
    space_.done(chunk_);
    chunk_ = {};
  }
}

Result<std::span<std::byte>> SegmentWriter::begin(std::string_view canonical_name,
                                                  std::size_t max_length) {
  DIALTONE_CHECK(is_canonical(canonical_name));
  std::size_t record = used_;
  if (layout(record, canonical_name.size(), max_length).end > chunk_.bytes.size()) {
    leave_chunk();  // first: the space may have its memory for the next one
    used_ = 0;
    auto chunk = space_.claim(layout(0, canonical_name.size(), max_length).end);
    if (!chunk) {
      return chunk.error();
    }
    DIALTONE_CHECK(chunk->offset % kCacheLine == 0);
    chunk_ = *chunk;
    record = 0;
  }
  record_ = record;
  content_ = layout(record, canonical_name.size(), 0).content;
  max_length_ = max_length;
  name_length_ = static_cast<std::uint16_t>(canonical_name.size());
  const std::size_t name = record_ + sizeof(FileRecord);
  std::memcpy(chunk_.bytes.data() + name, canonical_name.data(), canonical_name.size());
  zero(name + canonical_name.size(), content_);
  return chunk_.bytes.subspan(content_, max_length);
}

FilePlace SegmentWriter::commit(std::size_t length, const FileMeta& meta) {
  DIALTONE_CHECK(length <= max_length_);
  const std::span<const std::byte> content = chunk_.bytes.subspan(content_, length);
  const std::size_t sums = align_up(content_ + length, alignof(std::uint16_t));
  const std::size_t end = layout(record_, name_length_, length).end;
  zero(content_ + length, sums);
  zero(sums + sums_bytes(length), end);
  FileRecord record{};
  record.length = length;
  record.content_offset = chunk_.offset + content_;
  if (length != 0) {
    record.sums_offset = chunk_.offset + sums;
    write_sums(content, reinterpret_cast<std::uint16_t*>(chunk_.bytes.data() + sums));
  }
  record.digest = digest_of(content);
  record.modified_s = meta.modified_s;
  record.name_length = name_length_;
  record.origin = meta.origin;
  record.file_class = meta.file_class;
  std::memcpy(chunk_.bytes.data() + record_, &record, sizeof(record));
  used_ = end;
  max_length_ = 0;
  return {chunk_.offset + record_, length,      record.digest,
          chunk_.segment,          meta.origin, meta.file_class};
}

void write_segment_header(std::span<std::byte> segment, std::uint64_t id,
                          std::uint64_t size) noexcept {
  const SegmentHeader header{kSegmentMagic, kImageVersion, 0, id, size, {}};
  std::memcpy(segment.data(), &header, sizeof(header));
}

void write_sums(std::span<const std::byte> content, std::uint16_t* sums) noexcept {
  for (std::size_t begin = 0; begin < content.size(); begin += kSumUnit) {
    const std::size_t length = std::min<std::size_t>(kSumUnit, content.size() - begin);
    *sums++ = fold_word_sum(word_sum(content.subspan(begin, length)));
  }
}

}  // namespace dialtone::abi
