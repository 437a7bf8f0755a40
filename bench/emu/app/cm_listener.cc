// SPDX-License-Identifier: Apache-2.0
#include "bench/emu/app/cm_listener.h"

#include "dataplane/base/socket_address.h"
#include "dataplane/config/address_text.h"

#include <poll.h>

#include <sys/socket.h>

#include <cerrno>
#include <string>
#include <utility>

namespace dialtone::emu {
namespace {

constexpr int kTickMs = 100;
constexpr std::size_t kConnections = 1024;

Result<UniqueFd> listen_at(const IpAddress& address, std::uint16_t port) {
  const SocketAddress at = socket_address(address, port);
  UniqueFd socket(::socket(at.family(), SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  const int on = 1;
  const bool is_listening =
      socket.valid() &&
      ::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) == 0 &&
      ::bind(socket.get(), at.get(), at.length) == 0 && ::listen(socket.get(), SOMAXCONN) == 0;
  if (!is_listening) {
    return errno_error(
        "listening at " + config::ip_text(address) + " port " + std::to_string(port) + " (TCP)",
        errno);
  }
  return socket;
}

}  // namespace

Result<CmListener> CmListener::open(const IpAddress& address,
                                    const std::vector<std::uint16_t>& ports) {
  std::vector<UniqueFd> listeners;
  for (const std::uint16_t port : ports) {
    auto listener = listen_at(address, port);
    if (!listener) {
      return listener.error();
    }
    listeners.push_back(*std::move(listener));
  }
  return CmListener(std::move(listeners));
}

void CmListener::accept_all(const UniqueFd& listener, PlayedCallManager& manager) {
  for (;;) {
    UniqueFd socket(::accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
    if (!socket.valid()) {
      return;
    }
    if (connections_.size() < kConnections) {
      connections_.push_back({std::move(socket), CallManagerSession(manager)});
    }
  }
}

// False: it is over. An answer is far below what a socket takes at once; who reads none is let go.
bool CmListener::answer(Connection& connection) {
  char bytes[4096];
  const ssize_t count = ::recv(connection.socket.get(), bytes, sizeof(bytes), 0);
  if (count <= 0) {
    return count < 0 && (errno == EAGAIN || errno == EINTR);
  }
  const std::string out = connection.session.on_bytes({bytes, static_cast<std::size_t>(count)});
  const ssize_t sent =
      out.empty() ? 0 : ::send(connection.socket.get(), out.data(), out.size(), MSG_NOSIGNAL);
  return sent == static_cast<ssize_t>(out.size()) && !connection.session.is_broken();
}

Result<void> CmListener::serve(PlayedCallManager& manager, const std::function<bool()>& is_over) {
  while (!is_over()) {
    std::vector<pollfd> polled;
    for (const UniqueFd& listener : listeners_) {
      polled.push_back({listener.get(), POLLIN, 0});
    }
    for (const Connection& connection : connections_) {
      polled.push_back({connection.socket.get(), POLLIN, 0});
    }
    if (::poll(polled.data(), polled.size(), kTickMs) < 0 && errno != EINTR) {
      return errno_error("waiting for devices", errno);
    }
    std::size_t at = listeners_.size();
    for (auto it = connections_.begin(); it != connections_.end(); ++at) {
      const bool stays = polled[at].revents == 0 || answer(*it);
      it = stays ? std::next(it) : connections_.erase(it);
    }
    for (std::size_t i = 0; i < listeners_.size(); ++i) {
      if (polled[i].revents != 0) {
        accept_all(listeners_[i], manager);
      }
    }
  }
  return {};
}

}  // namespace dialtone::emu
