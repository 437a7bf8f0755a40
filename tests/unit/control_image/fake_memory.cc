// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/control_image/fake_memory.h"

#include "dataplane/base/check.h"

#include <fcntl.h>
#include <unistd.h>

#include <linux/memfd.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include <algorithm>
#include <cerrno>
#include <map>
#include <set>
#include <utility>

namespace dialtone::test {
namespace {

constexpr std::int64_t kHugePage = 2 << 20;

FakeMemory* g_memory = nullptr;
std::map<ino_t, std::set<std::int64_t>> g_given;  // the huge pages of each memfd

ino_t inode_of(int fd) {
  struct stat status {};
  DIALTONE_CHECK(::fstat(fd, &status) == 0);
  return status.st_ino;
}

}  // namespace

FakeMemory::FakeMemory(int huge_pages) : huge_pages_(huge_pages) {
  g_memory = this;
  g_given.clear();
}

FakeMemory::~FakeMemory() {
  g_memory = nullptr;
}

void FakeMemory::add_huge(int fd) {
  g_given[inode_of(fd)] = {};
}

int FakeMemory::refusal(int fd, std::int64_t offset, std::int64_t bytes) {
  if (const auto act = std::exchange(act_, nullptr)) {
    act();
    return ENOSPC;
  }
  if (fail_all_ || (until_failure_ >= 0 && until_failure_-- == 0)) {
    return ENOSPC;
  }
  if (const auto given = g_given.find(inode_of(fd)); given != g_given.end()) {
    for (std::int64_t page = offset / kHugePage; page * kHugePage < offset + bytes; ++page) {
      if (given->second.contains(page)) {
        continue;
      }
      if (huge_pages_ == 0) {
        return ENOSPC;  // those given by now stay given, as the kernel does it
      }
      --huge_pages_;
      given->second.insert(page);
    }
  }
  return 0;
}

}  // namespace dialtone::test

using dialtone::test::g_memory;

extern "C" int memfd_create(const char* name, unsigned flags) noexcept {
  const bool huge = g_memory != nullptr && (flags & MFD_HUGETLB) != 0;
  if (huge) {
    if (!g_memory->knows_huge_pages()) {
      errno = EINVAL;
      return -1;
    }
    flags &= ~static_cast<unsigned>(MFD_HUGETLB | MFD_HUGE_2MB);
  }
  const auto fd = static_cast<int>(::syscall(SYS_memfd_create, name, flags));
  if (huge && fd >= 0) {
    g_memory->add_huge(fd);
  }
  return fd;
}

extern "C" int fallocate(int fd, int mode, off_t offset, off_t length) {
  if (g_memory != nullptr) {
    if (const int refusal = g_memory->refusal(fd, offset, length); refusal != 0) {
      errno = refusal;
      return -1;
    }
  }
  return static_cast<int>(::syscall(SYS_fallocate, fd, mode, offset, length));
}

extern "C" ssize_t pwrite(int fd, const void* bytes, size_t size, off_t offset) {
  if (g_memory != nullptr) {
    size = std::min(size, g_memory->most_written());
    if (size == 0) {
      errno = ENOSPC;
      return -1;
    }
  }
  return ::syscall(SYS_pwrite64, fd, bytes, size, offset);
}
