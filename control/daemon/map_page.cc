// SPDX-License-Identifier: Apache-2.0
#include "control/daemon/map_page.h"

#include <fcntl.h>

#include <sys/mman.h>
#include <sys/stat.h>

#include <cerrno>

namespace dialtone::daemon {

Result<Mapping> map_page(int fd, const std::string& what) {
  const int seals = ::fcntl(fd, F_GET_SEALS);
  if (seals < 0 || (seals & F_SEAL_SHRINK) == 0) {
    return failed("the dataplane's " + what + " cannot be read: they may shrink while they are");
  }
  struct stat status {};
  if (::fstat(fd, &status) != 0 || status.st_size == 0) {
    return failed("the dataplane's " + what + " cannot be read");
  }
  const auto size = static_cast<std::size_t>(status.st_size);
  void* address = ::mmap(nullptr, size, PROT_READ, MAP_SHARED, fd, 0);
  if (address == MAP_FAILED) {
    return errno_error("mapping the dataplane's " + what, errno);
  }
  return Mapping(address, size);
}

}  // namespace dialtone::daemon
