// SPDX-License-Identifier: Apache-2.0
#include "control/generations/folder.h"

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include <sys/stat.h>
#include <sys/statvfs.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <memory>

namespace dialtone::generations {
namespace {

// So much is on its way to the disk at a time.
constexpr std::size_t kPiece = std::size_t{8} << 20;

std::string half_written(const std::string& name) {
  return '.' + name;
}

// What the entry says for itself costs no call more; not every file system does.
bool is_regular(int folder, const dirent& entry) {
  if (entry.d_type != DT_UNKNOWN) {
    return entry.d_type == DT_REG;
  }
  struct stat status {};
  return ::fstatat(folder, entry.d_name, &status, AT_SYMLINK_NOFOLLOW) == 0 &&
         S_ISREG(status.st_mode);
}

// Of regular files.
Result<std::vector<std::string>> names_in(int folder, const std::string& path) {
  const int again = ::openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  DIR* stream = again < 0 ? nullptr : ::fdopendir(again);
  if (stream == nullptr) {
    const int number = errno;
    if (again >= 0) {
      ::close(again);
    }
    return errno_error("reading the folder " + path, number);
  }
  const std::unique_ptr<DIR, int (*)(DIR*)> closes(stream, ::closedir);
  std::vector<std::string> names;
  while (const dirent* entry = ::readdir(stream)) {
    if (is_regular(folder, *entry)) {
      names.emplace_back(entry->d_name);
    }
  }
  return names;
}

}  // namespace

Result<Folder> Folder::open(std::string path, BeforeStep before) {
  std::error_code trouble;
  std::filesystem::create_directories(path, trouble);
  UniqueFd fd(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd.valid()) {
    return errno_error("opening the folder " + path, trouble ? trouble.value() : errno);
  }
  Folder folder(std::move(path), std::move(fd), std::move(before));
  auto names = names_in(folder.fd_.get(), folder.path_);
  if (!names) {
    return names.error();
  }
  for (const std::string& name : *names) {
    if (name.front() == '.') {
      ::unlinkat(folder.fd_.get(), name.c_str(), 0);
    }
  }
  return folder;
}

Error Folder::error(const std::string& what, const std::string& name, int number) const {
  return errno_error(what + ' ' + path_ + '/' + name, number);
}

Result<void> Folder::step(Step step, const std::string& name) const {
  return before_ ? before_(step, name) : Result<void>();
}

Result<void> Folder::write(const std::string& name, std::span<const std::byte> bytes) {
  const std::string half = half_written(name);
  DIALTONE_TRY(step(Step::kCreate, name));
  const UniqueFd fd(
      ::openat(fd_.get(), half.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
  if (!fd.valid()) {
    return error("making", name, errno);
  }
  auto done = fill(fd.get(), name, bytes);
  if (done) {
    done = step(Step::kRename, name);
  }
  if (done && ::renameat(fd_.get(), half.c_str(), fd_.get(), name.c_str()) != 0) {
    done = error("renaming", name, errno);
  }
  if (!done) {
    ::unlinkat(fd_.get(), half.c_str(), 0);
  }
  return done;
}

Result<void> Folder::fill(int fd, const std::string& name, std::span<const std::byte> bytes) const {
  off_t offset = 0;
  while (!bytes.empty()) {
    DIALTONE_TRY(step(Step::kWrite, name));
    const ssize_t put = ::pwrite(fd, bytes.data(), std::min(bytes.size(), kPiece), offset);
    if (put < 0 && errno == EINTR) {
      continue;
    }
    if (put <= 0) {
      return error("writing", name, put < 0 ? errno : ENOSPC);
    }
    bytes = bytes.subspan(static_cast<std::size_t>(put));
    if (!bytes.empty()) {
      // A hint: what it cannot do, fsync() does, and of the last piece anyhow.
      (void)::sync_file_range(
          fd, offset, put,
          SYNC_FILE_RANGE_WAIT_BEFORE | SYNC_FILE_RANGE_WRITE | SYNC_FILE_RANGE_WAIT_AFTER);
    }
    offset += put;
  }
  DIALTONE_TRY(step(Step::kSync, name));
  return ::fsync(fd) == 0 ? Result<void>() : error("syncing", name, errno);
}

Result<void> Folder::sync() {
  DIALTONE_TRY(step(Step::kSyncFolder, {}));
  return ::fsync(fd_.get()) == 0 ? Result<void>() : error("syncing", "", errno);
}

Result<void> Folder::remove(const std::string& name) {
  DIALTONE_TRY(step(Step::kRemove, name));
  if (::unlinkat(fd_.get(), name.c_str(), 0) != 0 && errno != ENOENT) {
    return error("removing", name, errno);
  }
  return {};
}

void Folder::set_aside(const std::string& name) {
  (void)::renameat(fd_.get(), name.c_str(), fd_.get(), (".bad-" + name).c_str());
}

Result<std::vector<std::string>> Folder::names() const {
  auto names = names_in(fd_.get(), path_);
  if (names) {
    std::erase_if(*names, [](const std::string& name) { return name.front() == '.'; });
    std::sort(names->begin(), names->end());
  }
  return names;
}

Result<std::vector<Folder::File>> Folder::list() const {
  auto all = names();
  if (!all) {
    return all.error();
  }
  std::vector<File> files;
  for (std::string& name : *all) {
    if (const auto size = size_of(name)) {
      files.push_back({std::move(name), *size});
    }
  }
  return files;
}

std::optional<std::uint64_t> Folder::size_of(const std::string& name) const {
  struct stat status {};
  if (::fstatat(fd_.get(), name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0 ||
      !S_ISREG(status.st_mode)) {
    return std::nullopt;
  }
  return static_cast<std::uint64_t>(status.st_size);
}

Result<UniqueFd> Folder::open_file(const std::string& name) const {
  // O_NONBLOCK: a FIFO in its place must not hold us up.
  UniqueFd fd(::openat(fd_.get(), name.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  if (!fd.valid()) {
    return error("opening", name, errno);
  }
  struct stat status {};
  if (::fstat(fd.get(), &status) != 0 || !S_ISREG(status.st_mode)) {
    return refused(path_ + '/' + name + ": it is no regular file");
  }
  return fd;
}

Result<std::vector<std::byte>> Folder::read(const std::string& name, std::uint64_t most) const {
  auto fd = open_file(name);
  if (!fd) {
    return fd.error();
  }
  std::vector<std::byte> bytes(most + 1);
  std::size_t filled = 0;
  while (filled < bytes.size()) {
    const ssize_t got = ::read(fd->get(), bytes.data() + filled, bytes.size() - filled);
    if (got < 0 && errno == EINTR) {
      continue;
    }
    if (got < 0) {
      return error("reading", name, errno);
    }
    if (got == 0) {
      break;
    }
    filled += static_cast<std::size_t>(got);
  }
  if (filled > most) {
    return refused(path_ + '/' + name + ": it has more than " + std::to_string(most) + " bytes");
  }
  bytes.resize(filled);
  return bytes;
}

Result<FreeSpace> Folder::free_space() const {
  struct statvfs status {};
  if (::fstatvfs(fd_.get(), &status) != 0) {
    return error("asking for the free space of", "", errno);
  }
  return FreeSpace{status.f_blocks * status.f_frsize, status.f_bavail * status.f_frsize};
}

}  // namespace dialtone::generations
