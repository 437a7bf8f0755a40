// SPDX-License-Identifier: Apache-2.0
#include "control/publish/miss_source.h"

#include <fcntl.h>

#include <sys/mman.h>
#include <sys/stat.h>

#include <cerrno>

namespace dialtone::publish {
namespace {

// 4,096 workers, far above any machine, need less.
constexpr off_t kMostBytes = off_t{1} << 30;

}  // namespace

Result<MissSource> MissSource::open(int fd) {
  // Without this seal the memory could be taken away under us.
  const int seals = ::fcntl(fd, F_GET_SEALS);
  if (seals < 0 || (seals & F_SEAL_SHRINK) == 0) {
    return refused("miss ring: it is no memfd that is sealed against shrinking");
  }
  struct stat status {};
  if (::fstat(fd, &status) != 0 || status.st_size <= 0 || status.st_size > kMostBytes) {
    return refused("miss ring: it has an impossible size");
  }
  const auto size = static_cast<std::size_t>(status.st_size);
  void* address = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  if (address == MAP_FAILED) {
    return errno_error("mapping the miss ring", errno);
  }
  Mapping mapping(address, size);
  auto reader = abi::MissReader::open(mapping.writable_bytes());
  if (!reader) {
    return reader.error();
  }
  return MissSource(std::move(mapping), *std::move(reader));
}

}  // namespace dialtone::publish
