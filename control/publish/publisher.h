// SPDX-License-Identifier: Apache-2.0
//
// Control's end of the offer socket (dataplane/abi/offer_protocol.h, docs/swap-protocol.md): keeps
// a connection to the dataplane, offers the newest state of an image whenever what is served is
// another one, and remembers what the dataplane said. Programs start and end in any order: a
// dataplane that comes back gets all of the newest generation, or, when it refuses that one, the
// newest that was ever published. A rollback offers an older image until it is ended. Whether
// clients are served at all is ordered here too, and ordered again of a dataplane that comes back.
// One thread; step() blocks only while the dataplane is slow to read, and for some seconds a
// message at most.
#pragma once

#include "control/image/image.h"
#include "control/image/tombstones.h"
#include "control/publish/dataplane_connection.h"
#include "control/publish/offer_ledger.h"
#include "control/publish/offer_sender.h"
#include "dataplane/abi/offer_protocol.h"
#include "dataplane/base/error.h"
#include "dataplane/base/log_limit.h"
#include "dataplane/base/log_line.h"

#include <poll.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace dialtone::publish {

class Publisher {
 public:
  using Clock = std::chrono::steady_clock;

  // `image` and `policy` outlive the publisher. When one of them differs from what is served, the
  // next step() offers both.
  using Published = std::function<void(const SentOffer& offer)>;
  Publisher(std::string socket, const image_build::Image& image,
            const image_build::ServedPolicy& policy, LogLine log);

  // Is called for each PUBLISHED.
  void after_published(Published call) { after_published_ = std::move(call); }
  // As OfferLedger.
  void start_behind(std::uint64_t kept, std::uint64_t reserved) noexcept {
    ledger_.start_behind(kept, reserved);
  }

  // Offers `image`, which outlives the rollback, instead of the newest one, whatever that becomes;
  // null: the newest again.
  void roll_back(const image_build::Image* image) noexcept;
  bool is_rolled_back() const noexcept { return old_image_ != nullptr; }
  // What is to be served: the newest image, or that of the rollback.
  const image_build::Image& offered_image() const noexcept {
    return old_image_ != nullptr ? *old_image_ : image_;
  }
  // Of that one.
  PublishState offered_state() const noexcept;

  // What to poll() for before the next step(), and when a step is due even if nothing comes.
  void add_poll_fds(std::vector<pollfd>& fds) const { connection_.add_poll_fds(fds); }
  Clock::time_point due(Clock::time_point now) const noexcept;

  // Connects, reads what waits, offers what is new.
  void step(Clock::time_point now);

  // What was refused is offered once more: something may have been put right since.
  void retry_refused() noexcept { ledger_.forget_refusal(); }

  // An order of the service, for the dataplane that is connected and those that come after it. What
  // becomes of it is in hello(), once it is answered. Refused: none is connected, and the order is
  // kept for one.
  Result<void> order_service(abi::ServiceOrder order);
  // The newest order, when the dataplane that is connected has not yet said that its workers have
  // taken it up: the state in hello() is one of before it. Nothing: it is of now.
  std::optional<abi::ServiceOrder> unanswered_order() const noexcept {
    return hello() != nullptr && connection_.answered_order() != order_number_ ? order_
                                                                               : std::nullopt;
  }

  // Appends the names that workers ask for, `most` at most; none when no dataplane is connected.
  void take_misses(std::vector<abi::Miss>& out, std::size_t most);
  // A name that is not there: the next step() publishes a tombstone for it.
  void say_absent(const std::string& name, Clock::time_point until) {
    tombstones_.add(name, until);
  }

  // Of version `version` of the newest image, or a later one.
  PublishState state(std::uint64_t version) const noexcept {
    return is_rolled_back() ? PublishState::kHeld : ledger_.state(version);
  }
  // Of the policy as it is now.
  PublishState policy_state() const noexcept { return ledger_.policy_state(newest().policy); }
  // What kPending waits for; or what the dataplane did not like, and what to do. Empty for what is
  // published, and when nothing is refused any more.
  std::string why(PublishState state) const;
  // A policy was refused that is not the present one: what clients are told during a build. Why,
  // and what to do; empty: none was.
  std::string passing_refusal() const;

  // Of the newest PUBLISHED.
  std::uint64_t generation() const noexcept { return ledger_.generation(); }
  const Digest& served_digest() const noexcept { return ledger_.content(); }
  // From its offer to PUBLISHED, as seen here.
  std::uint64_t publish_us() const noexcept { return publish_us_; }
  // The dataplane's part of it, by its own clock.
  std::uint64_t swap_us() const noexcept { return swap_us_; }

  // The offer that the dataplane serves; null: none of ours is served.
  const SentOffer* served_offer() const noexcept {
    return hello() == nullptr ? nullptr : ledger_.served_offer();
  }
  // What would be offered now, without a number; refused when nothing was built.
  Result<image_build::Offer> make_offer() const;

  // Of the image's segments on huge pages that the dataplane keeps mapped, of old generations too.
  std::uint64_t live_huge_bytes() const { return ledger_.live_huge_bytes(); }

  // Null when no dataplane is connected.
  const abi::HelloMessage* hello() const noexcept { return connection_.hello(); }
  // For who needs what a dataplane keeps, when none is connected.
  Error no_dataplane() const;
  const HelloPages& pages() const noexcept { return connection_.pages(); }
  const std::string& socket() const noexcept { return connection_.socket(); }

 private:
  void greet(const abi::HelloMessage& hello, Clock::time_point now);
  Result<void> send_order(abi::ServiceOrder order, Clock::time_point now);
  void handle(const abi::OfferReply& reply, Clock::time_point now);
  void published(const abi::OfferReply& reply, Clock::time_point now);
  void rejected(const abi::OfferReply& reply);
  OfferedState newest() const noexcept;
  void offer(Clock::time_point now);
  void offer_newest(Clock::time_point now);
  void send(SentOffer offer);

  const image_build::Image& image_;
  const image_build::Image* old_image_ = nullptr;  // of the rollback; null: none
  std::uint64_t rollbacks_ = 0;                    // so far
  const image_build::ServedPolicy& policy_;
  LogLine log_;
  DataplaneConnection connection_;
  OfferLedger ledger_;
  Published after_published_;
  OfferSender sender_;
  image_build::Tombstones tombstones_;
  std::uint64_t publish_us_ = 0;
  std::uint64_t swap_us_ = 0;
  std::optional<abi::ServiceOrder> order_;  // the newest; nothing: none was given
  std::uint32_t order_number_ = 0;          // of the one that was sent last; 0: none since HELLO
  std::uint64_t said_faulty_ = 0;           // names of this dataplane, by the log
  LogLimit faulty_limit_;
  Clock::time_point next_offer_;
  std::string offer_trouble_;  // why no offer could be made; empty: none
};

}  // namespace dialtone::publish
