// SPDX-License-Identifier: Apache-2.0
#include "control/publish/publisher.h"

#include <sys/socket.h>
#include <sys/time.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace dialtone::publish {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kRetry{100};
// Another control holds the dataplane: look less often, it may stay for long.
constexpr milliseconds kRetryRefused{1000};
constexpr timeval kSendTimeout{5, 0};

template <typename T>
std::span<const std::byte> bytes_of(const T& message) {
  return std::as_bytes(std::span<const T, 1>(&message, 1));
}

template <typename T>
bool read_as(const Message& message, T& out) {
  if (message.bytes.size() != sizeof(T)) {
    return false;
  }
  std::memcpy(&out, message.bytes.data(), sizeof(T));
  return true;
}

std::string text_of(const abi::OfferReply& reply) {
  return std::string(reply.text, ::strnlen(reply.text, sizeof(reply.text)));
}

std::string milliseconds_text(std::uint64_t us) {
  std::string text = std::to_string(us / 1000) + '.' + std::to_string(us % 1000 / 100);
  return text + " ms";
}

}  // namespace

Publisher::Publisher(std::string socket, const image_build::Image& image, const abi::Policy& policy,
                     LogLine log)
    : socket_(std::move(socket)), image_(image), policy_(policy), log_(std::move(log)) {}

void Publisher::add_poll_fds(std::vector<pollfd>& fds) const {
  if (connection_.valid()) {
    fds.push_back({connection_.get(), POLLIN, 0});
  }
}

Publisher::Clock::time_point Publisher::due(Clock::time_point now) const noexcept {
  return connection_.valid() ? now + std::chrono::hours(1) : next_connect_;
}

void Publisher::step(Clock::time_point now) {
  if (!connection_.valid() && now >= next_connect_) {
    connect(now);
  }
  if (connection_.valid()) {
    read_waiting(now);
  }
  if (wants_offer()) {
    offer(now);
  }
}

void Publisher::connect(Clock::time_point now) {
  auto connection = connect_unix(socket_, SocketType::kSeqPacket);
  if (!connection) {
    disconnect("no dataplane: " + connection.error().text, now, kRetry);
    return;
  }
  // Reads must not block, while a send may wait for the dataplane's housekeeper.
  if (::setsockopt(connection->get(), SOL_SOCKET, SO_SNDTIMEO, &kSendTimeout,
                   sizeof(kSendTimeout)) != 0) {
    disconnect(errno_error("limiting sends", errno).text, now, kRetry);
    return;
  }
  connection_ = *std::move(connection);
}

void Publisher::read_waiting(Clock::time_point now) {
  pollfd waiting{connection_.get(), POLLIN, 0};
  while (connection_.valid() && ::poll(&waiting, 1, 0) > 0) {
    auto message = receive_message(connection_.get(), abi::kMaxOfferMessage);
    if (!message) {
      disconnect("the dataplane's connection broke: " + message.error().text, now, kRetry);
      return;
    }
    if (message->bytes.empty()) {
      disconnect("the dataplane closed the connection", now, kRetry);
      return;
    }
    if (auto done = handle(*message, now); !done) {
      disconnect(done.error().text, now, kRetryRefused);
      return;
    }
  }
}

Result<void> Publisher::handle(Message& message, Clock::time_point now) {
  abi::OfferHeader header{};
  if (message.bytes.size() < sizeof(header)) {
    return refused("what listens on " + socket_ + " is no dataplane of ours");
  }
  std::memcpy(&header, message.bytes.data(), sizeof(header));
  if (header.magic != abi::kOfferMagic || header.version != abi::kOfferVersion) {
    return refused("what listens on " + socket_ + " speaks another version of the offer protocol");
  }
  abi::HelloMessage hello{};
  abi::OfferReply reply{};
  if (header.type == abi::OfferType::kHello && read_as(message, hello)) {
    if (hello.image_version != abi::kImageVersion) {
      return refused("the dataplane reads images of version " +
                     std::to_string(hello.image_version) + ", this control writes version " +
                     std::to_string(abi::kImageVersion) + "; install both from one release");
    }
    greet(hello, message, now);
    return {};
  }
  if (!read_as(message, reply)) {
    return refused("the dataplane sent a message of the wrong size");
  }
  if (header.type == abi::OfferType::kRejected && reply.generation == 0) {
    return refused("the dataplane turned us away: " + text_of(reply));
  }
  handle_reply(reply, now);
  return {};
}

void Publisher::greet(const abi::HelloMessage& hello, Message& message, Clock::time_point) {
  hello_ = hello;
  trouble_.clear();
  if (!message.descriptors.empty()) {
    counters_ = std::move(message.descriptors.front());
  }
  known_.clear();
  busy_ = false;
  last_generation_ = std::max(last_generation_, hello.generation);
  served_generation_ = hello.generation;
  served_digest_ = hello.content_digest;
  // The very files are served already: after a restart of control there is nothing to do.
  const bool same = hello.generation != 0 && image_.version() != 0 &&
                    hello.content_digest == image_.files().content_digest();
  served_version_ = same ? image_.version() : 0;
  log_(Severity::kInfo, "connected to the dataplane, pid " + std::to_string(hello.pid) +
                            (hello.generation == 0 ? std::string(", which serves nothing yet")
                                                   : ", which serves generation " +
                                                         std::to_string(hello.generation)) +
                            (same ? " with the same files" : ""));
}

void Publisher::handle_reply(const abi::OfferReply& reply, Clock::time_point now) {
  const bool ours = in_flight_ && in_flight_->offer.generation == reply.generation;
  switch (reply.header.type) {
    case abi::OfferType::kPublished:
      if (ours) {
        published(reply, now);
      }
      break;
    case abi::OfferType::kRejected:
      if (ours) {
        refused_version_ = in_flight_->version;
        refused_why_ = text_of(reply);
        log_(Severity::kWarning, "the dataplane refused generation " +
                                     std::to_string(reply.generation) + ": " + refused_why_);
        in_flight_.reset();
      }
      break;
    case abi::OfferType::kBusy:
      if (ours) {
        // What was sent stays known to the dataplane; the newest state is offered later.
        busy_ = true;
        in_flight_.reset();
      }
      break;
    case abi::OfferType::kRetired:
      busy_ = false;
      break;
    default:
      break;
  }
}

void Publisher::published(const abi::OfferReply& reply, Clock::time_point now) {
  const image_build::Offer& offer = in_flight_->offer;
  served_generation_ = offer.generation;
  served_version_ = in_flight_->version;
  served_digest_ = offer.content_digest;
  publish_us_ = static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::microseconds>(now - in_flight_->began).count());
  known_.clear();
  for (const image_build::ObjectPtr& segment : offer.segments) {
    known_.insert(segment->id);
  }
  known_.insert(offer.base->id);
  if (offer.delta != nullptr) {
    known_.insert(offer.delta->id);
  }
  log_(Severity::kInfo, "published generation " + std::to_string(reply.generation) + " in " +
                            milliseconds_text(publish_us_) + " (swap " +
                            milliseconds_text(reply.microseconds) + ")");
  in_flight_.reset();
}

bool Publisher::wants_offer() const noexcept {
  return hello_ && connection_.valid() && !in_flight_ && !busy_ && image_.version() != 0 &&
         image_.version() != served_version_ && image_.version() != refused_version_;
}

void Publisher::offer(Clock::time_point now) {
  auto offer = image_.offer(++last_generation_, policy_);
  if (!offer) {
    refused_version_ = image_.version();
    refused_why_ = offer.error().text;
    log_(Severity::kWarning, "no offer could be made: " + refused_why_);
    return;
  }
  in_flight_ = InFlight{*std::move(offer), image_.version(), now};
  if (auto sent = send_offer(in_flight_->offer); !sent) {
    disconnect("the dataplane does not take our offer: " + sent.error().text, now, kRetry);
  }
}

Result<void> Publisher::send_offer(const image_build::Offer& offer) {
  for (const image_build::ObjectPtr& segment : offer.segments) {
    DIALTONE_TRY(send_object(abi::ObjectKind::kSegment, segment));
  }
  DIALTONE_TRY(send_object(abi::ObjectKind::kIndex, offer.base));
  if (offer.delta != nullptr) {
    DIALTONE_TRY(send_object(abi::ObjectKind::kIndex, offer.delta));
  }
  const abi::OfferMessage message{abi::offer_header(abi::OfferType::kOffer), offer.generation,
                                  offer.manifest->size, offer.manifest->digest};
  const int fd = offer.manifest->fd.get();
  return send_message(connection_.get(), bytes_of(message), {&fd, 1});
}

Result<void> Publisher::send_object(abi::ObjectKind kind, const image_build::ObjectPtr& object) {
  if (!known_.insert(object->id).second) {
    return {};
  }
  const abi::ObjectMessage message{abi::offer_header(abi::OfferType::kObject),
                                   kind,
                                   0,
                                   object->id,
                                   object->size,
                                   object->digest};
  const int fd = object->fd.get();
  return send_message(connection_.get(), bytes_of(message), {&fd, 1});
}

void Publisher::disconnect(const std::string& why, Clock::time_point now, Clock::duration retry) {
  if (why != trouble_) {
    log_(Severity::kWarning, why);
    trouble_ = why;
  }
  connection_.reset();
  hello_.reset();
  counters_.reset();
  in_flight_.reset();
  served_version_ = 0;
  next_connect_ = now + retry;
}

PublishState Publisher::state(std::uint64_t version) const noexcept {
  if (served_version_ >= version && version != 0) {
    return PublishState::kPublished;
  }
  return refused_version_ >= version && refused_version_ != 0 ? PublishState::kRefused
                                                              : PublishState::kPending;
}

std::string Publisher::why(std::uint64_t version) const {
  if (state(version) == PublishState::kRefused) {
    return "the dataplane refused it: " + refused_why_;
  }
  if (!hello_) {
    return "no dataplane is connected on " + socket_ + "; it is served when one comes";
  }
  if (busy_) {
    return "three generations are still being read by slow transfers; it is served when one ends";
  }
  return "the dataplane has not answered yet";
}

}  // namespace dialtone::publish
