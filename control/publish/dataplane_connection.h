// SPDX-License-Identifier: Apache-2.0
//
// Control's connection to a dataplane (dataplane/abi/offer_protocol.h): connects again and again
// until one listens, checks each message that comes, and keeps what HELLO brought. Whatever breaks
// the protocol ends the connection, with one line in the log. One thread; never blocks, but for
// kConnectPatience when a dataplane's queue is full.
#pragma once

#include "control/publish/hello_pages.h"
#include "dataplane/abi/offer_protocol.h"
#include "dataplane/base/log_line.h"
#include "dataplane/base/unique_fd.h"
#include "dataplane/base/unix_socket.h"

#include <poll.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace dialtone::publish {

// The text of a reply, for a person.
std::string text_of(const abi::OfferReply& reply);

class DataplaneConnection {
 public:
  using Clock = std::chrono::steady_clock;
  using Incoming = std::variant<abi::HelloMessage, abi::OfferReply, abi::ServiceStateMessage>;

  DataplaneConnection(std::string socket, LogLine log)
      : socket_(std::move(socket)), log_(std::move(log)) {}

  // Connects when there is no connection and it is time to try again.
  void connect_when_due(Clock::time_point now);

  // A message that waits; nothing when none does, or the connection has ended. A HELLO has been
  // taken over: hello() and pages() are of it; so has a state of the service, into hello().
  std::optional<Incoming> receive(Clock::time_point now);

  // Ends the connection, and says why, unless that was said last.
  void end(const std::string& why, Clock::time_point now);

  bool is_open() const noexcept { return connection_.valid(); }
  void add_poll_fds(std::vector<pollfd>& fds) const;
  // When to connect, if there is no connection.
  Clock::time_point next_connect() const noexcept { return next_connect_; }

  int fd() const noexcept { return connection_.get(); }
  const std::string& socket() const noexcept { return socket_; }
  // Null until it has come, and when no dataplane is connected.
  const abi::HelloMessage* hello() const noexcept { return hello_ ? &*hello_ : nullptr; }
  // Number of the newest order of the service that the workers have taken up; 0: none since HELLO.
  std::uint32_t answered_order() const noexcept { return answered_order_; }
  HelloPages& pages() noexcept { return pages_; }
  const HelloPages& pages() const noexcept { return pages_; }

 private:
  Result<Incoming> read(Message& message);
  Result<void> take_hello(const abi::HelloMessage& hello, Message& message);
  void end(const std::string& why, Clock::time_point now, Clock::duration retry);

  std::string socket_;
  LogLine log_;
  UniqueFd connection_;
  std::optional<abi::HelloMessage> hello_;
  std::uint32_t answered_order_ = 0;
  HelloPages pages_;
  Clock::time_point next_connect_;
  std::string trouble_;  // why there is no connection; said once
};

}  // namespace dialtone::publish
