// SPDX-License-Identifier: Apache-2.0
#include "dataplane/image/sealed_map.h"

#include "dataplane/base/unique_fd.h"

#include <fcntl.h>
#include <unistd.h>

#include <sys/mman.h>
#include <sys/stat.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstddef>

namespace dialtone::image {
namespace {

constexpr int kSeals = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL;

// Seals beyond kSeals are welcome (F_SEAL_EXEC comes by itself where vm.memfd_noexec is set): each
// takes a right away from the sender, none from us.
Result<void> check_seals(int fd) {
  const int seals = ::fcntl(fd, F_GET_SEALS);
  if (seals < 0) {
    return refused("it is no memfd that can be sealed");
  }
  if ((seals & kSeals) != kSeals) {
    return refused("it is not sealed: SHRINK, GROW, WRITE and SEAL must all be set");
  }
  return {};
}

Result<std::uint64_t> backed_size(int fd, std::uint64_t size) {
  struct stat status {};
  if (::fstat(fd, &status) != 0) {
    return errno_error("asking for its size", errno);
  }
  const auto file_size = static_cast<std::uint64_t>(status.st_size);
  if (size == 0 || file_size < size) {
    return refused("it is truncated: " + std::to_string(file_size) + " bytes where " +
                   std::to_string(size) + " were announced");
  }
  if (static_cast<std::uint64_t>(status.st_blocks) * 512 < file_size) {
    return refused("it has holes: reserve its pages with fallocate() before it is sealed");
  }
  return file_size;
}

// MAP_NORESERVE: a private map of huge pages would else reserve as many again.
void* map_read_only(int fd, std::uint64_t size, MapMode mode) {
  const int flags = mode == MapMode::kShared ? MAP_SHARED : MAP_PRIVATE | MAP_NORESERVE;
  return ::mmap(nullptr, size, PROT_READ, flags, fd, 0);
}

// Unlike MAP_POPULATE this one says so when a page is not there. 0, or an errno.
int populate(void* address, std::uint64_t size, const Spread& spread) {
  constexpr std::uint64_t kPart = std::uint64_t{32} << 20;  // a millisecond and more
  std::atomic<int> why{0};
  spread.run((size + kPart - 1) / kPart, [&](std::size_t part) {
    const std::uint64_t begin = part * kPart;
    if (::madvise(static_cast<std::byte*>(address) + begin, std::min(kPart, size - begin),
                  MADV_POPULATE_READ) != 0) {
      why = errno;
    }
  });
  return why;
}

}  // namespace

MapMode supported_map_mode() {
  const UniqueFd fd(::memfd_create("dialtone-probe", MFD_CLOEXEC | MFD_ALLOW_SEALING));
  const std::uint64_t size = 4096;
  if (!fd.valid() || ::ftruncate(fd.get(), size) != 0 ||
      ::fcntl(fd.get(), F_ADD_SEALS, kSeals) != 0) {
    return MapMode::kPrivate;
  }
  void* address = map_read_only(fd.get(), size, MapMode::kShared);
  if (address == MAP_FAILED) {
    return MapMode::kPrivate;
  }
  ::munmap(address, size);
  return MapMode::kShared;
}

Result<Mapping> map_sealed(int fd, std::uint64_t size, MapMode mode, const Spread& spread) {
  DIALTONE_TRY(check_seals(fd));
  const auto file_size = backed_size(fd, size);
  if (!file_size) {
    return file_size.error();
  }
  void* address = map_read_only(fd, *file_size, mode);
  if (address == MAP_FAILED) {
    return errno_error("mapping it", errno);
  }
  Mapping mapping(address, *file_size);
  if (const int why = populate(address, *file_size, spread); why != 0) {
    return errno_error("populating it", why);
  }
  return mapping;
}

}  // namespace dialtone::image
