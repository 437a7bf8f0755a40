// SPDX-License-Identifier: Apache-2.0
#include "dataplane/app/shared_page.h"

#include <fcntl.h>
#include <unistd.h>

#include <sys/mman.h>

#include <cerrno>

namespace dialtone::app {

Result<SharedPage> SharedPage::make(const std::string& what, std::size_t size, Others others) {
  UniqueFd fd(::memfd_create(("dialtone-" + what).c_str(), MFD_CLOEXEC | MFD_ALLOW_SEALING));
  if (!fd.valid() || ::ftruncate(fd.get(), static_cast<off_t>(size)) != 0) {
    return errno_error("making the " + what + " page", errno);
  }
  void* address =
      ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, fd.get(), 0);
  if (address == MAP_FAILED) {
    return errno_error("mapping the " + what + " page", errno);
  }
  Mapping page(address, size);
  // FUTURE_WRITE leaves the map above writable and forbids all others.
  const int write = others == Others::kRead ? F_SEAL_FUTURE_WRITE : 0;
  if (::fcntl(fd.get(), F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL | write) != 0) {
    return errno_error("sealing the " + what + " page", errno);
  }
  return SharedPage{std::move(fd), std::move(page)};
}

}  // namespace dialtone::app
