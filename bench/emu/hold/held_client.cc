// SPDX-License-Identifier: Apache-2.0
#include "bench/emu/hold/held_client.h"

#include "bench/emu/device/reaction.h"

#include <array>

namespace dialtone::emu {
namespace {

constexpr std::uint16_t kPort = 49152;
// Of small blocks even a short file has many, and its transfer does not end by itself.
constexpr std::uint16_t kBlockSize = 8;
// ERROR 0 (RFC 1350 section 5), and a text for who reads a capture.
constexpr std::string_view kEnd("\0\5\0\0held no longer\0", 19);

constexpr FetchClock kClock{.ports = 1};

}  // namespace

std::string_view hold_state_name(HoldState state) noexcept {
  constexpr std::array<std::string_view, 6> kNames{"asking",    "data",  "busy",
                                                   "not-found", "error", "silence"};
  return kNames[static_cast<std::size_t>(state)];
}

HeldClient::HeldClient(const HostConfig& place, const IpAddress& server, std::string_view name)
    : host_(place), server_(server), fetch_(name, {.block_size = kBlockSize}, kClock, kPort) {}

void HeldClient::send(const FetchStep& step, std::span<const std::byte> out, Micros now) {
  if (step.length != 0) {
    host_.send(server_, fetch_.port(), step.to_port, out.first(step.length), now);
  }
}

void HeldClient::begin(Micros now) {
  std::array<std::byte, Fetch::kRoom> out;
  send(fetch_.begin(now, out), out, now);
}

void HeldClient::note(const FetchStep& step) {
  if (!step.content.empty() || fetch_.end() == FetchEnd::kWhole) {
    state_ = HoldState::kData;
  } else if (fetch_.end() == FetchEnd::kSilent) {
    state_ = HoldState::kSilent;
  } else if (fetch_.end() == FetchEnd::kError) {
    switch (react(fetch_.error_code(), fetch_.error_text())) {
      case Reaction::kNextFile:
        state_ = HoldState::kNotFound;
        break;
      case Reaction::kNextServer:
      case Reaction::kComeBack:
        state_ = HoldState::kBusy;
        break;
      case Reaction::kGiveUpFile:
        state_ = HoldState::kError;
        break;
    }
  } else if (fetch_.end() == FetchEnd::kBroken) {
    state_ = HoldState::kError;
  }
}

void HeldClient::on_frame(std::span<const std::byte> frame, Micros now) {
  const auto datagram = host_.on_frame(frame).datagram;
  if (!datagram || datagram->from != server_ || state_ != HoldState::kAsking) {
    return;
  }
  std::array<std::byte, Fetch::kRoom> out;
  const FetchStep step =
      fetch_.on_packet(datagram->from_port, datagram->to_port, datagram->payload, now, out);
  note(step);
  if (state_ == HoldState::kAsking) {  // the ACK of a block stays away
    send(step, out, now);
  }
}

void HeldClient::on_time(Micros now) {
  host_.on_time(now);
  if (state_ == HoldState::kAsking && now >= fetch_.deadline()) {
    std::array<std::byte, Fetch::kRoom> out;
    const FetchStep step = fetch_.on_time(now, out);
    note(step);
    send(step, out, now);
  }
}

void HeldClient::let_go(Micros now) {
  if (fetch_.has_answer()) {
    host_.send(server_, fetch_.port(), fetch_.server_port(), std::as_bytes(std::span(kEnd)), now);
  }
}

}  // namespace dialtone::emu
