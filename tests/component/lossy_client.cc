// SPDX-License-Identifier: Apache-2.0
#include "tests/component/lossy_client.h"

#include <algorithm>

namespace dialtone::test {
namespace {

using std::chrono::milliseconds;

constexpr std::uint16_t kData = 3;
constexpr std::uint16_t kError = 5;
constexpr std::uint16_t kOack = 6;
constexpr milliseconds kRepeat{150};
constexpr std::chrono::seconds kPatience{5};

}  // namespace

void LossyClient::begin(const Order& order, Clock::time_point now) {
  order_ = order;
  out_.clear();
  content_.clear();
  error_.clear();
  server_port_ = 0;
  blocks_ = 0;
  in_window_ = 0;
  complete_ = false;
  moved_ = now;
  send(request(), now);
  if (chance(10)) {  // the network doubles it, and the copy comes late
    out_.push_back({now + milliseconds(random_() % 200), request()});
  }
}

std::string LossyClient::request() const {
  const std::string asked =
      order_.window == 1 ? std::string()
                         : std::string("windowsize") + '\0' + std::to_string(order_.window) + '\0';
  return Packet().from(kPhoneAddress, order_.port).rrq(order_.name, "octet", asked).bytes();
}

std::string LossyClient::ack() const {
  return Packet()
      .from(kPhoneAddress, order_.port)
      .to_port(server_port_)
      .ack(static_cast<std::uint16_t>(blocks_))
      .bytes();
}

std::string LossyClient::error(std::uint16_t port, std::uint16_t code) const {
  return Packet().from(kPhoneAddress, order_.port).to_port(port).error(code, "not mine").bytes();
}

void LossyClient::send(std::string frame, Clock::time_point now) {
  repeat_at_ = now + kRepeat;
  if (chance(5)) {
    return;  // lost
  }
  const auto at = now + milliseconds(order_.slow ? random_() % 12 : 0);
  if (chance(5)) {
    out_.push_back({at + milliseconds(random_() % 50), frame});
  }
  out_.push_back({at, std::move(frame)});
}

std::optional<std::string> LossyClient::next_frame(Clock::time_point now) {
  const auto due = std::find_if(out_.begin(), out_.end(),
                                [&](const Waiting& waiting) { return waiting.at <= now; });
  if (due != out_.end()) {
    std::string frame = std::move(due->frame);
    out_.erase(due);
    return frame;
  }
  if (!complete_ && now >= repeat_at_) {
    send(server_port_ == 0 ? request() : ack(), now);
  }
  return std::nullopt;
}

bool LossyClient::gives_up(Clock::time_point now) const {
  return !complete_ && now - moved_ > kPatience;
}

void LossyClient::receive(const ReplyView& view, Clock::time_point now) {
  if (chance(5)) {
    return;  // lost
  }
  if (!view.fault.empty() || view.opcode == kError) {
    error_ = view.fault + view.body;
    return;
  }
  if (server_port_ != 0 && view.source_port != server_port_) {  // RFC 1350 section 4
    out_.push_back({now, error(view.source_port, 5)});
    return;
  }
  server_port_ = view.source_port;
  if (view.opcode == kOack) {
    if (blocks_ == 0) {
      send(ack(), now);
    }
    return;
  }
  if (view.opcode != kData) {
    return;
  }
  if (complete_ && view.number != static_cast<std::uint16_t>(blocks_)) {
    // A late copy of the request has begun a transfer that nobody wants.
    out_.push_back({now, error(view.source_port, 0)});
    return;
  }
  if (view.number != static_cast<std::uint16_t>(blocks_ + 1)) {
    if (blocks_ != 0) {
      in_window_ = 0;
      send(ack(), now);
    }
    return;
  }
  content_ += view.body;
  ++blocks_;
  moved_ = now;
  complete_ = view.body.size() < 512;
  if (complete_ || ++in_window_ >= order_.window) {
    in_window_ = 0;
    send(ack(), now);
  }
}

}  // namespace dialtone::test
