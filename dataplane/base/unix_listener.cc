// SPDX-License-Identifier: Apache-2.0
#include "dataplane/base/unix_listener.h"

#include <unistd.h>

#include <sys/stat.h>

#include <cerrno>

namespace dialtone {
namespace {

constexpr int kBacklog = 16;

// Mode 0600 from the first moment on.
int bind_private(int fd, const sockaddr_un& address) {
  const mode_t old_mask = ::umask(0177);
  const int bound = ::bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof(address));
  const int error = errno;
  ::umask(old_mask);
  return bound == 0 ? 0 : error;
}

}  // namespace

Result<UnixListener> UnixListener::open(const std::string& path, SocketType type) {
  auto address = unix_address(path);
  if (!address) {
    return address.error();
  }
  if (auto other = connect_unix(path, type); other.ok()) {
    return failed("another process already listens on " + path + "; stop it first");
  } else if (other.error().code != ErrorCode::kUnreachable) {
    return other.error();  // somebody may be there: a socket of another type, or of another user
  }
  auto fd = new_unix_socket(type, SOCK_NONBLOCK);
  if (!fd) {
    return fd.error();
  }
  struct stat status {};
  if (::lstat(path.c_str(), &status) == 0) {
    if (!S_ISSOCK(status.st_mode)) {
      return failed(path + " exists and is not a socket; move it away or choose another path");
    }
    ::unlink(path.c_str());
  }
  if (const int error = bind_private(fd->get(), *address); error != 0) {
    return errno_error("binding " + path, error);
  }
  if (::listen(fd->get(), kBacklog) != 0 || ::lstat(path.c_str(), &status) != 0) {
    return errno_error("listening on " + path, errno);
  }
  return UnixListener(*std::move(fd), path, status.st_dev, status.st_ino);
}

UnixListener::~UnixListener() {
  struct stat status {};
  if (fd_.valid() && ::lstat(path_.c_str(), &status) == 0 && status.st_dev == device_ &&
      status.st_ino == inode_) {
    ::unlink(path_.c_str());
  }
}

Result<std::optional<UniqueFd>> UnixListener::accept() {
  UniqueFd fd(::accept4(fd_.get(), nullptr, nullptr, SOCK_CLOEXEC));
  if (fd.valid()) {
    return std::optional<UniqueFd>(std::move(fd));
  }
  if (errno == EAGAIN || errno == EINTR || errno == ECONNABORTED) {
    return std::optional<UniqueFd>();
  }
  return errno_error("accepting a connection", errno);
}

}  // namespace dialtone
