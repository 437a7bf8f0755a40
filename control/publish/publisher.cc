// SPDX-License-Identifier: Apache-2.0
#include "control/publish/publisher.h"

#include "control/publish/faulty_text.h"
#include "dataplane/abi/policy_check.h"
#include "dataplane/base/unix_socket.h"

#include <span>
#include <utility>
#include <variant>

namespace dialtone::publish {
namespace {

// Memory or descriptors were short for an offer.
constexpr std::chrono::milliseconds kRetryOffer{1000};

constexpr const char* kNothingBuilt =
    "nothing was built yet; 'dialtone build' tries it, and says what is in the way";

constexpr const char* kAfterRefusal =
    "; when that is put right ([policy] is read at the start of dialtone-control), 'dialtone "
    "build' offers it again";

std::string milliseconds_text(std::uint64_t us) {
  std::string text = std::to_string(us / 1000) + '.' + std::to_string(us % 1000 / 100);
  return text + " ms";
}

// A dataplane that drains may have been told to stop, or not: to say it once more costs nothing.
bool has_followed(abi::ServiceOrder order, abi::ServiceState state) noexcept {
  switch (order) {
    case abi::ServiceOrder::kStart:
      return state == abi::ServiceState::kRunning;
    case abi::ServiceOrder::kDrain:
      return state != abi::ServiceState::kRunning;
    case abi::ServiceOrder::kStop:
      break;
  }
  return state == abi::ServiceState::kStopped;
}

}  // namespace

Publisher::Publisher(std::string socket, const image_build::Image& image,
                     const image_build::ServedPolicy& policy, LogLine log)
    : image_(image), policy_(policy), log_(log), connection_(std::move(socket), std::move(log)) {}

Publisher::Clock::time_point Publisher::due(Clock::time_point now) const noexcept {
  if (!connection_.is_open()) {
    return connection_.next_connect();
  }
  return offer_trouble_.empty() ? now + std::chrono::hours(1) : next_offer_;
}

void Publisher::step(Clock::time_point now) {
  connection_.connect_when_due(now);
  while (const auto message = connection_.receive(now)) {
    if (const auto* hello = std::get_if<abi::HelloMessage>(&*message)) {
      greet(*hello, now);
    } else if (const auto* reply = std::get_if<abi::OfferReply>(&*message)) {
      handle(*reply, now);
    }
  }
  if (!connection_.is_open()) {
    ledger_.end();
  } else if (hello() != nullptr && ledger_.may_offer() && now >= next_offer_) {
    offer(now);
  }
}

void Publisher::greet(const abi::HelloMessage& hello, Clock::time_point now) {
  sender_.forget_all();
  said_faulty_ = 0;
  order_number_ = 0;
  // When the very files are served already, under the same policy, there is nothing to do after a
  // restart of control. To say what is absent is not worth a generation.
  OfferedState served = newest();
  const bool same = hello.generation != 0 && served.image != 0 &&
                    hello.content_digest == offered_image().files().content_digest();
  const bool other_policy = hello.policy_check != served.policy;
  served.image = same ? served.image : 0;
  served.policy = hello.policy_check;
  ledger_.begin(hello.generation, hello.content_digest, served);
  log_(Severity::kInfo, "connected to the dataplane, pid " + std::to_string(hello.pid) +
                            (hello.generation == 0 ? std::string(", which serves nothing yet")
                                                   : ", which serves generation " +
                                                         std::to_string(hello.generation)) +
                            (same ? " with the same files" : "") +
                            (same && other_policy ? ", under another policy" : ""));
  // A dataplane that was started anew serves; one that outlived us does what was ordered last.
  if (order_ && !has_followed(*order_, hello.service)) {
    (void)send_order(*order_, now);  // where it fails the connection ends, and the next one is told
  }
}

Result<void> Publisher::order_service(abi::ServiceOrder order) {
  order_ = order;
  return hello() == nullptr ? Result<void>(no_dataplane()) : send_order(order, Clock::now());
}

Result<void> Publisher::send_order(abi::ServiceOrder order, Clock::time_point now) {
  const abi::ServiceMessage message{abi::offer_header(abi::OfferType::kService), order,
                                    ++order_number_};
  auto sent = send_message(connection_.fd(), std::as_bytes(std::span(&message, 1)));
  if (!sent) {
    connection_.end("the dataplane does not take our order: " + sent.error().text, now);
  }
  return sent;
}

void Publisher::handle(const abi::OfferReply& reply, Clock::time_point now) {
  switch (reply.header.type) {
    case abi::OfferType::kPublished:
      published(reply, now);
      break;
    case abi::OfferType::kRejected:
      rejected(reply);
      break;
    case abi::OfferType::kBusy:
      ledger_.busy(reply.generation, text_of(reply));
      break;
    case abi::OfferType::kRetired:
      ledger_.retired(reply.generation);
      break;
    default:
      break;
  }
}

void Publisher::published(const abi::OfferReply& reply, Clock::time_point now) {
  const SentOffer* sent = ledger_.published(reply.generation);
  if (sent == nullptr) {
    return;
  }
  publish_us_ = static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::microseconds>(now - sent->began).count());
  swap_us_ = reply.microseconds;
  sender_.keep(sent->offer);
  log_(Severity::kInfo, "published generation " + std::to_string(reply.generation) + " in " +
                            milliseconds_text(publish_us_) + " (swap " +
                            milliseconds_text(reply.microseconds) + ")");
  if (after_published_) {
    after_published_(*sent);
  }
}

void Publisher::rejected(const abi::OfferReply& reply) {
  const std::string why = text_of(reply);
  if (ledger_.rejected(reply.generation, why)) {
    sender_.forget_unpublished();
    log_(Severity::kWarning,
         "the dataplane refused generation " + std::to_string(reply.generation) + ": " + why);
  }
}

void Publisher::take_misses(std::vector<abi::Miss>& out, std::size_t most) {
  connection_.pages().take_misses(out, most);
  const std::uint64_t faulty = connection_.pages().faulty_misses();
  if (faulty > said_faulty_ && faulty_limit_.admit(Clock::now())) {
    said_faulty_ = faulty;
    log_(Severity::kWarning, faulty_text(faulty, "names that its workers asked for"));
  }
}

OfferedState Publisher::newest() const noexcept {
  return {offered_image().version(), abi::policy_check(policy_.policy, policy_.clients),
          tombstones_.version(), old_image_ != nullptr ? rollbacks_ : 0};
}

void Publisher::roll_back(const image_build::Image* image) noexcept {
  old_image_ = image;
  rollbacks_ += image != nullptr ? 1 : 0;
  ledger_.forget_refusal();
}

PublishState Publisher::offered_state() const noexcept {
  return is_rolled_back() ? ledger_.rollback_state(rollbacks_) : ledger_.state(image_.version());
}

void Publisher::offer(Clock::time_point now) {
  if (ledger_.wants(newest())) {
    offer_newest(now);
  } else if (const SentOffer* good = ledger_.wanted_last_good()) {
    log_(Severity::kInfo, "offering the last good generation, " +
                              std::to_string(good->offer.generation) + ", again");
    send({good->offer, good->state, now});
  }
}

Result<image_build::Offer> Publisher::make_offer() const {
  const image_build::Image& image = offered_image();
  if (image.version() == 0) {
    return refused(kNothingBuilt);
  }
  return image.offer(0, policy_);
}

void Publisher::offer_newest(Clock::time_point now) {
  const image_build::Image& image = offered_image();
  const auto absent = tombstones_.table(now, image.seed(), image.files());
  auto offer = image.offer(ledger_.next_generation(), policy_, absent);
  if (!offer) {
    next_offer_ = now + kRetryOffer;
    if (offer_trouble_ != offer.error().text) {
      offer_trouble_ = offer.error().text;
      log_(Severity::kWarning, "no offer could be made: " + offer_trouble_);
    }
    return;
  }
  offer_trouble_.clear();
  send({*std::move(offer), newest(), now});
}

void Publisher::send(SentOffer offer) {
  if (auto sent = sender_.send(connection_.fd(), offer.offer); !sent) {
    connection_.end("the dataplane does not take our offer: " + sent.error().text, offer.began);
    ledger_.end();
    return;
  }
  ledger_.sent(std::move(offer));
}

std::string Publisher::why(PublishState state) const {
  if (state == PublishState::kPublished) {
    return {};
  }
  if (state == PublishState::kHeld) {
    return "an older generation is in force since a rollback; 'dialtone publish' ends it, and "
           "serves the newest files";
  }
  if (state == PublishState::kRefused) {
    const Refusal* refusal = ledger_.refusal();
    return refusal == nullptr ? std::string()
                              : "the dataplane refused it: " + refusal->why + kAfterRefusal;
  }
  if (offered_image().version() == 0) {
    return kNothingBuilt;
  }
  if (hello() == nullptr) {
    return "no dataplane is connected on " + socket() + "; it is served when one comes";
  }
  if (const std::string* busy = ledger_.busy_why()) {
    return "old generations are still being read by slow transfers" +
           (busy->empty() ? std::string() : ": " + *busy) + "; it is served when one ends";
  }
  if (!offer_trouble_.empty()) {
    return "no offer could be made: " + offer_trouble_ + "; it is tried again each second";
  }
  return "the dataplane, pid " + std::to_string(hello()->pid) +
         ", has not answered yet; look at its log, and whether its process is stopped";
}

Error Publisher::no_dataplane() const {
  return {ErrorCode::kUnreachable,
          "no dataplane is connected on " + socket() + "; start dialtone-dataplane"};
}

std::string Publisher::passing_refusal() const {
  const Refusal* refusal = ledger_.refusal();
  if (refusal == nullptr || refusal->state.policy == newest().policy) {
    return {};
  }
  return "the dataplane refused generation " + std::to_string(refusal->generation) +
         ", so clients were not told of the build: " + refusal->why + kAfterRefusal;
}

}  // namespace dialtone::publish
