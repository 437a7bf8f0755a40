// SPDX-License-Identifier: Apache-2.0
//
// The memory of a segment while it is written: a memfd that grows by chunks. A shortage of memory
// is an Error and never a SIGBUS. claim() and done() may be called from many threads; all else from
// the one that made it.
//
// On ordinary pages a chunk of usual size is a buffer that is used again and again, so that files
// are rendered, summed and digested in the processor's cache; done() writes it to the memfd. The
// kernel then neither zeroes pages nor faults them in for us. Chunks on huge pages, and single
// large ones, are the memfd itself, whose pages are there before anyone writes to them.
#pragma once

#include "control/image/sealed_object.h"
#include "dataplane/abi/segment_writer.h"

#include <map>
#include <memory>
#include <mutex>
#include <new>
#include <optional>
#include <vector>

namespace dialtone::image_build {

class MemfdSpace final : public abi::SegmentSpace {
 public:
  // `chunk` bytes are claimed at a time; a multiple of 4096, and of 2 MiB for huge pages.
  static Result<std::unique_ptr<MemfdSpace>> create(Pages pages, std::size_t chunk);

  // A claim that fails takes nothing: what was claimed before can still be finished, unless done()
  // has met an Error; then it is that one.
  Result<Chunk> claim(std::size_t min_bytes) override;
  void done(const Chunk& chunk) noexcept override;

  // Bytes claimed so far, the header included.
  std::uint64_t used() const noexcept;
  bool empty() const noexcept { return used() == kCacheLine; }

  // Ends the segment; every chunk is done by then, or what was written there is lost. An Error that
  // done() has met is told here.
  static Result<ObjectPtr> finish(std::unique_ptr<MemfdSpace> space);

 private:
  struct Free {
    void operator()(std::byte* bytes) const noexcept {
      ::operator delete[](bytes, std::align_val_t{kCacheLine});
    }
  };
  using Buffer = std::unique_ptr<std::byte[], Free>;  // of chunk_ bytes

  MemfdSpace(UniqueFd fd, Mapping mapping, Pages pages, std::size_t chunk) noexcept
      : fd_(std::move(fd)), mapping_(std::move(mapping)), pages_(pages), chunk_(chunk) {}

  Result<std::span<std::byte>> lend(std::uint64_t offset, std::uint64_t size);
  Result<void> write(std::span<const std::byte> bytes, std::uint64_t offset) const;
  void note_blocks(std::span<const std::byte> bytes, std::uint64_t offset);
  Digest digest(std::span<const std::byte> bytes) const;

  UniqueFd fd_;
  Mapping mapping_;  // of the largest size a segment may have; pages come with claim()
  Pages pages_;
  std::size_t chunk_;

  mutable std::mutex mutex_;  // of all below
  std::uint64_t next_ = kCacheLine;
  std::map<std::uint64_t, Buffer> lent_;  // by the offset of their chunk
  std::vector<Buffer> free_;
  std::vector<std::optional<Digest>> blocks_;  // known; those of the header and the end never are
  std::optional<Error> lost_;                  // why a chunk could not be written
  bool has_gap_ = false;                       // a claim has failed, and others may stand behind it
};

}  // namespace dialtone::image_build
