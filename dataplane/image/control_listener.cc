// SPDX-License-Identifier: Apache-2.0
#include "dataplane/image/control_listener.h"

#include "dataplane/base/unix_socket.h"

#include <fcntl.h>
#include <unistd.h>

#include <utility>

namespace dialtone::image {
namespace {

// Taken in one step, so that a flood of them cannot keep the housekeeper from the rest.
constexpr int kConnectionsPerStep = 64;

}  // namespace

Result<ControlListener> ControlListener::open(const std::string& path, LogRefusal log) {
  auto listener = UnixListener::open(path, SocketType::kSeqPacket);
  if (!listener) {
    return listener.error();
  }
  return ControlListener(std::move(*listener), std::move(log));
}

void ControlListener::accept_waiting(const std::function<void(UniqueFd, pid_t)>& take) {
  if (const std::uint64_t count = limit_.take_left_out(LogLimit::Clock::now()); count != 0) {
    log_("refused " + std::to_string(count) + " more in the last seconds");
  }
  for (int i = 0; i < kConnectionsPerStep; ++i) {
    auto accepted = listener_.accept();
    if (!accepted) {
      refused(accepted.error().text);
      return;
    }
    if (!accepted->has_value()) {
      return;
    }
    accept(std::move(**accepted), take);
  }
}

void ControlListener::accept(UniqueFd connection,
                             const std::function<void(UniqueFd, pid_t)>& take) {
  const auto peer = peer_credentials(connection.get());
  if (!peer || (peer->uid != 0 && peer->uid != ::geteuid())) {
    refused("refused a process of another user" +
            (peer.ok()
                 ? " (uid " + std::to_string(peer->uid) + ", pid " + std::to_string(peer->pid) + ")"
                 : std::string()));
    return;
  }
  ::fcntl(connection.get(), F_SETFL, O_NONBLOCK);
  take(std::move(connection), peer->pid);
}

void ControlListener::refused(const std::string& what) {
  if (limit_.admit(LogLimit::Clock::now())) {
    log_(what);
  }
}

}  // namespace dialtone::image
