// SPDX-License-Identifier: Apache-2.0
#include "tests/fuzz/appliance.h"

#include "dataplane/server/counters.h"
#include "tests/fuzz/require.h"
#include "tests/support/counted_frames.h"
#include "tests/support/packet_builder.h"

#include <algorithm>

namespace dialtone::fuzz {
namespace {

constexpr IpAddress kOurs[] = {IpAddress::from_v4(test::kServerAddress), test::kServerAddress6};
// Behind any limit for a source or in a second, and behind the timers of all that went before.
constexpr Micros kBetweenInputs = 1'000'000'000;

std::string letters(std::size_t size, std::uint32_t state, bool text) {
  std::string out(size, ' ');
  for (char& letter : out) {
    state = state * 1664525 + 1013904223;
    letter = text ? "ab\r\n"[state >> 30] : static_cast<char>(state >> 24);
  }
  return out;
}

std::string netascii_of(std::string_view content) {
  std::string out;
  for (const char letter : content) {
    out += letter == '\n' ? '\r' : letter;
    if (letter == '\n' || letter == '\r') {
      out += letter == '\n' ? '\n' : '\0';
    }
  }
  return out;
}

std::vector<ServedFile> make_files(std::uint32_t seed) {
  std::vector<ServedFile> files = {{"a", "hello", {}},
                                   {"b", letters(511, seed, false), {}},
                                   {"empty", "", {}},
                                   {"two", letters(1024, seed, false), {}},
                                   {"text", letters(1500, seed, true), {}},
                                   {"dir/sep001122334455.cnf.xml", letters(9000, seed, false), {}}};
  for (ServedFile& file : files) {
    file.text = netascii_of(file.content);
  }
  return files;
}

test::TestImage& image_of(std::uint64_t generation) {
  static test::TestImage images[] = {test::TestImage(1 << 17, 1), test::TestImage(1 << 17, 2)};
  static const bool built = [] {
    for (std::uint64_t number = 1; number <= 2; ++number) {
      test::TestImage& image = images[number - 1];
      for (const ServedFile& file : served_files(number)) {
        image.add(file.name, file.content);
      }
      image.add_kind("composed", "x", abi::Kind::kComposed)
          .add_kind("gone", "", abi::Kind::kAbsent)
          .build();
    }
    return true;
  }();
  static_cast<void>(built);
  return images[generation - 1];
}

}  // namespace

const std::vector<ServedFile>& served_files(std::uint64_t generation) {
  static const std::vector<ServedFile> files[] = {make_files(1), make_files(2)};
  return files[generation - 1];
}

const ServedFile* served_file(std::uint64_t generation, std::string_view canonical_name) {
  for (const ServedFile& file : served_files(generation)) {
    if (file.name == canonical_name) {
      return &file;
    }
  }
  return nullptr;
}

Appliance::Appliance(const Setup& setup)
    : setup_(setup),
      addresses_(kOurs, test::kServerMac),
      counters_(server::kCounterCount),
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
                  .accept_partial_checksum = setup.accept_partial_checksum,
                  .reassembles = setup.reassembles,
                  .punts_per_second = setup.punts_per_second},
                 counters_, abi::Pins(pins_)) {
  for (auto& buffer : buffers_) {
    buffer = std::make_unique<std::byte[]>(wire::kMaxFrame);
  }
}

void Appliance::begin() {
  now_ += kBetweenInputs;
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
  require(test::counted_frames(counters_) == count(server::Counter::kFramesReceived),
          "each frame that was received has one end");
}

void Appliance::publish(std::uint64_t generation) {
  published_ = generation;
  image_ = generation == 0 ? nullptr : &image_of(generation).live();
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
  for (std::size_t i = 0; i < count; ++i) {
    check_verdict(asked_[i], frames_[i], verdicts_[i], setup_.workers);
    if (verdicts_[i] != server::Verdict::kReply) {
      answered(asked_[i], verdicts_[i], nullptr);
      continue;
    }
    check_may_answer(asked_[i], addresses_);
    const PacketView answer =
        check_frame({frames_[i].data, frames_[i].length}, frames_[i].capacity);
    check_answer(asked_[i], answer, addresses_);
    answered(asked_[i], verdicts_[i], &answer);
  }
}

void Appliance::run_timers(std::size_t most) {
  process();
  while (const std::size_t due = std::min(responder_.frames_ready(now_), most)) {
    for (std::size_t i = 0; i < due; ++i) {
      frames_[i] = {.data = buffers_[i].get(),
                    .length = 0,
                    .capacity = static_cast<std::uint16_t>(wire::kMaxFrame)};
    }
    const std::size_t used = responder_.send_ready(now_, {frames_.data(), due});
    require(used == due, "what is said to be ready is sent");
    for (std::size_t i = 0; i < used; ++i) {
      const PacketView frame = check_frame({frames_[i].data, frames_[i].length}, wire::kMaxFrame);
      require(frame.is_udp && (frame.opcode == kData || frame.opcode == kOack),
              "timers send DATA and OACKs");
      require((frame.to[0] & 1) == 0, "timers send to no group");
      sent(frame);
    }
    most -= used;
  }
}

}  // namespace dialtone::fuzz
