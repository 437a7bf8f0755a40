// SPDX-License-Identifier: Apache-2.0
//
// The socket on which control hands over generations (abi/offer_protocol.h, docs/swap-protocol.md).
// Housekeeper only; step() never blocks. Only root and our own user may connect, one control at a
// time: a second one is refused and told so, since the first one's objects are still coming in.
// Whoever breaks the protocol loses the connection and what was staged through it; what is served
// stays as it is.
#pragma once

#include "dataplane/base/log_line.h"
#include "dataplane/base/unique_fd.h"
#include "dataplane/base/unix_socket.h"
#include "dataplane/image/control_listener.h"
#include "dataplane/image/image_store.h"
#include "dataplane/image/service_desk.h"

#include <poll.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace dialtone::image {

struct OfferServerConfig {
  std::string path;
  std::uint32_t workers = 1;
  std::uint32_t families = 0;  // for HELLO: abi::kServesIpv4, ...
  // These go along with HELLO, each at its place (abi::HelloDescriptor), and the caller keeps them
  // open. Without one (-1) there is none behind it either: listen() checks that.
  int counters_fd = -1;
  int misses_fd = -1;
  int events_fd = -1;
  std::atomic<bool>* is_connected = nullptr;  // set while a control is; relaxed, any thread reads
};

class OfferServer {
 public:
  static Result<OfferServer> listen(const OfferServerConfig& config, ImageStore& store,
                                    LogLine log);

  // What to poll() for before the next step().
  void add_poll_fds(std::vector<pollfd>& fds) const;

  // Takes new connections and messages that wait, moves the store on, answers.
  void step();

  bool connected() const noexcept { return connection_.valid(); }

  // What control orders, and what it is told by the next step(), or by tell_service() at once.
  ServiceDesk& service() noexcept { return service_; }
  void tell_service();

 private:
  OfferServer(const OfferServerConfig& config, ImageStore& store, LogLine log,
              ControlListener listener)
      : config_(config), store_(store), log_(std::move(log)), listener_(std::move(listener)) {}

  void accept(UniqueFd connection, pid_t peer);
  void greet(UniqueFd connection);
  void read_waiting();
  void finish_dead_connection();
  // An Error: the message breaks the protocol.
  Result<void> handle(const Message& message);
  Result<void> handle_object(const abi::ObjectMessage& object, int fd);
  void handle_offer(const abi::OfferMessage& offer, int fd);
  void report(const StoreEvent& event);
  void reply(abi::OfferType type, std::uint64_t generation, std::uint64_t microseconds = 0,
             const std::string& text = {});
  void send(std::span<const std::byte> message);
  void disconnect(const std::string& why);
  void tell_connected(bool is_connected) const noexcept;

  OfferServerConfig config_;
  ImageStore& store_;
  LogLine log_;
  ControlListener listener_;
  UniqueFd connection_;
  pid_t peer_ = 0;
  ServiceDesk service_;
  abi::ServiceStateMessage told_{};  // to this connection
  bool offered_ = false;             // the generation that is being published is this connection's
};

}  // namespace dialtone::image
