// SPDX-License-Identifier: Apache-2.0
//
// What was offered to the dataplane and what became of it: served, in flight, waiting for room, or
// refused; so also what has to be offered next (docs/swap-protocol.md, "Rules"). No socket, no log,
// no clock. One thread.
#pragma once

#include "control/image/image.h"
#include "dataplane/abi/offer_protocol.h"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace dialtone::publish {

// What became of a version of the image, or of a policy.
enum class PublishState : std::uint8_t {
  kPublished,  // the dataplane serves it
  kPending,
  kRefused,  // the state before is served on
  kHeld,     // an older generation is in force until somebody ends that (docs/generations.md)
};

// As clients read it.
const char* word_of(PublishState state) noexcept;

// Which versions of its three sources a generation holds.
struct OfferedState {
  std::uint64_t image = 0;       // Image::version(); 0: nothing of ours
  std::uint32_t policy = 0;      // abi::policy_check()
  std::uint64_t tombstones = 0;  // Tombstones::version()
  std::uint64_t rollback = 0;    // the image is not the newest, but that of this rollback; 0: it is
};

struct SentOffer {
  image_build::Offer offer;  // keeps the objects until the dataplane has mapped them
  OfferedState state;
  std::chrono::steady_clock::time_point began;
};

struct Refusal {
  OfferedState state;
  std::uint64_t generation = 0;
  std::string why;  // of the dataplane
};

class OfferLedger {
 public:
  // A dataplane is there that serves `generation`, which holds `served`.
  void begin(std::uint64_t generation, const Digest& content, const OfferedState& served);
  // It is gone: nothing is in flight, refused or served.
  void end() noexcept;

  // A process before this one has kept the generation `kept`, and may have offered all up to
  // `reserved`.
  void start_behind(std::uint64_t kept, std::uint64_t reserved) noexcept {
    kept_ = kept;
    reserved_ = reserved;
  }
  // Greater than any that was offered or served.
  std::uint64_t next_generation() noexcept { return ++last_generation_; }
  void sent(SentOffer offer) { in_flight_ = std::move(offer); }

  // Answers. Null, or false: it is not about the offer that is in flight, and changes nothing.
  const SentOffer* published(std::uint64_t generation);
  bool rejected(std::uint64_t generation, const std::string& why);
  void busy(std::uint64_t generation, const std::string& why);
  void retired(std::uint64_t generation);

  // What was refused may be offered once more. A newer image under that policy, when it is
  // published, makes it history as well.
  void forget_refusal() noexcept { refusal_.reset(); }

  // Each offer gets its answer, and BUSY its RETIRED, before the next one goes out.
  bool may_offer() const noexcept { return !in_flight_ && !busy_why_; }
  // It is not what is served, and was not refused.
  bool wants(const OfferedState& newest) const noexcept;
  // To offer instead of what was refused, when nothing is served; null: nothing.
  const SentOffer* wanted_last_good() const noexcept;

  // Of version `version` of the newest image, or a later one.
  PublishState state(std::uint64_t version) const noexcept;
  // Of the image of that rollback.
  PublishState rollback_state(std::uint64_t rollback) const noexcept;
  // Of the policy with that abi::policy_check().
  PublishState policy_state(std::uint32_t policy) const noexcept;

  std::uint64_t generation() const noexcept { return generation_; }  // of the newest PUBLISHED
  const Digest& content() const noexcept { return content_; }        // of its files
  const Refusal* refusal() const noexcept { return refusal_ ? &*refusal_ : nullptr; }
  // Null: what is served, if anything, was not offered by this process.
  const SentOffer* served_offer() const noexcept {
    return last_good_ && last_good_->offer.generation == generation_ ? &*last_good_ : nullptr;
  }
  // Of the segments on huge pages that the dataplane keeps mapped, as far as they are ours.
  std::uint64_t live_huge_bytes() const;
  // What BUSY said; null: nothing waits for a RETIRED.
  const std::string* busy_why() const noexcept { return busy_why_ ? &*busy_why_ : nullptr; }

 private:
  // By number: the huge segments, id and bytes. Only these: an Offer would keep them in memory.
  using HugeSegments = std::vector<std::pair<std::uint64_t, std::uint64_t>>;

  bool is_in_flight(std::uint64_t generation) const noexcept {
    return in_flight_ && in_flight_->offer.generation == generation;
  }

  std::uint64_t last_generation_ = 0;
  std::uint64_t kept_ = 0;
  std::uint64_t reserved_ = 0;
  std::uint64_t generation_ = 0;
  Digest content_;
  OfferedState served_;
  std::optional<SentOffer> in_flight_;
  std::optional<SentOffer> last_good_;          // the newest PUBLISHED
  std::map<std::uint64_t, HugeSegments> live_;  // PUBLISHED, and not RETIRED
  std::optional<Refusal> refusal_;
  std::optional<std::string> busy_why_;
};

}  // namespace dialtone::publish
