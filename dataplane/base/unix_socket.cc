// SPDX-License-Identifier: Apache-2.0
#include "dataplane/base/unix_socket.h"

#include <sys/stat.h>
#include <sys/un.h>

#include <cerrno>
#include <cstring>

namespace dialtone {
namespace {

Result<sockaddr_un> address_of(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.empty() || path.size() >= sizeof(address.sun_path)) {
    return usage("socket path '" + path + "' must have 1 to 107 bytes; choose a shorter folder");
  }
  std::memcpy(address.sun_path, path.data(), path.size());
  return address;
}

Result<UniqueFd> new_socket(SocketType type, int flags) {
  UniqueFd fd(::socket(AF_UNIX, static_cast<int>(type) | SOCK_CLOEXEC | flags, 0));
  if (!fd.valid()) {
    return errno_error("creating a Unix socket", errno);
  }
  return fd;
}

}  // namespace

Result<UniqueFd> listen_unix(const std::string& path, SocketType type) {
  auto address = address_of(path);
  if (!address) {
    return address.error();
  }
  if (auto other = connect_unix(path, type); other.ok()) {
    return failed("another process already listens on " + path + "; stop it first");
  } else if (other.error().code != ErrorCode::kUnreachable) {
    return other.error();  // somebody may be there: a socket of another type, or of another user
  }
  auto fd = new_socket(type, SOCK_NONBLOCK);
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
  const mode_t old_mask = ::umask(0177);
  const int bound =
      ::bind(fd->get(), reinterpret_cast<const sockaddr*>(&*address), sizeof(*address));
  const int bind_errno = errno;
  ::umask(old_mask);
  if (bound != 0) {
    return errno_error("binding " + path, bind_errno);
  }
  if (::listen(fd->get(), 16) != 0) {
    return errno_error("listening on " + path, errno);
  }
  return std::move(*fd);
}

Result<UniqueFd> connect_unix(const std::string& path, SocketType type) {
  auto address = address_of(path);
  if (!address) {
    return address.error();
  }
  auto fd = new_socket(type, 0);
  if (!fd) {
    return fd.error();
  }
  if (::connect(fd->get(), reinterpret_cast<const sockaddr*>(&*address), sizeof(*address)) != 0) {
    Error error = errno_error("connecting to " + path, errno);
    if (errno == ENOENT || errno == ECONNREFUSED) {
      error.code = ErrorCode::kUnreachable;
    }
    return error;
  }
  return std::move(*fd);
}

Result<std::optional<UniqueFd>> accept_unix(int listener) {
  UniqueFd fd(::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC));
  if (fd.valid()) {
    return std::optional<UniqueFd>(std::move(fd));
  }
  if (errno == EAGAIN || errno == EINTR || errno == ECONNABORTED) {
    return std::optional<UniqueFd>();
  }
  return errno_error("accepting a connection", errno);
}

Result<PeerCredentials> peer_credentials(int socket) {
  ucred credentials{};
  socklen_t size = sizeof(credentials);
  if (::getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &credentials, &size) != 0) {
    return errno_error("asking who is connected", errno);
  }
  return PeerCredentials{credentials.pid, credentials.uid, credentials.gid};
}

Result<void> send_message(int socket, std::span<const std::byte> bytes,
                          std::span<const int> descriptors) {
  DIALTONE_CHECK(descriptors.size() <= kMaxDescriptors);
  iovec vector{const_cast<std::byte*>(bytes.data()), bytes.size()};
  alignas(cmsghdr) char control[CMSG_SPACE(kMaxDescriptors * sizeof(int))] = {};
  msghdr header{};
  header.msg_iov = &vector;
  header.msg_iovlen = 1;
  if (!descriptors.empty()) {
    header.msg_control = control;
    header.msg_controllen = CMSG_SPACE(descriptors.size_bytes());
    cmsghdr* item = CMSG_FIRSTHDR(&header);
    item->cmsg_level = SOL_SOCKET;
    item->cmsg_type = SCM_RIGHTS;
    item->cmsg_len = CMSG_LEN(descriptors.size_bytes());
    std::memcpy(CMSG_DATA(item), descriptors.data(), descriptors.size_bytes());
  }
  ssize_t sent;
  do {
    sent = ::sendmsg(socket, &header, MSG_NOSIGNAL);
  } while (sent < 0 && errno == EINTR);
  if (sent < 0) {
    Error error = errno_error("sending a message", errno);
    if (errno == EPIPE || errno == ECONNRESET) {
      error.code = ErrorCode::kUnreachable;
    } else if (errno == EAGAIN) {
      error.code = ErrorCode::kTimeout;
    }
    return error;
  }
  return {};
}

Result<Message> receive_message(int socket, std::size_t limit) {
  Message message;
  message.bytes.resize(limit);
  iovec vector{message.bytes.data(), message.bytes.size()};
  alignas(cmsghdr) char control[CMSG_SPACE(kMaxDescriptors * sizeof(int))] = {};
  msghdr header{};
  header.msg_iov = &vector;
  header.msg_iovlen = 1;
  header.msg_control = control;
  header.msg_controllen = sizeof(control);
  ssize_t received;
  do {
    received = ::recvmsg(socket, &header, MSG_CMSG_CLOEXEC);
  } while (received < 0 && errno == EINTR);
  if (received < 0) {
    Error error = errno_error("receiving a message", errno);
    if (errno == EAGAIN) {
      error.code = ErrorCode::kTimeout;
    } else if (errno == ECONNRESET) {
      error.code = ErrorCode::kUnreachable;
    }
    return error;
  }
  // Collect the descriptors before any check, so that a refused message leaks none.
  for (cmsghdr* item = CMSG_FIRSTHDR(&header); item != nullptr; item = CMSG_NXTHDR(&header, item)) {
    if (item->cmsg_level == SOL_SOCKET && item->cmsg_type == SCM_RIGHTS) {
      const std::size_t count = (item->cmsg_len - CMSG_LEN(0)) / sizeof(int);
      for (std::size_t i = 0; i < count; ++i) {
        int fd;
        std::memcpy(&fd, CMSG_DATA(item) + i * sizeof(int), sizeof(fd));
        message.descriptors.emplace_back(fd);
      }
    }
  }
  if ((header.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) != 0) {
    return refused("a message was longer than this protocol allows");
  }
  message.bytes.resize(static_cast<std::size_t>(received));
  return message;
}

}  // namespace dialtone
