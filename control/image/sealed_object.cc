// SPDX-License-Identifier: Apache-2.0
#include "control/image/sealed_object.h"

#include "dataplane/base/check.h"
#include "dataplane/base/seals.h"

#include <fcntl.h>
#include <unistd.h>

#include <linux/memfd.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/stat.h>

#include <cerrno>
#include <string>

namespace dialtone::image_build {
namespace {

constexpr int kSeals = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL;

// Kernels before 6.7 refuse a shared map of a write-sealed memfd even for reading; a private one
// that is never written shows the same pages.
Result<Mapping> map_read_only(int fd, std::uint64_t size) {
  void* address = ::mmap(nullptr, size, PROT_READ, MAP_SHARED, fd, 0);
  if (address == MAP_FAILED && errno == EPERM) {
    address = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE | MAP_NORESERVE, fd, 0);
  }
  if (address == MAP_FAILED) {
    return errno_error("mapping a sealed object", errno);
  }
  return Mapping(address, size);
}

}  // namespace

std::uint64_t random_id() {
  std::uint64_t id = 0;
  while (id == 0) {
    // The kernel's source never fails for 8 bytes once the machine is up.
    DIALTONE_CHECK(::getrandom(&id, sizeof(id), 0) == sizeof(id));
  }
  return id;
}

Result<UniqueFd> new_memfd(Pages pages) {
  const unsigned huge = pages == Pages::kHuge ? MFD_HUGETLB | MFD_HUGE_2MB : 0;
  UniqueFd fd(::memfd_create("dialtone", MFD_CLOEXEC | MFD_ALLOW_SEALING | huge));
  if (!fd.valid()) {
    return errno_error("making a memory file", errno);
  }
  return fd;
}

Result<void> reserve(int fd, std::uint64_t offset, std::uint64_t bytes) {
  if (::fallocate(fd, 0, static_cast<off_t>(offset), static_cast<off_t>(bytes)) != 0) {
    return errno_error("reserving " + std::to_string(bytes >> 10) + " KiB of memory for an image",
                       errno);
  }
  return {};
}

Result<ObjectPtr> seal(UniqueFd fd, std::uint64_t id, std::uint64_t size, Pages pages,
                       const TakeDigest& digest) {
  DIALTONE_TRY(add_seals(fd.get(), kSeals));
  struct stat status {};
  if (::fstat(fd.get(), &status) != 0) {
    return errno_error("asking for an object's size", errno);
  }
  DIALTONE_CHECK(size <= static_cast<std::uint64_t>(status.st_size));
  auto mapping = map_read_only(fd.get(), static_cast<std::uint64_t>(status.st_size));
  if (!mapping) {
    return mapping.error();
  }
  auto object = std::make_shared<SealedObject>();
  object->id = id;
  object->size = size;
  object->pages = pages;
  object->fd = std::move(fd);
  object->mapping = *std::move(mapping);
  object->digest = digest(object->bytes());
  return ObjectPtr(std::move(object));
}

Result<ObjectPtr> seal_bytes(std::span<const std::byte> bytes, std::uint64_t id) {
  auto fd = new_memfd(Pages::kSmall);
  if (!fd) {
    return fd.error();
  }
  DIALTONE_TRY(reserve(fd->get(), 0, bytes.size()));
  const ssize_t written = ::pwrite(fd->get(), bytes.data(), bytes.size(), 0);
  if (written != static_cast<ssize_t>(bytes.size())) {
    return errno_error("writing an object", written < 0 ? errno : ENOSPC);
  }
  return seal(*std::move(fd), id, bytes.size(), Pages::kSmall);
}

}  // namespace dialtone::image_build
