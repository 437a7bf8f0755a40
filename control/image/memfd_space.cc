// SPDX-License-Identifier: Apache-2.0
#include "control/image/memfd_space.h"

#include "dataplane/abi/object_digest.h"
#include "dataplane/base/check.h"

#include <unistd.h>

#include <sys/mman.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

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

std::uint64_t MemfdSpace::used() const noexcept {
  const std::lock_guard lock(mutex_);
  return next_;
}

// All chunks but the first begin at a multiple of chunk_, as the blocks of a digest do.
Result<abi::SegmentSpace::Chunk> MemfdSpace::claim(std::size_t min_bytes) {
  std::uint64_t offset = 0;
  std::uint64_t size = 0;
  {
    const std::lock_guard lock(mutex_);
    if (lost_) {
      return *lost_;
    }
    if (min_bytes > abi::kMaxSegmentBytes - next_) {
      return failed("a segment cannot grow above 4 GiB");
    }
    offset = next_;
    next_ = std::min(align_up(offset + min_bytes, chunk_), abi::kMaxSegmentBytes);
    size = next_ - offset;
  }
  auto bytes = lend(offset, size);
  if (!bytes) {
    // Given back, or finish() would ask for these pages again. When another thread has claimed
    // behind it, the chunk stays as a gap that finish() has to fill.
    const std::lock_guard lock(mutex_);
    next_ = next_ == offset + size ? offset : next_;
    has_gap_ = true;
    return bytes.error();
  }
  return Chunk{*bytes, offset};
}

Result<std::span<std::byte>> MemfdSpace::lend(std::uint64_t offset, std::uint64_t size) {
  if (pages_ == Pages::kHuge || size > chunk_) {
    DIALTONE_TRY(reserve(fd_.get(), offset, size));
    return mapping_.writable_bytes().subspan(offset, size);
  }
  const std::lock_guard lock(mutex_);
  Buffer buffer;
  if (free_.empty()) {
    buffer.reset(new (std::align_val_t{kCacheLine}) std::byte[chunk_]);
  } else {
    buffer = std::move(free_.back());
    free_.pop_back();
  }
  const std::span<std::byte> bytes(buffer.get(), size);
  lent_.emplace(offset, std::move(buffer));
  return bytes;
}

void MemfdSpace::done(const Chunk& chunk) noexcept {
  note_blocks(chunk.bytes, chunk.offset);
  if (chunk.bytes.data() == mapping_.data() + chunk.offset) {
    return;
  }
  auto written = write(chunk.bytes, chunk.offset);
  const std::lock_guard lock(mutex_);
  if (!written) {
    lost_ = written.error();
  }
  const auto lent = lent_.find(chunk.offset);
  DIALTONE_CHECK(lent != lent_.end());
  free_.push_back(std::move(lent->second));
  lent_.erase(lent);
}

Result<void> MemfdSpace::write(std::span<const std::byte> bytes, std::uint64_t offset) const {
  while (!bytes.empty()) {
    const ssize_t done =
        ::pwrite(fd_.get(), bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (done < 0 && errno == EINTR) {
      continue;
    }
    if (done <= 0) {
      return errno_error("writing a segment", done < 0 ? errno : ENOSPC);
    }
    bytes = bytes.subspan(static_cast<std::size_t>(done));
    offset += static_cast<std::uint64_t>(done);
  }
  return {};
}

// While a cache still holds them. Those that begin or end outside of the chunk are left to
// digest(), as is the first one, whose header is not written yet.
void MemfdSpace::note_blocks(std::span<const std::byte> bytes, std::uint64_t offset) {
  for (std::uint64_t begin = align_up(offset, abi::kDigestBlock);
       begin + abi::kDigestBlock <= offset + bytes.size(); begin += abi::kDigestBlock) {
    const Digest block = digest_of(bytes.subspan(begin - offset, abi::kDigestBlock));
    const std::size_t number = begin / abi::kDigestBlock;
    const std::lock_guard lock(mutex_);
    if (blocks_.size() <= number) {
      blocks_.resize(number + 1);
    }
    blocks_[number] = block;
  }
}

Digest MemfdSpace::digest(std::span<const std::byte> bytes) const {
  std::vector<Digest> all(abi::digest_blocks(bytes.size()));
  for (std::size_t i = 0; i < all.size(); ++i) {
    const std::size_t begin = i * abi::kDigestBlock;
    const bool is_known = i != 0 && i < blocks_.size() && blocks_[i];
    all[i] =
        is_known
            ? *blocks_[i]
            : digest_of(bytes.subspan(begin, std::min(abi::kDigestBlock, bytes.size() - begin)));
  }
  return abi::object_digest_of(all);
}

Result<ObjectPtr> MemfdSpace::finish(std::unique_ptr<MemfdSpace> space) {
  if (space->lost_) {
    return *space->lost_;
  }
  const std::uint64_t used = space->used();
  const std::uint64_t id = random_id();
  // The header's page is not there yet when nothing was written; where a claim has failed, or a
  // chunk was never done, there may be a gap.
  const bool may_have_gap = space->has_gap_ || !space->lent_.empty();
  DIALTONE_TRY(reserve(space->fd_.get(), 0, may_have_gap ? used : kCacheLine));
  abi::write_segment_header(space->mapping_.writable_bytes(), id, used);
  space->mapping_.reset();
  const std::uint64_t bytes = align_up(used, page_bytes(space->pages_));
  if (::ftruncate(space->fd_.get(), static_cast<off_t>(bytes)) != 0) {
    return errno_error("ending a segment", errno);
  }
  return seal(std::move(space->fd_), id, used, space->pages_,
              [&](std::span<const std::byte> all) { return space->digest(all); });
}

}  // namespace dialtone::image_build
