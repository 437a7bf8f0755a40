// SPDX-License-Identifier: Apache-2.0
//
// Unix sockets: connect, and messages that carry file descriptors (unix_listener.h listens). May
// block; housekeeper and control threads only.
#pragma once

#include "dataplane/base/result.h"
#include "dataplane/base/unique_fd.h"

#include <sys/socket.h>
#include <sys/types.h>
#include <sys/un.h>

#include <chrono>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace dialtone {

enum class SocketType { kStream = SOCK_STREAM, kSeqPacket = SOCK_SEQPACKET };

// Connects. kUnreachable when nobody listens there; kTimeout when whoever does takes no connection
// for `patience`, as a process that is stopped.
Result<UniqueFd> connect_unix(const std::string& path, SocketType type,
                              std::chrono::milliseconds patience = std::chrono::seconds(1));

// An unconnected socket, and the address of a path: for what listens.
Result<UniqueFd> new_unix_socket(SocketType type, int flags);
Result<sockaddr_un> unix_address(const std::string& path);

struct PeerCredentials {
  pid_t pid;
  uid_t uid;
  gid_t gid;
};
Result<PeerCredentials> peer_credentials(int socket);

// One whole datagram of a kSeqPacket socket, with descriptors beside it.
Result<void> send_message(int socket, std::span<const std::byte> bytes,
                          std::span<const int> descriptors = {});

struct Message {
  std::vector<std::byte> bytes;  // empty: the peer has closed
  std::vector<UniqueFd> descriptors;
};

// Receives one datagram of at most `limit` bytes; a longer one, or more descriptors than
// kMaxDescriptors, is an Error. Blocks unless the socket is non-blocking (then EAGAIN is
// ErrorCode::kTimeout).
inline constexpr std::size_t kMaxDescriptors = 8;
Result<Message> receive_message(int socket, std::size_t limit);

}  // namespace dialtone
