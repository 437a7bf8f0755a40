// SPDX-License-Identifier: Apache-2.0
#include "dataplane/app/miss_memory.h"

#include <fcntl.h>
#include <unistd.h>

#include <sys/mman.h>

#include <cerrno>

namespace dialtone::app {

Result<MissMemory> MissMemory::create(std::uint32_t workers) {
  const std::size_t size = abi::miss_ring_size(workers);
  UniqueFd fd(::memfd_create("dialtone-misses", MFD_CLOEXEC | MFD_ALLOW_SEALING));
  if (!fd.valid() || ::ftruncate(fd.get(), static_cast<off_t>(size)) != 0) {
    return errno_error("making the miss rings", errno);
  }
  void* address =
      ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, fd.get(), 0);
  if (address == MAP_FAILED) {
    return errno_error("mapping the miss rings", errno);
  }
  Mapping rings(address, size);
  if (::fcntl(fd.get(), F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) != 0) {
    return errno_error("sealing the miss rings", errno);
  }
  abi::format_miss_ring(rings.writable_bytes(), workers);
  return MissMemory(std::move(fd), std::move(rings));
}

abi::MissWriter MissMemory::writer(std::uint32_t worker) const noexcept {
  return {abi::worker_miss_ring(rings_.writable_bytes(), worker), worker, *listening_};
}

}  // namespace dialtone::app
