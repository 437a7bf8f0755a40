// SPDX-License-Identifier: Apache-2.0
#include "dataplane/image/offer_server.h"

#include "dataplane/abi/client_prefixes.h"
#include "dataplane/abi/policy_check.h"
#include "dataplane/base/check.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <span>
#include <utility>

namespace dialtone::image {
namespace {

// Taken in one step, so that a flood of them cannot keep the housekeeper from the rest.
constexpr int kMessagesPerStep = 64;
constexpr int kConnectionsPerStep = 64;

template <typename T>
std::span<const std::byte> bytes_of(const T& message) {
  return std::as_bytes(std::span<const T, 1>(&message, 1));
}

abi::OfferReply make_reply(abi::OfferType type, std::uint64_t generation,
                           std::uint64_t microseconds, const std::string& text) {
  abi::OfferReply reply{};
  reply.header = abi::offer_header(type);
  reply.generation = generation;
  reply.microseconds = microseconds;
  std::strncpy(reply.text, text.c_str(), sizeof(reply.text) - 1);
  return reply;
}

std::string milliseconds(std::chrono::microseconds time) {
  const auto us = static_cast<std::uint64_t>(time.count());
  std::string digits = std::to_string(us % 1000);
  digits.insert(0, 3 - digits.size(), '0');
  return std::to_string(us / 1000) + '.' + digits + " ms";
}

// Which old generations keep an offer waiting, for a person.
std::string text_of(const std::vector<LiveGeneration>& live) {
  std::string text;
  for (std::size_t i = 0; i + 1 < live.size(); ++i) {
    const LiveGeneration& old = live[i];
    text += (text.empty() ? "generation " : ", generation ") + std::to_string(old.number) + " (" +
            std::to_string(old.transfers) + (old.transfers == 1 ? " transfer, " : " transfers, ") +
            std::to_string(old.bytes >> 10) + " KiB, replaced " +
            std::to_string(old.waiting.count()) + " s ago)";
  }
  return text;
}

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
  auto listener = UnixListener::open(config.path, SocketType::kSeqPacket);
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
  accept_waiting();
  for (const StoreEvent& event : store_.poll()) {
    report(event);
  }
}

void OfferServer::accept_waiting() {
  log_left_out();
  for (int i = 0; i < kConnectionsPerStep; ++i) {
    auto accepted = listener_.accept();
    if (!accepted) {
      log_refusal(accepted.error().text);
      return;
    }
    if (!accepted->has_value()) {
      return;
    }
    accept(std::move(**accepted));
  }
}

void OfferServer::accept(UniqueFd connection) {
  const auto peer = peer_credentials(connection.get());
  if (!peer || (peer->uid != 0 && peer->uid != ::geteuid())) {
    log_refusal("refused a process of another user" +
                (peer.ok() ? " (uid " + std::to_string(peer->uid) + ", pid " +
                                 std::to_string(peer->pid) + ")"
                           : std::string()));
    return;
  }
  ::fcntl(connection.get(), F_SETFL, O_NONBLOCK);
  if (connection_.valid() && has_hung_up(connection_.get())) {
    finish_dead_connection();
  }
  if (connection_.valid()) {
    const std::string text =
        "another control is connected (pid " + std::to_string(peer_) + "); stop it first";
    log_refusal("refused pid " + std::to_string(peer->pid) + ": " + text);
    (void)send_message(connection.get(),
                       bytes_of(make_reply(abi::OfferType::kRejected, 0, 0, text)));
    return;
  }
  peer_ = peer->pid;
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

void OfferServer::log_refusal(const std::string& line) {
  if (refusals_.admit(LogLimit::Clock::now())) {
    log_(Severity::kWarning, "offer socket: " + line);
  }
}

void OfferServer::log_left_out() {
  if (const std::uint64_t count = refusals_.take_left_out(LogLimit::Clock::now()); count != 0) {
    log_(Severity::kWarning,
         "offer socket: refused " + std::to_string(count) + " more in the last seconds");
  }
}

void OfferServer::greet(UniqueFd connection) {
  abi::HelloMessage hello{};
  hello.header = abi::offer_header(abi::OfferType::kHello);
  hello.image_version = abi::kImageVersion;
  hello.worker_count = config_.workers;
  hello.pid = static_cast<std::uint64_t>(::getpid());
  if (const abi::Manifest* manifest = store_.manifest(); manifest != nullptr) {
    hello.generation = manifest->generation;
    hello.content_digest = manifest->content_digest;
    hello.policy_check = abi::policy_check(manifest->policy, abi::client_ranges(*manifest));
  }
  hello.private_map = store_.objects().mode() == MapMode::kPrivate ? 1 : 0;
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
    if (std::string why; !handle(*message, why)) {
      disconnect(why);
      return;
    }
  }
}

bool OfferServer::handle(Message& message, std::string& why) {
  abi::OfferHeader header{};
  if (message.bytes.size() < sizeof(header)) {
    why = "a message of " + std::to_string(message.bytes.size()) + " bytes is no offer message";
    return false;
  }
  std::memcpy(&header, message.bytes.data(), sizeof(header));
  if (header.magic != abi::kOfferMagic || header.version != abi::kOfferVersion) {
    why = "it does not speak version " + std::to_string(abi::kOfferVersion) +
          " of the offer protocol";
    return false;
  }
  const auto read = [&](auto& into) {
    const bool whole = message.bytes.size() == sizeof(into) && message.descriptors.size() == 1;
    if (whole) {
      std::memcpy(&into, message.bytes.data(), sizeof(into));
    } else {
      why = "a message of type " + std::to_string(static_cast<int>(header.type)) +
            " has the wrong size or not one descriptor";
    }
    return whole;
  };
  if (header.type == abi::OfferType::kObject) {
    abi::ObjectMessage object{};
    return read(object) && handle_object(object, message.descriptors[0].get(), why);
  }
  if (header.type == abi::OfferType::kOffer) {
    abi::OfferMessage offer{};
    if (!read(offer)) {
      return false;
    }
    handle_offer(offer, message.descriptors[0].get());
    return true;
  }
  why = "a message of type " + std::to_string(static_cast<int>(header.type)) +
        " does not come from a control";
  return false;
}

bool OfferServer::handle_object(const abi::ObjectMessage& object, int fd, std::string& why) {
  if (object.kind != abi::ObjectKind::kSegment && object.kind != abi::ObjectKind::kIndex) {
    why = "object " + id_text(object.id) + " has an unknown kind";
    return false;
  }
  if (!store_.objects().stage(object, fd)) {
    why = "it sent more objects than one generation can use, and offered none";
    return false;
  }
  if (const std::string& fault = store_.objects().last_fault(); !fault.empty()) {
    log_(Severity::kWarning, "refused " + fault);
  }
  return true;
}

void OfferServer::handle_offer(const abi::OfferMessage& offer, int fd) {
  const auto outcome = store_.publish(offer, fd);
  if (!outcome) {
    log_(Severity::kWarning,
         "rejected generation " + std::to_string(offer.generation) + ": " + outcome.error().text);
    reply(abi::OfferType::kRejected, offer.generation, 0, outcome.error().text);
  } else if (*outcome == ImageStore::Outcome::kBusy) {
    const std::string who = text_of(store_.live());
    log_(Severity::kInfo,
         "busy: generation " + std::to_string(offer.generation) + " must wait for " + who);
    reply(abi::OfferType::kBusy, offer.generation, 0, who);
  } else {
    offered_ = true;
  }
}

void OfferServer::report(const StoreEvent& event) {
  const std::string number = std::to_string(event.generation);
  const auto us = static_cast<std::uint64_t>(event.took.count());
  if (event.kind == StoreEvent::Kind::kPublished) {
    const abi::Manifest& manifest = *store_.manifest();
    log_(Severity::kInfo, "published generation " + number + ": " +
                              std::to_string(manifest.file_count) + " files, " +
                              std::to_string(manifest.segment_count) + " segments, " +
                              milliseconds(event.took));
    if (std::exchange(offered_, false)) {
      reply(abi::OfferType::kPublished, event.generation, us);
    }
  } else if (event.kind == StoreEvent::Kind::kOverdue) {
    log_(Severity::kWarning, "ending the transfers that still read generation " + number +
                                 ": a newer one waits for it, and it was replaced " +
                                 std::to_string(us / 1'000'000) + " s ago (drain_deadline_s)");
  } else {
    log_(Severity::kInfo, "retired generation " + number + " after " + milliseconds(event.took));
    reply(abi::OfferType::kRetired, event.generation, us);
  }
}

void OfferServer::reply(abi::OfferType type, std::uint64_t generation, std::uint64_t microseconds,
                        const std::string& text) {
  if (!connection_.valid()) {
    return;
  }
  const abi::OfferReply message = make_reply(type, generation, microseconds, text);
  if (auto sent = send_message(connection_.get(), bytes_of(message)); !sent) {
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
