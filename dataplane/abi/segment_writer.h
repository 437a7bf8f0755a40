// SPDX-License-Identifier: Apache-2.0
//
// Writes files into a segment in place: the caller renders straight into the bytes that will be
// served. A SegmentSpace hands out chunks (thread-safe); each task owns a SegmentWriter over chunks
// of its own.
//
//   SegmentWriter writer(space);
//   auto content = writer.begin("sep001122334455.cnf.xml", max_size);   // Result<span>
//   std::size_t used = render(*content);
//   FilePlace place = writer.commit(used, {Origin::kBuilt, FileClass::kDeviceConfig, modified});
#pragma once

#include "dataplane/abi/image_format.h"
#include "dataplane/base/result.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace dialtone::abi {

// The memory of a segment, or of several, while it is written. Implemented over a memfd by control,
// over the heap by tests and benchmarks. claim() may be called from many threads.
class SegmentSpace {
 public:
  virtual ~SegmentSpace() = default;

  struct Chunk {
    std::span<std::byte> bytes;  // what an earlier chunk has left there, or zeros
    std::uint64_t offset;        // in the segment
    std::uint32_t segment = 0;   // of those that the space has
  };
  // At least `min_bytes`, rounded up to the space's own chunk size. Fails when memory is short; the
  // first 64 bytes of a segment are its header and are never handed out.
  virtual Result<Chunk> claim(std::size_t min_bytes) = 0;
  // Nothing is written to a chunk of claim() any more; called once for each, from many threads.
  virtual void done(const Chunk& /*chunk*/) noexcept {}
};

struct FileMeta {
  Origin origin = Origin::kBuilt;
  FileClass file_class = FileClass::kOther;
  std::uint64_t modified_s = 0;
};

// Where a file was put.
struct FilePlace {
  std::uint64_t offset = 0;  // of its FileRecord
  std::uint64_t length = 0;
  Digest digest;
  std::uint32_t segment = 0;  // of those that its space has
  Origin origin = Origin::kBuilt;
  FileClass file_class = FileClass::kOther;
};

class SegmentWriter {
 public:
  explicit SegmentWriter(SegmentSpace& space) noexcept : space_(space) {}
  // Its files are whole only then.
  ~SegmentWriter() { leave_chunk(); }
  SegmentWriter(const SegmentWriter&) = delete;
  SegmentWriter& operator=(const SegmentWriter&) = delete;

  // Room for a file of at most `max_length` bytes. `canonical_name` must be canonical. A begin()
  // without commit() is given up by the next begin(). After an Error the next one begins in a new
  // chunk; files that are committed stay.
  Result<std::span<std::byte>> begin(std::string_view canonical_name, std::size_t max_length);

  // Ends the file with its first `length` bytes: writes digest, sums and record, and zeros wherever
  // nothing stands. So equal files in equal order give equal bytes, whatever lay in the chunk.
  FilePlace commit(std::size_t length, const FileMeta& meta);

 private:
  void leave_chunk() noexcept;
  void zero(std::size_t begin, std::size_t end) noexcept;  // of chunk_

  SegmentSpace& space_;
  SegmentSpace::Chunk chunk_{};
  std::size_t used_ = 0;     // of chunk_
  std::size_t record_ = 0;   // offset in chunk_ of the file begun
  std::size_t content_ = 0;  // likewise of its content
  std::size_t max_length_ = 0;
  std::uint16_t name_length_ = 0;
};

// Fills the header of a finished segment of `size` bytes.
void write_segment_header(std::span<std::byte> segment, std::uint64_t id,
                          std::uint64_t size) noexcept;

// The ones-complement sums of each kSumUnit of `content`, as FileRecord::sums_offset stores them:
// the folded, not inverted sum of the 16-bit words in memory order; an odd last byte counts as if a
// zero followed it.
void write_sums(std::span<const std::byte> content, std::uint16_t* sums) noexcept;

}  // namespace dialtone::abi
