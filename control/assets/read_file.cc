// SPDX-License-Identifier: Apache-2.0
#include "control/assets/read_file.h"

#include "control/assets/asset_limit.h"
#include "dataplane/base/unique_fd.h"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <system_error>

namespace dialtone::assets {
namespace {

// The number of bytes read; less than `room` only at the end of the file.
Result<std::size_t> read_into(int fd, std::span<std::byte> room, const std::string& path) {
  std::size_t size = 0;
  while (size < room.size()) {
    const ssize_t got = ::read(fd, room.data() + size, room.size() - size);
    if (got < 0 && errno == EINTR) {
      continue;
    }
    if (got < 0) {
      return errno_error("reading " + path, errno);
    }
    if (got == 0) {
      break;
    }
    size += static_cast<std::size_t>(got);
  }
  return size;
}

// The kernel gives no read lease on a file that anybody has open for writing. Where it says
// anything else (NFS has no leases; another user's file without CAP_LEASE), nothing is known.
bool is_being_written(int fd) noexcept {
  // Whoever opens the file for writing while we hold the lease has a signal sent to us. The one
  // that comes by itself is SIGIO, which ends the process; SIGURG is ignored.
  if (::fcntl(fd, F_SETSIG, SIGURG) != 0) {
    return false;
  }
  if (::fcntl(fd, F_SETLEASE, F_RDLCK) != 0) {
    return errno == EAGAIN;
  }
  ::fcntl(fd, F_SETLEASE, F_UNLCK);  // at once: that writer waits for it
  return false;
}

// Asked of what is open, not of its name: a symlink may have been put in its place since then.
bool lies_in(const std::string& folder, int fd) {
  std::error_code error;
  const auto real = std::filesystem::read_symlink("/proc/self/fd/" + std::to_string(fd), error);
  return !error && real.native().starts_with(folder == "/" ? folder : folder + "/");
}

bool is_changed(const struct stat& before, int fd) noexcept {
  struct stat after {};
  return ::fstat(fd, &after) != 0 || after.st_size != before.st_size ||
         after.st_mtim.tv_sec != before.st_mtim.tv_sec ||
         after.st_mtim.tv_nsec != before.st_mtim.tv_nsec;
}

}  // namespace

Result<UniqueFd> open_within(const std::string& folder, const std::string& path) {
  // O_NONBLOCK: a named pipe that has taken the file's place must not hold us up.
  UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!fd.valid()) {
    return errno_error("opening " + path, errno);
  }
  struct stat status {};
  if (::fstat(fd.get(), &status) != 0 || !S_ISREG(status.st_mode)) {
    return refused(path + " is no regular file any more");
  }
  if (!lies_in(folder, fd.get())) {
    return refused(path + " is a symlink that leads out of the asset folder; copy the file there");
  }
  return fd;
}

Result<void> read_file(const std::string& path, const std::string& folder,
                       std::string_view canonical_name, abi::FileClass file_class,
                       std::uint64_t most, image_build::SegmentStack& stack) {
  const auto opened = open_within(folder, path);
  if (!opened) {
    return opened.error();
  }
  const UniqueFd& fd = *opened;
  struct stat status {};
  if (::fstat(fd.get(), &status) != 0) {
    return errno_error("opening " + path, errno);
  }
  if (is_being_written(fd.get())) {
    return refused(path + " is being written; it is served when its writer closes it");
  }
  const auto size = static_cast<std::size_t>(status.st_size);
  if (size > most) {
    return refused(too_large(size, most));
  }
  auto room = stack.begin(canonical_name, size);
  if (!room) {
    return room.error();
  }
  const auto got = read_into(fd.get(), *room, path);
  if (!got) {
    return got.error();
  }
  // Asked again: times are as coarse as the kernel's tick, and a writer may have come meanwhile.
  if (*got != size || is_changed(status, fd.get()) || is_being_written(fd.get())) {
    return refused(path + " changes while it is read; it is served when its writer closes it");
  }
  stack.commit(size, {abi::Origin::kAsset, file_class,
                      static_cast<std::uint64_t>(std::max<time_t>(status.st_mtime, 0))});
  return {};
}

}  // namespace dialtone::assets
