// SPDX-License-Identifier: Apache-2.0
//
// One TCP connection of an emulated device, opened by it (RFC 9293): what a phone needs to register
// and no more. One segment is on its way at a time, repeated on a doubling clock (RFC 6298), and
// what arrives out of order is asked for again. The device never ends it: it is unplugged. Sends
// through the device's Host; takes segments and time as values; one thread.
#pragma once

#include "bench/emu/host/host.h"
#include "bench/emu/host/segment.h"

#include <string>
#include <string_view>

namespace dialtone::emu {

enum class TcpEnd : std::uint8_t {
  kNone,
  kRefused,   // nobody listens there
  kSilent,    // no answer, or not any more
  kReset,     // ended by the other side, at once
  kFinished,  // and in good order
};

class TcpConnection {
 public:
  // `host` outlives this. `sequence` is random, or of a test.
  TcpConnection(Host& host, const IpAddress& to, std::uint16_t from_port, std::uint16_t to_port,
                std::uint32_t sequence, Micros now);

  void on_segment(const Segment& segment, Micros now);
  void on_time(Micros now);
  Micros deadline() const noexcept { return deadline_; }

  void send(std::string_view bytes, Micros now);
  // What has come since the last call, in order.
  std::string take();
  bool is_open() const noexcept { return is_open_ && end_ == TcpEnd::kNone; }
  TcpEnd end() const noexcept { return end_; }

 private:
  void transmit(Micros now);
  void put(std::uint8_t flags, std::string_view payload, Micros now);
  void on_answer(const Segment& segment, Micros now);
  void on_acknowledged(std::uint32_t acknowledged, Micros now);
  void on_payload(const Segment& segment, Micros now);
  void finish(TcpEnd end) noexcept;

  Host& host_;
  IpAddress to_;
  std::uint16_t from_port_;
  std::uint16_t to_port_;
  std::uint32_t unacknowledged_;  // the first byte of ours that the other side may not have
  std::uint32_t expected_ = 0;    // the next byte of the other side
  bool is_open_ = false;
  TcpEnd end_ = TcpEnd::kNone;
  std::string unsent_{};  // and unacknowledged: the first in_flight_ bytes of it are on their way
  std::size_t in_flight_ = 0;
  std::string received_{};
  int sends_ = 0;  // of what is on its way
  Micros deadline_ = 0;
};

}  // namespace dialtone::emu
