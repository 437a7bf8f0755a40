// SPDX-License-Identifier: Apache-2.0
#include "control/image/memfd_space.h"

#include "dataplane/base/check.h"

#include <unistd.h>

#include <sys/mman.h>

#include <cerrno>

namespace dialtone::image_build {
namespace {

constexpr std::uint64_t page_bytes(Pages pages) noexcept {
  return pages == Pages::kHuge ? std::uint64_t{2} << 20 : 4096;
}

}  // namespace

Result<std::unique_ptr<MemfdSpace>> MemfdSpace::create(Pages pages, std::size_t chunk) {
  DIALTONE_CHECK(chunk != 0 && chunk % page_bytes(pages) == 0);
  auto fd = new_memfd(pages);
  if (!fd) {
    return fd.error();
  }
  // Addresses only: MAP_NORESERVE and no page is there until claim() asks for it.
  if (::ftruncate(fd->get(), static_cast<off_t>(abi::kMaxSegmentBytes)) != 0) {
    return errno_error("sizing a segment", errno);
  }
  void* address = ::mmap(nullptr, abi::kMaxSegmentBytes, PROT_READ | PROT_WRITE,
                         MAP_SHARED | MAP_NORESERVE, fd->get(), 0);
  if (address == MAP_FAILED) {
    return errno_error("mapping a segment", errno);
  }
  return std::unique_ptr<MemfdSpace>(
      new MemfdSpace(*std::move(fd), Mapping(address, abi::kMaxSegmentBytes), pages, chunk));
}

Result<abi::SegmentSpace::Chunk> MemfdSpace::claim(std::size_t min_bytes) {
  const std::uint64_t size = align_up(min_bytes, chunk_);
  std::uint64_t offset = next_.load(std::memory_order_relaxed);
  do {
    if (size > abi::kMaxSegmentBytes - offset) {
      return failed("a segment cannot grow above 4 GiB");
    }
  } while (!next_.compare_exchange_weak(offset, offset + size, std::memory_order_relaxed));
  if (auto reserved = reserve(fd_.get(), offset, size); !reserved) {
    // Given back, or finish() would ask for these pages again. When another thread has claimed
    // behind it, the chunk stays as a gap that finish() has to fill.
    std::uint64_t end = offset + size;
    next_.compare_exchange_strong(end, offset, std::memory_order_relaxed);
    return reserved.error();
  }
  return Chunk{mapping_.writable_bytes().subspan(offset, size), offset};
}

Result<ObjectPtr> MemfdSpace::finish(std::unique_ptr<MemfdSpace> space) {
  const std::uint64_t used = space->used();
  const std::uint64_t id = random_id();
  // An empty segment has no page yet, one with a chunk that failed may have a gap.
  DIALTONE_TRY(reserve(space->fd_.get(), 0, used));
  abi::write_segment_header(space->mapping_.writable_bytes(), id, used);
  space->mapping_.reset();
  const std::uint64_t bytes = align_up(used, page_bytes(space->pages_));
  if (::ftruncate(space->fd_.get(), static_cast<off_t>(bytes)) != 0) {
    return errno_error("ending a segment", errno);
  }
  return seal(std::move(space->fd_), id, used, space->pages_);
}

}  // namespace dialtone::image_build
