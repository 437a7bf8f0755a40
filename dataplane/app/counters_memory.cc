// SPDX-License-Identifier: Apache-2.0
#include "dataplane/app/counters_memory.h"

#include "dataplane/server/counters.h"

#include <fcntl.h>
#include <unistd.h>

#include <sys/mman.h>

#include <cerrno>

namespace dialtone::app {

Result<CountersMemory> CountersMemory::create(std::uint32_t workers) {
  const std::size_t size = abi::counters_page_size(server::kCounterCount, workers);
  UniqueFd fd(::memfd_create("dialtone-counters", MFD_CLOEXEC | MFD_ALLOW_SEALING));
  if (!fd.valid() || ::ftruncate(fd.get(), static_cast<off_t>(size)) != 0) {
    return errno_error("making the counters page", errno);
  }
  void* address =
      ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, fd.get(), 0);
  if (address == MAP_FAILED) {
    return errno_error("mapping the counters page", errno);
  }
  Mapping page(address, size);
  // FUTURE_WRITE leaves the map above writable and forbids all others.
  if (::fcntl(fd.get(), F_ADD_SEALS,
              F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_FUTURE_WRITE | F_SEAL_SEAL) != 0) {
    return errno_error("sealing the counters page", errno);
  }
  abi::format_counters_page(page.writable_bytes(), server::counter_table(), workers);
  return CountersMemory(std::move(fd), std::move(page));
}

std::span<std::uint64_t> CountersMemory::worker(std::uint32_t number) const noexcept {
  return {abi::worker_counters(page_.writable_bytes(), number), server::kCounterCount};
}

}  // namespace dialtone::app
