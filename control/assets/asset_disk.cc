// SPDX-License-Identifier: Apache-2.0
#include "control/assets/asset_disk.h"

#include <fcntl.h>
#include <unistd.h>

#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>
#include <system_error>

namespace dialtone::assets {
namespace {

constexpr std::size_t kPiece = std::size_t{8} << 20;
constexpr mode_t kFolderMode = 0755;

std::string in_mib(std::uint64_t bytes) {
  return std::to_string((bytes + (1 << 20) - 1) >> 20) + " MiB";
}

std::string free_text(int fd) {
  struct statvfs status {};
  return ::fstatvfs(fd, &status) == 0 ? in_mib(status.f_bavail * status.f_frsize) + " are free"
                                      : std::string("nothing is free");
}

}  // namespace

Error AssetDisk::error(const std::string& what, const std::string& path, int number) const {
  return errno_error(what + ' ' + full(path), number);
}

Result<void> AssetDisk::step(DiskStep step, const std::string& path) const {
  return before_ ? before_(step, path) : Result<void>();
}

// The folder that `path` lies in, which is made with `make`.
Result<AssetDisk::Parent> AssetDisk::parent(const std::string& path, bool make) const {
  UniqueFd fd(::open(folder_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd.valid()) {
    return errno_error("opening the asset folder " + folder_, errno);
  }
  std::size_t begin = 0;
  for (std::size_t end = path.find('/'); end != std::string::npos; end = path.find('/', begin)) {
    const std::string part = path.substr(begin, end - begin);
    constexpr int kFlags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
    int next = ::openat(fd.get(), part.c_str(), kFlags);
    if (next < 0 && errno == ENOENT && make) {
      if (::mkdirat(fd.get(), part.c_str(), kFolderMode) != 0 && errno != EEXIST) {
        return error("making the folder", path.substr(0, end), errno);
      }
      ::fsync(fd.get());
      next = ::openat(fd.get(), part.c_str(), kFlags);
    }
    if (next < 0) {
      return error("opening the folder", path.substr(0, end), errno);
    }
    fd = UniqueFd(next);
    begin = end + 1;
  }
  return Parent{std::move(fd), path.substr(begin)};
}

Result<void> AssetDisk::fill(int fd, const std::string& path,
                             std::span<const std::byte> bytes) const {
  const std::size_t size = bytes.size();
  while (!bytes.empty()) {
    const ssize_t put = ::write(fd, bytes.data(), std::min(bytes.size(), kPiece));
    if (put < 0 && errno == EINTR) {
      continue;
    }
    const int number = put < 0 ? errno : ENOSPC;
    if (put <= 0 && (number == ENOSPC || number == EDQUOT)) {
      return failed("the disk of " + folder_ + " is full: " + full(path) + " takes " +
                    in_mib(size) + " and " + free_text(fd) + "; make room there");
    }
    if (put <= 0) {
      return error("writing", path, number);
    }
    bytes = bytes.subspan(static_cast<std::size_t>(put));
  }
  return ::fsync(fd) == 0 ? Result<void>() : error("syncing", path, errno);
}

Result<void> AssetDisk::write(const std::string& path, std::span<const std::byte> bytes,
                              mode_t mode) const {
  DIALTONE_TRY(step(DiskStep::kWrite, path));
  auto at = parent(path, /*make=*/true);
  if (!at) {
    return at.error();
  }
  const std::string half = '.' + at->leaf;
  const UniqueFd fd(::openat(at->fd.get(), half.c_str(),
                             O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, mode));
  if (!fd.valid()) {
    return error("making", path, errno);
  }
  auto done = fill(fd.get(), path, bytes);
  if (done && ::renameat(at->fd.get(), half.c_str(), at->fd.get(), at->leaf.c_str()) != 0) {
    done = error("making", path, errno);
  }
  if (!done) {
    ::unlinkat(at->fd.get(), half.c_str(), 0);
    return done;
  }
  return ::fsync(at->fd.get()) == 0 ? Result<void>() : error("syncing", path, errno);
}

Result<void> AssetDisk::link(const std::string& from, const std::string& to) const {
  DIALTONE_TRY(step(DiskStep::kLink, to));
  if (exists(to)) {
    return {};
  }
  auto source = parent(from, /*make=*/false);
  auto target = parent(to, /*make=*/true);
  if (!source || !target) {
    return source ? target.error() : source.error();
  }
  struct stat status {};
  const bool is_file =
      ::fstatat(source->fd.get(), source->leaf.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0 &&
      S_ISREG(status.st_mode);
  if (is_file && ::linkat(source->fd.get(), source->leaf.c_str(), target->fd.get(),
                          target->leaf.c_str(), 0) == 0) {
    return ::fsync(target->fd.get()) == 0 ? Result<void>() : error("syncing", to, errno);
  }
  // To copy it would keep control as long from its work as to read it.
  if (const auto found = stat(from); found && found->bytes > most_) {
    return rename(from, to);
  }
  const auto content = read(from, most_);
  return content ? write(to, std::as_bytes(std::span(*content)), 0644)
                 : Result<void>(content.error());
}

Result<void> AssetDisk::rename(const std::string& from, const std::string& to) const {
  DIALTONE_TRY(step(DiskStep::kRename, to));
  auto source = parent(from, /*make=*/false);
  auto target = parent(to, /*make=*/true);
  if (!source || !target) {
    return source ? target.error() : source.error();
  }
  if (::renameat(source->fd.get(), source->leaf.c_str(), target->fd.get(), target->leaf.c_str()) !=
      0) {
    return error("renaming", to, errno);
  }
  return ::fsync(target->fd.get()) == 0 ? Result<void>() : error("syncing", to, errno);
}

Result<void> AssetDisk::remove(const std::string& path) const {
  DIALTONE_TRY(step(DiskStep::kRemove, path));
  auto at = parent(path, /*make=*/false);
  if (!at) {
    return exists(path) ? at.error() : Result<void>();
  }
  if (::unlinkat(at->fd.get(), at->leaf.c_str(), 0) != 0 && errno != ENOENT) {
    return error("removing", path, errno);
  }
  return ::fsync(at->fd.get()) == 0 ? Result<void>() : error("syncing", path, errno);
}

Result<AssetDisk::Stat> AssetDisk::stat(const std::string& path) const {
  struct stat status {};
  if (::stat(full(path).c_str(), &status) != 0) {
    return error("opening", path, errno);
  }
  return Stat{static_cast<std::uint64_t>(status.st_size),
              static_cast<std::uint64_t>(std::max<time_t>(status.st_mtime, 0))};
}

Result<std::string> AssetDisk::read(const std::string& path, std::uint64_t most) const {
  // O_NONBLOCK: a named pipe in its place must not hold us up.
  const UniqueFd fd(::open(full(path).c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  struct stat status {};
  if (!fd.valid() || ::fstat(fd.get(), &status) != 0) {
    return error("opening", path, errno);
  }
  if (!S_ISREG(status.st_mode)) {
    return refused(full(path) + " is no regular file");
  }
  if (const auto size = static_cast<std::uint64_t>(status.st_size); size > most) {
    return refused(full(path) + " is not read: " + too_large(size, most));
  }
  std::string text(static_cast<std::size_t>(status.st_size), 0);
  std::size_t filled = 0;
  while (filled < text.size()) {
    const ssize_t got = ::read(fd.get(), text.data() + filled, text.size() - filled);
    if (got < 0 && errno == EINTR) {
      continue;
    }
    if (got < 0) {
      return error("reading", path, errno);
    }
    if (got == 0) {
      break;
    }
    filled += static_cast<std::size_t>(got);
  }
  text.resize(filled);
  return text;
}

bool AssetDisk::exists(const std::string& path) const {
  struct stat status {};
  return ::lstat(full(path).c_str(), &status) == 0;
}

std::vector<std::string> AssetDisk::list(const std::string& path) const {
  namespace fs = std::filesystem;
  std::vector<std::string> names;
  std::error_code error;
  fs::directory_iterator at(full(path), error);
  for (; !error && at != fs::directory_iterator(); at.increment(error)) {
    names.push_back(at->path().filename().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

Result<std::optional<UniqueFd>> AssetDisk::lock(const std::string& path) const {
  auto at = parent(path, /*make=*/true);
  if (!at) {
    return at.error();
  }
  UniqueFd fd(
      ::openat(at->fd.get(), at->leaf.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644));
  if (!fd.valid()) {
    return error("opening", path, errno);
  }
  if (::flock(fd.get(), LOCK_EX | LOCK_NB) != 0) {
    return errno == EWOULDBLOCK ? Result<std::optional<UniqueFd>>(std::optional<UniqueFd>())
                                : error("locking", path, errno);
  }
  return std::optional<UniqueFd>(std::move(fd));
}

}  // namespace dialtone::assets
