// SPDX-License-Identifier: Apache-2.0
#include "control/publish/offer_ledger.h"

#include <algorithm>
#include <set>
#include <utility>

namespace dialtone::publish {

const char* word_of(PublishState state) noexcept {
  switch (state) {
    case PublishState::kPublished:
      return "published";
    case PublishState::kPending:
      return "pending";
    case PublishState::kHeld:
      return "held";
    case PublishState::kRefused:
      break;
  }
  return "refused";
}

void OfferLedger::begin(std::uint64_t generation, const Digest& content,
                        const OfferedState& served) {
  end();
  last_generation_ = std::max(last_generation_, generation);
  if (generation == 0 || generation < kept_) {
    // Not the dataplane that had the last of them: it may have served any up to this.
    last_generation_ = std::max({last_generation_, kept_, reserved_});
  }
  generation_ = generation;
  content_ = content;
  served_ = served;
}

void OfferLedger::end() noexcept {
  in_flight_.reset();
  served_ = {};
  live_.clear();
  busy_why_.reset();
  refusal_.reset();  // the next one has memory of its own
}

const SentOffer* OfferLedger::published(std::uint64_t generation) {
  if (!is_in_flight(generation)) {
    return nullptr;
  }
  generation_ = generation;
  content_ = in_flight_->offer.content_digest;
  served_ = in_flight_->state;
  if (refusal_ && refusal_->state.policy == served_.policy &&
      refusal_->state.image <= served_.image) {
    refusal_.reset();
  }
  HugeSegments& live = live_[generation];
  for (const image_build::ObjectPtr& segment : in_flight_->offer.segments) {
    if (segment->pages == image_build::Pages::kHuge) {
      live.emplace_back(segment->id, segment->mapping.size());
    }
  }
  last_good_ = std::exchange(in_flight_, std::nullopt);
  return &*last_good_;
}

bool OfferLedger::rejected(std::uint64_t generation, const std::string& why) {
  if (!is_in_flight(generation)) {
    return false;
  }
  if (last_good_ && last_good_->offer.generation == generation) {
    last_good_.reset();  // it was once published; now there is nothing better to offer
  } else {
    refusal_ = Refusal{in_flight_->state, generation, why};
  }
  in_flight_.reset();
  return true;
}

// What was sent stays known to the dataplane; the newest state is offered later.
void OfferLedger::busy(std::uint64_t generation, const std::string& why) {
  if (is_in_flight(generation)) {
    busy_why_ = why;
    in_flight_.reset();
  }
}

void OfferLedger::retired(std::uint64_t generation) {
  busy_why_.reset();
  live_.erase(generation);
}

std::uint64_t OfferLedger::live_huge_bytes() const {
  std::set<std::uint64_t> counted;
  std::uint64_t bytes = 0;
  for (const auto& [number, segments] : live_) {
    for (const auto& [id, size] : segments) {
      bytes += counted.insert(id).second ? size : 0;
    }
  }
  return bytes;
}

bool OfferLedger::wants(const OfferedState& newest) const noexcept {
  const bool is_news = newest.image != served_.image || newest.policy != served_.policy ||
                       newest.tombstones != served_.tombstones ||
                       newest.rollback != served_.rollback;
  const bool was_refused = refusal_ && newest.image == refusal_->state.image &&
                           newest.policy == refusal_->state.policy &&
                           newest.rollback == refusal_->state.rollback;
  return newest.image != 0 && is_news && !was_refused;
}

const SentOffer* OfferLedger::wanted_last_good() const noexcept {
  return generation_ == 0 && last_good_ && refusal_ ? &*last_good_ : nullptr;
}

PublishState OfferLedger::state(std::uint64_t version) const noexcept {
  if (served_.image >= version && version != 0 && served_.rollback == 0) {
    return PublishState::kPublished;
  }
  const bool was_refused =
      refusal_ && refusal_->state.image >= version && refusal_->state.rollback == 0;
  return was_refused ? PublishState::kRefused : PublishState::kPending;
}

PublishState OfferLedger::rollback_state(std::uint64_t rollback) const noexcept {
  if (served_.rollback == rollback && served_.image != 0) {
    return PublishState::kPublished;
  }
  return refusal_ && refusal_->state.rollback == rollback ? PublishState::kRefused
                                                          : PublishState::kPending;
}

PublishState OfferLedger::policy_state(std::uint32_t policy) const noexcept {
  if (served_.policy == policy && generation_ != 0) {
    return PublishState::kPublished;
  }
  return refusal_ && refusal_->state.policy == policy ? PublishState::kRefused
                                                      : PublishState::kPending;
}

}  // namespace dialtone::publish
