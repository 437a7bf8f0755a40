// SPDX-License-Identifier: Apache-2.0
//
// Unix sockets: listen, connect, and messages that carry file descriptors. May block; housekeeper
// and control threads only.
#pragma once

#include "dataplane/base/result.h"
#include "dataplane/base/unique_fd.h"

#include <sys/socket.h>
#include <sys/types.h>

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace dialtone {

enum class SocketType { kStream = SOCK_STREAM, kSeqPacket = SOCK_SEQPACKET };

// Listens on `path` with mode 0600 (owner only), close-on-exec, non-blocking. A socket file that
// nobody listens on any more is replaced; a live one is an Error that names it.
Result<UniqueFd> listen_unix(const std::string& path, SocketType type);

// Connects. kUnreachable when nobody listens there.
Result<UniqueFd> connect_unix(const std::string& path, SocketType type);

// Takes one waiting connection (close-on-exec, blocking), or nothing when none waits.
Result<std::optional<UniqueFd>> accept_unix(int listener);

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
