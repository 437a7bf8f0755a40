// SPDX-License-Identifier: Apache-2.0
#include "tests/fuzz/appliance.h"

#include "dataplane/abi/canonical_name.h"
#include "dataplane/server/counters.h"
#include "tests/fuzz/counter_rules.h"
#include "tests/fuzz/require.h"
#include "tests/support/packet_builder.h"

#include <algorithm>

namespace dialtone::fuzz {
namespace {

constexpr IpAddress kOurs[] = {IpAddress::from_v4(test::kServerAddress), test::kServerAddress6};
// Behind any limit for a source or in a second, and behind the timers of all that went before.
constexpr Micros kBetweenInputs = 1'000'000'000;
constexpr std::uint32_t kEvents = abi::kMinEvents;

}  // namespace

Appliance::Appliance(const Setup& setup)
    : setup_(setup),
      addresses_(kOurs, test::kServerMac),
      counters_(server::kCounterCount),
      misses_(abi::miss_ring_size(1)),
      events_(abi::events_page_size(kEvents, 1)),
      pins_(abi::kSegmentSlots),
      responder_({.mac = test::kServerMac,
                  .addresses = &addresses_,
                  .announces = false,
                  .worker = setup.worker,
                  .workers = setup.workers,
                  .worker_bits = setup.worker_bits,
                  .max_sessions = setup.max_sessions,
                  .hash_seed = 99,
                  .rate = TickRate(1'000'000),
                  .single_port = setup.single_port,
                  .accept_partial_checksum = setup.accept_partial_checksum,
                  .reassembles = setup.reassembles,
                  .punts_per_second = setup.punts_per_second,
                  .max_parked = setup.max_parked,
                  .misses = miss_writer(),
                  .events = event_ring()},
                 counters_, abi::Pins(pins_)) {
  for (auto& buffer : buffers_) {
    buffer = std::make_unique<std::byte[]>(wire::kMaxFrame);
  }
}

abi::MissWriter Appliance::miss_writer() {
  abi::format_miss_ring(misses_.span(), 1);
  auto reader = abi::MissReader::open(misses_.span());
  require(reader.ok(), "control can read the miss ring");
  miss_reader_.emplace(*std::move(reader));
  return abi::MissWriter(abi::worker_miss_ring(misses_.span(), 0), 0, listens_);
}

abi::EventRing Appliance::event_ring() {
  if (!setup_.events) {
    return {};
  }
  abi::format_events_page(events_.span(), kEvents, 1);
  return abi::EventRing(events_.span(), 0);
}

void Appliance::begin(const ServedRules& rules, bool listens) {
  now_ += kBetweenInputs;
  rules_ = rules;
  listens_ = listens;
  unproven_.begin(now_);
  std::fill(counters_.begin(), counters_.end(), 0);
  for (std::size_t i = 0; i < addresses_.size(); ++i) {
    addresses_.set_state(i, server::AddressState::kUsable);
  }
  publish(1);
}

void Appliance::end() {
  process();
  responder_.end_all_sessions();
  require(responder_.sessions() == 0 && count(server::Counter::kSessionsActive) == 0,
          "no session is left");
  require(pins_[0].load(std::memory_order_relaxed) == 0, "no pin is left");
  check_counters(counters_);
  require(count(server::Counter::kParkedNow) == 0, "nobody waits any more");
  static_cast<void>(take_misses());
  check_events();
}

// Control takes the names that it was asked for.
bool Appliance::take_misses() {
  std::vector<abi::Miss> misses;
  miss_reader_->take(misses, abi::kMissRecords);
  require(miss_reader_->faulty() == 0, "what is in the miss ring is sound");
  for (const abi::Miss& miss : misses) {
    require(abi::is_canonical(miss.name) && served_file(1, miss.name) == nullptr,
            "control is asked for what is not served");
  }
  return !misses.empty();
}

void Appliance::check_events() {
  if (!setup_.events) {
    return;
  }
  const auto view = abi::EventsView::open(events_.span());
  require(view.ok(), "control can read the events");
  const std::uint64_t written = view->written(0);
  for (std::uint64_t i = 1; i <= std::min<std::uint64_t>(written, kEvents); ++i) {
    const auto event = view->read(0, written - i);
    require(event.has_value(), "an event that was written last can be read");
    require(event->kind == abi::EventKind::kRequest || event->kind == abi::EventKind::kEnd,
            "an event is a request or an end");
    require(event->outcome < server::kCounterCount, "the outcome of an event is a counter");
  }
}

void Appliance::publish(std::uint64_t generation) {
  published_ = generation;
  image_ = generation == 0 ? nullptr : publish_image(generation, rules_, now_);
}

std::span<std::byte> Appliance::next_frame() {
  if (burst_is_full()) {
    process();
  }
  return {buffers_[count_].get(), wire::kMaxFrame};
}

void Appliance::add(std::size_t length, bool udp_checksum_good) {
  std::byte* data = buffers_[count_].get();
  frames_[count_] = {.data = data,
                     .length = static_cast<std::uint16_t>(length),
                     .capacity = static_cast<std::uint16_t>(wire::kMaxFrame),
                     .udp_checksum_good = udp_checksum_good};
  asked_[count_] = view_of({data, length});
  ++count_;
}

void Appliance::process() {
  if (count_ == 0) {
    return;
  }
  const std::size_t count = count_;
  count_ = 0;
  responder_.process({frames_.data(), count}, {verdicts_.data(), count}, image_, now_);
  check_counters(counters_);
  for (std::size_t i = 0; i < count; ++i) {
    unproven_.came(asked_[i]);
    check_verdict(asked_[i], frames_[i], verdicts_[i], setup_.workers);
    if (verdicts_[i] != server::Verdict::kReply) {
      answered(asked_[i], verdicts_[i], nullptr);
      continue;
    }
    check_may_answer(asked_[i], addresses_);
    const PacketView answer =
        check_frame({frames_[i].data, frames_[i].length}, frames_[i].capacity, ports());
    check_answer(asked_[i], answer, addresses_, ports());
    went(answer);
    answered(asked_[i], verdicts_[i], &answer);
  }
}

void Appliance::went(const PacketView& frame) {
  if (rules_.limits) {
    unproven_.went(frame, now_);
  }
}

void Appliance::run_timers(std::size_t most) {
  process();
  while (const std::size_t due = std::min(responder_.frames_ready(now_, image_), most)) {
    for (std::size_t i = 0; i < due; ++i) {
      frames_[i] = {.data = buffers_[i].get(),
                    .length = 0,
                    .capacity = static_cast<std::uint16_t>(wire::kMaxFrame)};
    }
    const auto told = [this] {
      return count(server::Counter::kParkedRefused) + count(server::Counter::kTransfersTooBig);
    };
    const std::uint64_t told_before = told();
    const std::size_t used = responder_.send_ready(now_, {frames_.data(), due}, image_);
    require(used <= due, "no more is sent than there is room for");
    check_counters(counters_);
    std::uint64_t errors = 0;
    for (std::size_t i = 0; i < used; ++i) {
      const PacketView frame =
          check_frame({frames_[i].data, frames_[i].length}, wire::kMaxFrame, ports());
      check_unasked(frame);
      errors += frame.opcode == kError;
      went(frame);
      sent(frame);
    }
    require(errors <= told() - told_before,
            "only who has waited, or is behind a narrow link, gets an ERROR unasked");
    if (used == 0) {
      break;
    }
    most -= used;
  }
}

}  // namespace dialtone::fuzz
