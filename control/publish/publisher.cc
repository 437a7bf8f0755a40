// SPDX-License-Identifier: Apache-2.0
#include "control/publish/publisher.h"

#include "dataplane/abi/policy_check.h"

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
// Memory or descriptors were short for an offer.
constexpr milliseconds kRetryOffer{1000};
// A dataplane with a full queue is stopped, and must not stop us.
constexpr milliseconds kConnectPatience{10};
constexpr timeval kSendTimeout{5, 0};

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

Publisher::Publisher(std::string socket, const image_build::Image& image,
                     const image_build::ServedPolicy& policy, LogLine log)
    : socket_(std::move(socket)), image_(image), policy_(policy), log_(std::move(log)) {}

void Publisher::add_poll_fds(std::vector<pollfd>& fds) const {
  if (connection_.valid()) {
    fds.push_back({connection_.get(), POLLIN, 0});
  }
}

Publisher::Clock::time_point Publisher::due(Clock::time_point now) const noexcept {
  if (!connection_.valid()) {
    return next_connect_;
  }
  return offer_trouble_.empty() ? now + std::chrono::hours(1) : next_offer_;
}

void Publisher::step(Clock::time_point now) {
  if (!connection_.valid() && now >= next_connect_) {
    connect(now);
  }
  if (connection_.valid()) {
    read_waiting(now);
  }
  if (!can_offer(now)) {
    return;
  }
  if (wants_newest()) {
    offer_newest(now);
  } else if (wants_last_good()) {
    log_(Severity::kInfo, "offering the last good generation, " +
                              std::to_string(last_good_->offer.generation) + ", again");
    send({last_good_->offer, last_good_->version, last_good_->policy, last_good_->tombstones, now});
  }
}

void Publisher::connect(Clock::time_point now) {
  auto connection = connect_unix(socket_, SocketType::kSeqPacket, kConnectPatience);
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
    DIALTONE_TRY(take_shared(message));
    greet(hello);
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

Result<void> Publisher::take_shared(Message& message) {
  message.descriptors.resize(abi::kHelloDescriptors);  // what did not come is no descriptor
  counters_ = std::move(message.descriptors[abi::kHelloCounters]);
  events_ = std::move(message.descriptors[abi::kHelloEvents]);
  return map_misses(std::move(message.descriptors[abi::kHelloMisses]));
}

// A dataplane without them never asks.
Result<void> Publisher::map_misses(UniqueFd rings) {
  misses_.reset();
  if (!rings.valid()) {
    return {};
  }
  auto misses = MissSource::open(rings.get());
  if (!misses) {
    return misses.error();
  }
  misses_.emplace(*std::move(misses));
  return {};
}

void Publisher::take_misses(std::vector<abi::Miss>& out, std::size_t most) {
  if (misses_) {
    misses_->take(out, most);
  }
}

void Publisher::greet(const abi::HelloMessage& hello) {
  hello_ = hello;
  trouble_.clear();
  sender_.forget_all();
  busy_ = false;
  refused_version_ = 0;  // another dataplane, with memory of its own
  last_generation_ = std::max(last_generation_, hello.generation);
  served_generation_ = hello.generation;
  served_digest_ = hello.content_digest;
  // The very files are served already, under the same policy: after a restart of control there is
  // nothing to do.
  const bool same = hello.generation != 0 && image_.version() != 0 &&
                    hello.content_digest == image_.files().content_digest() &&
                    hello.policy_check == policy_check();
  served_version_ = same ? image_.version() : 0;
  served_tombstones_ = tombstones_.version();  // to say them is not worth a generation
  served_policy_ = hello.policy_check;
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
        rejected(reply);
      }
      break;
    case abi::OfferType::kBusy:
      if (ours) {
        // What was sent stays known to the dataplane; the newest state is offered later.
        busy_ = true;
        busy_why_ = text_of(reply);
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
  served_tombstones_ = in_flight_->tombstones;
  served_policy_ = in_flight_->policy;
  served_digest_ = offer.content_digest;
  publish_us_ = static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::microseconds>(now - in_flight_->began).count());
  sender_.keep(offer);
  log_(Severity::kInfo, "published generation " + std::to_string(reply.generation) + " in " +
                            milliseconds_text(publish_us_) + " (swap " +
                            milliseconds_text(reply.microseconds) + ")");
  last_good_ = std::exchange(in_flight_, std::nullopt);
}

void Publisher::rejected(const abi::OfferReply& reply) {
  const std::string why = text_of(reply);
  log_(Severity::kWarning,
       "the dataplane refused generation " + std::to_string(reply.generation) + ": " + why);
  if (last_good_ && last_good_->offer.generation == reply.generation) {
    last_good_.reset();  // it was once published; now there is nothing better to offer
  } else {
    refused_version_ = in_flight_->version;
    refused_policy_ = in_flight_->policy;
    refused_why_ = why;
  }
  sender_.forget_unpublished();
  in_flight_.reset();
}

bool Publisher::can_offer(Clock::time_point now) const noexcept {
  return hello_ && connection_.valid() && !in_flight_ && !busy_ && now >= next_offer_;
}

std::uint32_t Publisher::policy_check() const noexcept {
  return abi::policy_check(policy_.policy, policy_.clients);
}

bool Publisher::wants_newest() const noexcept {
  const std::uint32_t policy = policy_check();
  const bool is_news = image_.version() != served_version_ || policy != served_policy_ ||
                       tombstones_.version() != served_tombstones_;
  const bool was_refused = image_.version() == refused_version_ && policy == refused_policy_;
  return image_.version() != 0 && is_news && !was_refused;
}

bool Publisher::wants_last_good() const noexcept {
  return served_generation_ == 0 && last_good_ && refused_version_ != 0;
}

void Publisher::offer_newest(Clock::time_point now) {
  const auto absent = tombstones_.table(now, image_.seed(), image_.files());
  auto offer = image_.offer(++last_generation_, policy_, absent);
  if (!offer) {
    next_offer_ = now + kRetryOffer;
    if (offer_trouble_ != offer.error().text) {
      offer_trouble_ = offer.error().text;
      log_(Severity::kWarning, "no offer could be made: " + offer_trouble_);
    }
    return;
  }
  offer_trouble_.clear();
  send({*std::move(offer), image_.version(), policy_check(), tombstones_.version(), now});
}

void Publisher::send(InFlight offer) {
  const Clock::time_point now = offer.began;
  in_flight_ = std::move(offer);
  if (auto sent = sender_.send(connection_.get(), in_flight_->offer); !sent) {
    disconnect("the dataplane does not take our offer: " + sent.error().text, now, kRetry);
  }
}

void Publisher::disconnect(const std::string& why, Clock::time_point now, Clock::duration retry) {
  if (why != trouble_) {
    log_(Severity::kWarning, why);
    trouble_ = why;
  }
  connection_.reset();
  hello_.reset();
  counters_.reset();
  misses_.reset();
  events_.reset();
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
    return "old generations are still being read by slow transfers" +
           (busy_why_.empty() ? std::string() : ": " + busy_why_) + "; it is served when one ends";
  }
  if (!offer_trouble_.empty()) {
    return "no offer could be made: " + offer_trouble_ + "; it is tried again each second";
  }
  return "the dataplane, pid " + std::to_string(hello_->pid) +
         ", has not answered yet; look at its log, and whether its process is stopped";
}

}  // namespace dialtone::publish
