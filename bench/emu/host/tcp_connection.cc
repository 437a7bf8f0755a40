// SPDX-License-Identifier: Apache-2.0
#include "bench/emu/host/tcp_connection.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace dialtone::emu {
namespace {

constexpr Micros kSecond = 1'000'000;
constexpr Micros kNever = std::numeric_limits<Micros>::max();
constexpr int kSynSends = 3;   // 7 s: a phone has other call managers to ask
constexpr int kDataSends = 5;  // 31 s

}  // namespace

TcpConnection::TcpConnection(Host& host, const IpAddress& to, std::uint16_t from_port,
                             std::uint16_t to_port, std::uint32_t sequence, Micros now)
    : host_(host), to_(to), from_port_(from_port), to_port_(to_port), unacknowledged_(sequence) {
  transmit(now);
}

void TcpConnection::put(std::uint8_t flags, std::string_view payload, Micros now) {
  host_.send_segment({.from = host_.config().address,
                      .to = to_,
                      .from_port = from_port_,
                      .to_port = to_port_,
                      .sequence = unacknowledged_,
                      .acknowledged = expected_,
                      .flags = flags,
                      .payload = std::as_bytes(std::span(payload))},
                     now);
}

void TcpConnection::transmit(Micros now) {
  if (!is_open_) {
    put(kSyn, {}, now);
  } else {
    in_flight_ = std::min(unsent_.size(), kMaxSegment);
    put(kAck | kPush, std::string_view(unsent_).substr(0, in_flight_), now);
  }
  deadline_ = now + (kSecond << sends_);
  ++sends_;
}

void TcpConnection::send(std::string_view bytes, Micros now) {
  if (bytes.empty()) {
    return;  // a segment of nothing would be acknowledged by nobody, and repeated
  }
  unsent_ += bytes;
  if (is_open() && in_flight_ == 0) {
    transmit(now);
  }
}

std::string TcpConnection::take() {
  return std::exchange(received_, {});
}

void TcpConnection::finish(TcpEnd end) noexcept {
  end_ = end;
  deadline_ = kNever;
}

void TcpConnection::on_time(Micros now) {
  if (end_ != TcpEnd::kNone || now < deadline_) {
    return;
  }
  if (sends_ == (is_open_ ? kDataSends : kSynSends)) {
    finish(TcpEnd::kSilent);
    return;
  }
  transmit(now);
}

void TcpConnection::on_segment(const Segment& segment, Micros now) {
  if (end_ != TcpEnd::kNone || segment.from != to_ || segment.from_port != to_port_ ||
      segment.to_port != from_port_) {
    return;
  }
  if (!is_open_) {
    on_answer(segment, now);
    return;
  }
  if (segment.has(kReset)) {
    if (segment.sequence == expected_) {
      finish(TcpEnd::kReset);
    }
    return;
  }
  if (segment.has(kAck)) {
    on_acknowledged(segment.acknowledged, now);
  }
  on_payload(segment, now);
}

// To the SYN. One that acknowledges something else belongs to an older connection of these ports,
// which a device that was unplugged has left there: it is ended, and the next SYN is heard (RFC
// 9293 3.5.1).
void TcpConnection::on_answer(const Segment& segment, Micros now) {
  if (!segment.has(kAck)) {
    return;
  }
  if (segment.acknowledged != unacknowledged_ + 1) {
    if (!segment.has(kReset)) {
      host_.send_segment({.from = host_.config().address,
                          .to = to_,
                          .from_port = from_port_,
                          .to_port = to_port_,
                          .sequence = segment.acknowledged,
                          .flags = kReset},
                         now);
    }
    return;
  }
  if (segment.has(kReset)) {
    finish(TcpEnd::kRefused);
    return;
  }
  if (!segment.has(kSyn)) {
    return;
  }
  is_open_ = true;
  ++unacknowledged_;
  expected_ = segment.sequence + 1;
  sends_ = 0;
  deadline_ = kNever;
  if (unsent_.empty()) {
    put(kAck, {}, now);
  } else {
    transmit(now);
  }
}

void TcpConnection::on_acknowledged(std::uint32_t acknowledged, Micros now) {
  const std::uint32_t count = acknowledged - unacknowledged_;  // modulo 2^32
  if (count == 0 || count > in_flight_) {
    return;
  }
  unsent_.erase(0, count);
  unacknowledged_ = acknowledged;
  in_flight_ = 0;
  sends_ = 0;
  deadline_ = kNever;
  if (!unsent_.empty()) {
    transmit(now);
  }
}

void TcpConnection::on_payload(const Segment& segment, Micros now) {
  const bool is_end = segment.has(kFin);
  if (segment.payload.empty() && !is_end && !segment.has(kSyn)) {
    return;
  }
  const std::uint32_t known = expected_ - segment.sequence;  // bytes of it that were there already
  if (!segment.has(kSyn) && known <= segment.payload.size()) {
    const std::span<const std::byte> fresh = segment.payload.subspan(known);
    received_.append(reinterpret_cast<const char*>(fresh.data()), fresh.size());
    expected_ += static_cast<std::uint32_t>(fresh.size()) + (is_end ? 1 : 0);
    if (is_end) {
      finish(TcpEnd::kFinished);
    }
  }
  put(kAck, {}, now);
}

}  // namespace dialtone::emu
