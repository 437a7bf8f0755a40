// SPDX-License-Identifier: Apache-2.0
#include "control/assets/asset_disk.h"

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <memory>
#include <string_view>

namespace dialtone::assets {
namespace {

constexpr std::size_t kPiece = std::size_t{8} << 20;

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
  // Whatever lies there is not written to: it may be another name of any file, or a pipe.
  ::unlinkat(at->fd.get(), half.c_str(), 0);
  const UniqueFd fd(::openat(at->fd.get(), half.c_str(),
                             O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode));
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
  // Without AT_SYMLINK_FOLLOW: a symlink becomes a symlink.
  if (::linkat(source->fd.get(), source->leaf.c_str(), target->fd.get(), target->leaf.c_str(), 0) ==
      0) {
    return ::fsync(target->fd.get()) == 0 ? Result<void>() : error("syncing", to, errno);
  }
  // To copy what is large would keep control as long from its work as to read it.
  if (const auto found = stat(from); found && (found->is_link || found->bytes > most_)) {
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
  const auto at = parent(path, /*make=*/false);
  if (!at) {
    return at.error();
  }
  if (::fstatat(at->fd.get(), at->leaf.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) {
    return error("opening", path, errno);
  }
  return Stat{S_ISLNK(status.st_mode), static_cast<std::uint64_t>(status.st_size),
              static_cast<std::uint64_t>(std::max<time_t>(status.st_mtime, 0))};
}

Result<std::string> AssetDisk::read(const std::string& path, std::uint64_t most) const {
  const auto at = parent(path, /*make=*/false);
  if (!at) {
    return at.error();
  }
  // O_NONBLOCK: a named pipe in its place must not hold us up.
  const UniqueFd fd = open_beneath(at->fd.get(), at->leaf, O_RDONLY | O_NONBLOCK);
  struct stat status {};
  if (!fd.valid() && errno == ELOOP) {
    return refused(full(path) + " is a symlink, which is not followed");
  }
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
  const auto at = parent(path, /*make=*/false);
  return at && ::fstatat(at->fd.get(), at->leaf.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0;
}

std::vector<std::string> AssetDisk::list(const std::string& path) const {
  std::vector<std::string> names;
  const auto at = parent(path, /*make=*/false);
  UniqueFd fd = at ? open_beneath(at->fd.get(), at->leaf, O_RDONLY | O_DIRECTORY) : UniqueFd();
  const std::unique_ptr<DIR, int (*)(DIR*)> folder(fd.valid() ? ::fdopendir(fd.get()) : nullptr,
                                                   ::closedir);
  if (folder == nullptr) {
    return names;
  }
  (void)fd.release();  // closedir() closes it
  while (const dirent* entry = ::readdir(folder.get())) {
    const std::string_view name = entry->d_name;
    if (name != "." && name != "..") {
      names.emplace_back(name);
    }
  }
  std::sort(names.begin(), names.end());
  return names;
}

Result<void> AssetDisk::check_owner(const std::string& path) const {
  struct stat status {};
  const auto at = parent(path, /*make=*/false);
  if (!at) {
    return at.error();
  }
  if (::fstatat(at->fd.get(), at->leaf.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) {
    return errno == ENOENT ? Result<void>() : error("looking at", path, errno);
  }
  const std::string others = " could be the work of others, so nothing of it is used: it ";
  if (!S_ISDIR(status.st_mode)) {
    return refused(full(path) + others + "is no folder; remove it");
  }
  if (status.st_uid != 0 && status.st_uid != ::geteuid()) {
    return refused(full(path) + others + "belongs to user " + std::to_string(status.st_uid) +
                   "; when its content is yours, chown -R it to the user of dialtone-control (" +
                   std::to_string(::geteuid()) + "), else remove it");
  }
  if ((status.st_mode & S_IWOTH) != 0) {
    return refused(full(path) + others +
                   "can be written by everybody; when its content is yours, chmod -R o-w it, else "
                   "remove it");
  }
  return {};
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
