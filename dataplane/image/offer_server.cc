// SPDX-License-Identifier: Apache-2.0
#include "dataplane/image/offer_server.h"

#include "dataplane/base/check.h"
#include "dataplane/image/offer_messages.h"
#include "dataplane/image/store_texts.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <span>
#include <utility>

namespace dialtone::image {
namespace {

// Taken in one step, so that a flood of them cannot keep the housekeeper from the rest.
constexpr int kMessagesPerStep = 64;
// Some turns of a worker. One that hangs, or waits for the CPU that this thread has, is polled for
// with pauses.
constexpr std::chrono::microseconds kGracePatience{30};

bool is_open(int fd) noexcept {
  return fd >= 0;
}

std::array<int, abi::kHelloDescriptors> hello_descriptors(const OfferServerConfig& config) {
  std::array<int, abi::kHelloDescriptors> places{};
  places[abi::kHelloCounters] = config.counters_fd;
  places[abi::kHelloMisses] = config.misses_fd;
  places[abi::kHelloEvents] = config.events_fd;
  return places;
}

bool has_hung_up(int socket) {
  pollfd fd{socket, 0, 0};
  return ::poll(&fd, 1, 0) == 1 && (fd.revents & POLLHUP) != 0;
}

}  // namespace

Result<OfferServer> OfferServer::listen(const OfferServerConfig& config, ImageStore& store,
                                        LogLine log) {
  const auto places = hello_descriptors(config);
  DIALTONE_CHECK(std::is_partitioned(places.begin(), places.end(), is_open));
  auto listener = ControlListener::open(config.path, [log](const std::string& line) {
    log(Severity::kWarning, "offer socket: " + line);
  });
  if (!listener) {
    return listener.error();
  }
  return OfferServer(config, store, std::move(log), std::move(*listener));
}

void OfferServer::add_poll_fds(std::vector<pollfd>& fds) const {
  fds.push_back({listener_.get(), POLLIN, 0});
  // While a swap is in its grace period the next message waits, so that answers come in order.
  if (connection_.valid() && !store_.publishing()) {
    fds.push_back({connection_.get(), POLLIN, 0});
  }
}

void OfferServer::step() {
  // First the connection: a control that died and came back must not meet its own old connection.
  read_waiting();
  listener_.accept_waiting(
      [this](UniqueFd connection, pid_t peer) { accept(std::move(connection), peer); });
  // Until nothing has happened: what was replaced goes only when its end has been reported.
  for (auto events = store_.poll(); !events.empty(); events = store_.poll()) {
    for (const StoreEvent& event : events) {
      report(event);
    }
  }
  tell_service();
}

void OfferServer::tell_service() {
  const abi::ServiceStateMessage now = make_state(service_);
  if (connection_.valid() && (now.state != told_.state || now.number != told_.number)) {
    told_ = now;
    send(bytes_of(now));
  }
}

void OfferServer::accept(UniqueFd connection, pid_t peer) {
  if (connection_.valid() && has_hung_up(connection_.get())) {
    finish_dead_connection();
  }
  if (connection_.valid()) {
    const std::string text =
        "another control is connected (pid " + std::to_string(peer_) + "); stop it first";
    listener_.refused("refused pid " + std::to_string(peer) + ": " + text);
    (void)send_message(connection.get(),
                       bytes_of(make_reply(abi::OfferType::kRejected, 0, 0, text)));
    return;
  }
  peer_ = peer;
  greet(std::move(connection));
}

// It hung up since it was read last. What it had sent counts, but nothing is read during a grace
// period, which lasts as long as a worker hangs.
void OfferServer::finish_dead_connection() {
  while (connection_.valid() && !store_.publishing()) {
    read_waiting();
  }
  if (connection_.valid()) {
    disconnect({});
  }
}

void OfferServer::greet(UniqueFd connection) {
  service_.begin_numbers();
  told_ = make_state(service_);
  abi::HelloMessage hello = make_hello(store_, service_, config_.workers);
  hello.families = config_.families;
  const auto places = hello_descriptors(config_);
  const std::span descriptors(places.begin(),
                              std::find_if_not(places.begin(), places.end(), is_open));
  connection_ = std::move(connection);
  tell_connected(true);
  log_(Severity::kInfo, "control connected (pid " + std::to_string(peer_) + ")");
  if (auto sent = send_message(connection_.get(), bytes_of(hello), descriptors); !sent) {
    disconnect(sent.error().text);
  }
}

void OfferServer::read_waiting() {
  for (int i = 0; i < kMessagesPerStep && connection_.valid() && !store_.publishing(); ++i) {
    auto message = receive_message(connection_.get(), abi::kMaxOfferMessage);
    if (!message) {
      if (message.error().code != ErrorCode::kTimeout) {
        disconnect(message.error().text);
      }
      return;
    }
    if (message->bytes.empty()) {
      disconnect({});
      return;
    }
    if (auto handled = handle(*message); !handled) {
      disconnect(handled.error().text);
      return;
    }
  }
}

Result<void> OfferServer::handle(const Message& message) {
  const auto read = read_control_message(message);
  if (!read) {
    return read.error();
  }
  if (const auto* service = std::get_if<abi::ServiceMessage>(&*read)) {
    service_.order(service->order, service->number);
    return {};
  }
  const int fd = message.descriptors[0].get();
  if (const auto* object = std::get_if<abi::ObjectMessage>(&*read)) {
    return handle_object(*object, fd);
  }
  handle_offer(std::get<abi::OfferMessage>(*read), fd);
  return {};
}

Result<void> OfferServer::handle_object(const abi::ObjectMessage& object, int fd) {
  if (!store_.objects().stage(object, fd)) {
    return refused("it sent more objects than one generation can use, and offered none");
  }
  if (const std::string& fault = store_.objects().last_fault(); !fault.empty()) {
    log_(Severity::kWarning, "refused " + fault);
  }
  return {};
}

void OfferServer::handle_offer(const abi::OfferMessage& offer, int fd) {
  const auto outcome = store_.publish(offer, fd);
  if (!outcome) {
    log_(Severity::kWarning,
         "rejected generation " + std::to_string(offer.generation) + ": " + outcome.error().text);
    // One of them was the fault, perhaps under the id and digest of a sound one, and that one must
    // find its place free.
    store_.objects().drop_staged();
    reply(abi::OfferType::kRejected, offer.generation, 0, outcome.error().text);
  } else if (*outcome == ImageStore::Outcome::kBusy) {
    const std::string who = waits_for_text(store_.live());
    log_(Severity::kInfo,
         "busy: generation " + std::to_string(offer.generation) + " must wait for " + who);
    reply(abi::OfferType::kBusy, offer.generation, 0, who);
  } else {
    offered_ = true;
    store_.await_grace(kGracePatience);
  }
}

void OfferServer::report(const StoreEvent& event) {
  const bool is_overdue = event.kind == StoreEvent::Kind::kOverdue;
  log_(is_overdue ? Severity::kWarning : Severity::kInfo, event_text(event, *store_.manifest()));
  const auto us = static_cast<std::uint64_t>(event.took.count());
  if (event.kind == StoreEvent::Kind::kRetired) {
    reply(abi::OfferType::kRetired, event.generation, us);
  } else if (event.kind == StoreEvent::Kind::kPublished && std::exchange(offered_, false)) {
    reply(abi::OfferType::kPublished, event.generation, us);
  }
}

void OfferServer::reply(abi::OfferType type, std::uint64_t generation, std::uint64_t microseconds,
                        const std::string& text) {
  if (connection_.valid()) {
    send(bytes_of(make_reply(type, generation, microseconds, text)));
  }
}

void OfferServer::send(std::span<const std::byte> message) {
  if (auto sent = send_message(connection_.get(), message); !sent) {
    disconnect(sent.error().code == ErrorCode::kTimeout ? "it does not read its answers"
                                                        : sent.error().text);
  }
}

void OfferServer::tell_connected(bool is_connected) const noexcept {
  if (config_.is_connected != nullptr) {
    config_.is_connected->store(is_connected, std::memory_order_relaxed);
  }
}

void OfferServer::disconnect(const std::string& why) {
  if (why.empty()) {
    log_(Severity::kInfo, "control disconnected (pid " + std::to_string(peer_) + ")");
  } else {
    log_(Severity::kWarning, "closed the connection of pid " + std::to_string(peer_) + ": " + why);
  }
  connection_.reset();
  tell_connected(false);
  offered_ = false;
  store_.forget_offer();
  store_.objects().drop_staged();
}

}  // namespace dialtone::image
