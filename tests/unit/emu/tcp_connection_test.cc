// SPDX-License-Identifier: Apache-2.0
#include "bench/emu/host/tcp_connection.h"

#include "tests/unit/emu/tcp_peer.h"

#include <gtest/gtest.h>

#include <string>

namespace dialtone::emu {
namespace {

constexpr Micros kSecond = 1'000'000;
const IpAddress kManager = IpAddress::from_v4(test::kServerAddress);

HostConfig phone() {
  return {.mac = test::kPhoneMac,
          .address = IpAddress::from_v4(test::kPhoneAddress),
          .subnet = {IpAddress::from_v4(0x0a4d0000), 112}};
}

// A connection to a peer, on virtual time, until nothing more happens or it has ended.
class TcpLab {
 public:
  explicit TcpLab(test::TcpPeer other) : peer(std::move(other)) {}

  void run() {
    for (int turn = 0; turn < 1000; ++turn) {
      if (!host.outbox.empty()) {
        const Host::Frame frame = host.outbox.front();
        host.outbox.pop_front();
        for (const std::string& answer : peer.on_frame(frame)) {
          on_frame(answer);
        }
        continue;
      }
      const Micros next = std::min(host.deadline(), connection.deadline());
      if (next == std::numeric_limits<Micros>::max()) {
        return;
      }
      now = std::max(now, next);
      host.on_time(now);
      connection.on_time(now);
    }
  }
  void on_frame(const std::string& frame) {
    if (const auto segment = host.on_frame(std::as_bytes(std::span(frame))).segment) {
      connection.on_segment(*segment, now);
    }
  }

  test::TcpPeer peer;
  Micros now = 0;
  Host host{phone()};
  TcpConnection connection{host, kManager, 49152, 2000, 0xfffffff0, 0};
};

test::TcpPeer echo() {
  return {kManager, 2000, [](std::string_view bytes) { return std::string(bytes); }};
}

TEST(TcpConnection, BytesGoBothWaysInOrder) {
  TcpLab lab(echo());
  std::string bytes(3000, 'x');
  bytes += "end";
  lab.connection.send(bytes, 0);
  lab.run();
  EXPECT_TRUE(lab.connection.is_open());
  EXPECT_EQ(lab.connection.take(), bytes);  // its sequence numbers have passed 2^32
  EXPECT_EQ(lab.connection.take(), "");
}

TEST(TcpConnection, NothingToSaySendsNothing) {
  TcpLab lab(echo());
  lab.run();
  ASSERT_TRUE(lab.connection.is_open());
  lab.connection.send("", lab.now);
  EXPECT_TRUE(lab.host.outbox.empty());
  lab.run();
  EXPECT_TRUE(lab.connection.is_open());
}

TEST(TcpConnection, WhatIsLostIsSentAgain) {
  TcpLab lab(echo());
  lab.peer.to_lose = 2;
  lab.connection.send("hello", 0);
  lab.run();
  EXPECT_EQ(lab.connection.take(), "hello");
  EXPECT_EQ(lab.now, 3 * kSecond);
}

TEST(TcpConnection, WhoRefusesIsToldApartFromWhoIsSilent) {
  TcpLab refused(echo());
  refused.peer.refuses = true;
  refused.run();
  EXPECT_EQ(refused.connection.end(), TcpEnd::kRefused);
  TcpLab silent(echo());
  silent.peer.is_silent = true;
  silent.run();
  EXPECT_EQ(silent.connection.end(), TcpEnd::kSilent);
  EXPECT_EQ(silent.now, 7 * kSecond);
}

TEST(TcpConnection, ASegmentThatIsNotExpectedIsNotTaken) {
  TcpLab lab(echo());
  lab.run();
  ASSERT_TRUE(lab.connection.is_open());
  const auto segment = [](std::uint32_t sequence, std::string_view text,
                          std::uint8_t flags = kAck) {
    return Segment{
        kManager, IpAddress::from_v4(test::kPhoneAddress), 2000, 49152, sequence, 0xfffffff1,
        flags,    std::as_bytes(std::span(text))};
  };
  lab.connection.on_segment(segment(7005, "later"), 0);
  EXPECT_EQ(lab.connection.take(), "");
  lab.connection.on_segment(segment(7001, "hell"), 0);
  lab.connection.on_segment(segment(7001, "hello"), 0);  // four of them were there
  EXPECT_EQ(lab.connection.take(), "hello");
  lab.connection.on_segment(segment(7000, "", kReset), 0);
  EXPECT_TRUE(lab.connection.is_open());
  lab.connection.on_segment(segment(7006, "", kAck | kFin), 0);
  EXPECT_EQ(lab.connection.end(), TcpEnd::kFinished);
}

// A device that was unplugged comes back with its ports.
TEST(TcpConnection, AnOlderConnectionIsEnded) {
  TcpLab lab(echo());
  lab.run();
  TcpConnection again(lab.host, kManager, 49153, 2000, 1, 0);
  while (!lab.host.outbox.empty()) {
    lab.host.outbox.pop_front();
  }
  again.on_segment(
      {kManager, IpAddress::from_v4(test::kPhoneAddress), 2000, 49153, 7001, 900, kAck}, 0);
  ASSERT_EQ(lab.host.outbox.size(), 1u);
  const auto reset = parse_tcp(*parse_frame(lab.host.outbox.front()));
  ASSERT_TRUE(reset);
  EXPECT_TRUE(reset->has(kReset));
  EXPECT_EQ(reset->sequence, 900u);
  EXPECT_EQ(again.end(), TcpEnd::kNone);
}

TEST(TcpConnection, AFrameHasTheChecksumOfItsPseudoHeader) {
  for (const bool is_v6 : {false, true}) {
    const IpAddress from = is_v6 ? test::kPhoneAddress6 : IpAddress::from_v4(test::kPhoneAddress);
    const IpAddress to = is_v6 ? test::kServerAddress6 : kManager;
    const std::string text = "odd";
    std::string frame(wire::kMaxFrame, '\0');
    const std::size_t length =
        write_tcp({}, {from, to, 1, 2, 3, 4, kAck, std::as_bytes(std::span(text))},
                  std::as_writable_bytes(std::span(frame)));
    frame.resize(length);
    const std::size_t at = 14 + (is_v6 ? 40 : 20);
    const std::string tcp = frame.substr(at, 20 + text.size());
    EXPECT_EQ(test::plain_sum(tcp, test::pseudo_words(from, to, tcp.size(), 6)), 0xffff);
    frame[at] = '\1';
    EXPECT_FALSE(parse_tcp(*parse_frame(std::as_bytes(std::span(frame)))));
  }
}

}  // namespace
}  // namespace dialtone::emu
