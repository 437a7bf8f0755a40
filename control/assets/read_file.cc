// SPDX-License-Identifier: Apache-2.0
#include "control/assets/read_file.h"

#include "dataplane/base/unique_fd.h"

#include <fcntl.h>
#include <unistd.h>

#include <sys/stat.h>

#include <cerrno>

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

}  // namespace

Result<void> read_file(const std::string& path, std::string_view canonical_name,
                       abi::FileClass file_class, image_build::SegmentStack& stack) {
  // O_NONBLOCK: a named pipe that has taken the file's place must not hold us up.
  const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!fd.valid()) {
    return errno_error("opening " + path, errno);
  }
  struct stat status {};
  if (::fstat(fd.get(), &status) != 0 || !S_ISREG(status.st_mode)) {
    return refused(path + " is no regular file any more");
  }
  const auto size = static_cast<std::size_t>(status.st_size);
  auto room = stack.begin(canonical_name, size);
  if (!room) {
    return room.error();
  }
  const auto got = read_into(fd.get(), *room, path);
  if (!got) {
    return got.error();
  }
  std::byte beyond;
  if (*got != size || ::read(fd.get(), &beyond, 1) == 1) {
    return refused(path + " changes while it is read");
  }
  stack.commit(size, {abi::Origin::kAsset, file_class,
                      static_cast<std::uint64_t>(std::max<time_t>(status.st_mtime, 0))});
  return {};
}

}  // namespace dialtone::assets
