// SPDX-License-Identifier: Apache-2.0
#include "dataplane/base/unix_socket.h"

#include <sys/time.h>

#include <cerrno>
#include <cstring>

namespace dialtone {

Result<sockaddr_un> unix_address(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.empty() || path.size() >= sizeof(address.sun_path)) {
    return usage("socket path '" + path + "' must have 1 to 107 bytes; choose a shorter folder");
  }
  std::memcpy(address.sun_path, path.data(), path.size());
  return address;
}

Result<UniqueFd> new_unix_socket(SocketType type, int flags) {
  UniqueFd fd(::socket(AF_UNIX, static_cast<int>(type) | SOCK_CLOEXEC | flags, 0));
  if (!fd.valid()) {
    return errno_error("creating a Unix socket", errno);
  }
  return fd;
}

Result<UniqueFd> connect_unix(const std::string& path, SocketType type,
                              std::chrono::milliseconds patience) {
  auto address = unix_address(path);
  if (!address) {
    return address.error();
  }
  auto fd = new_unix_socket(type, 0);
  if (!fd) {
    return fd.error();
  }
  // A connect() waits for room in the listener's queue as long as a send may take.
  const timeval limit{patience.count() / 1000, patience.count() % 1000 * 1000};
  constexpr timeval kNoLimit{};
  ::setsockopt(fd->get(), SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
  if (::connect(fd->get(), reinterpret_cast<const sockaddr*>(&*address), sizeof(*address)) != 0) {
    Error error = errno_error("connecting to " + path, errno);
    if (errno == ENOENT || errno == ECONNREFUSED) {
      error.code = ErrorCode::kUnreachable;
    } else if (errno == EAGAIN) {
      error = {ErrorCode::kTimeout, "the process that listens on " + path +
                                        " takes no connection; is it stopped, or overrun?"};
    }
    return error;
  }
  ::setsockopt(fd->get(), SOL_SOCKET, SO_SNDTIMEO, &kNoLimit, sizeof(kNoLimit));
  return std::move(*fd);
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
