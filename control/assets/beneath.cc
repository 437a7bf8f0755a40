// SPDX-License-Identifier: Apache-2.0
#include "control/assets/beneath.h"

#include <fcntl.h>
#include <unistd.h>

#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>

namespace dialtone::assets {
namespace {

constexpr int kFolder = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
constexpr mode_t kFolderMode = 0755;

// The folder of that path; what is missing of it is made. Invalid: errno says why.
UniqueFd make_folders(int top, std::string_view path) {
  UniqueFd fd;
  for (std::size_t begin = 0; begin < path.size();) {
    const std::size_t end = std::min(path.find('/', begin), path.size());
    const std::string part(path.substr(begin, end - begin));
    const int at = fd.valid() ? fd.get() : top;
    if (::mkdirat(at, part.c_str(), kFolderMode) == 0) {
      ::fsync(at);
    } else if (errno != EEXIST) {
      return {};
    }
    UniqueFd next(::openat(at, part.c_str(), kFolder));
    if (!next.valid()) {
      return {};
    }
    fd = std::move(next);
    begin = end + 1;
  }
  return fd;
}

Error not_opened(const std::string& full, int number) {
  return number == ELOOP || number == ENOTDIR
             ? refused("opening the folder " + full +
                       ": a part of it is no folder; symlinks are not followed here: put a folder "
                       "in its place")
             : errno_error("opening the folder " + full, number);
}

}  // namespace

bool is_inner_path(std::string_view path) noexcept {
  if (path.find('\0') != std::string_view::npos) {
    return false;
  }
  for (std::size_t begin = 0; begin <= path.size();) {
    const std::size_t end = std::min(path.find('/', begin), path.size());
    const std::string_view part = path.substr(begin, end - begin);
    if (part.empty() || part == "." || part == "..") {
      return false;
    }
    begin = end + 1;
  }
  return true;
}

UniqueFd open_by_steps(int folder, const std::string& path, int flags, mode_t mode) {
  if (!is_inner_path(path)) {
    errno = EINVAL;
    return {};
  }
  UniqueFd fd;
  std::size_t begin = 0;
  for (std::size_t end = path.find('/'); end != std::string::npos; end = path.find('/', begin)) {
    const std::string part = path.substr(begin, end - begin);
    UniqueFd next(::openat(fd.valid() ? fd.get() : folder, part.c_str(), kFolder));
    if (!next.valid()) {
      return {};
    }
    fd = std::move(next);
    begin = end + 1;
  }
  return UniqueFd(::openat(fd.valid() ? fd.get() : folder, path.c_str() + begin,
                           flags | O_NOFOLLOW | O_CLOEXEC, mode));
}

UniqueFd open_beneath(int folder, const std::string& path, int flags, mode_t mode) {
  if (!is_inner_path(path)) {
    errno = EINVAL;
    return {};
  }
  open_how how{};
  how.flags = static_cast<std::uint64_t>(flags | O_NOFOLLOW | O_CLOEXEC);
  how.mode = (flags & O_CREAT) != 0 ? mode : 0;
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS;
  UniqueFd fd(static_cast<int>(::syscall(SYS_openat2, folder, path.c_str(), &how, sizeof(how))));
  // Before Linux 5.6, and in a container whose filter does not know the call.
  const bool is_unknown = !fd.valid() && (errno == ENOSYS || errno == EPERM || errno == EAGAIN);
  return is_unknown ? open_by_steps(folder, path, flags, mode) : std::move(fd);
}

Result<Parent> parent_beneath(const std::string& top, const std::string& path, bool make) {
  if (!is_inner_path(path)) {
    return refused("'" + path + "' is no path below " + top);
  }
  UniqueFd fd(::open(top.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd.valid()) {
    return errno_error("opening the asset folder " + top, errno);
  }
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos) {
    return Parent{std::move(fd), path};
  }
  const std::string folder = path.substr(0, slash);
  UniqueFd at = open_beneath(fd.get(), folder, O_RDONLY | O_DIRECTORY);
  if (!at.valid() && errno == ENOENT && make) {
    at = make_folders(fd.get(), folder);
  }
  if (!at.valid()) {
    return not_opened(top + '/' + folder, errno);
  }
  return Parent{std::move(at), path.substr(slash + 1)};
}

}  // namespace dialtone::assets
