// SPDX-License-Identifier: Apache-2.0
#include "bench/emu/host/neighbours.h"

#include "dataplane/wire/neighbour.h"

#include <gtest/gtest.h>

#include <array>

namespace dialtone::emu {
namespace {

constexpr wire::MacAddress kOurs{{2, 0, 0, 0, 0, 1}};
constexpr wire::MacAddress kTheirs{{2, 0, 0, 0, 0, 2}};

TEST(Neighbours, AreAskedAndAnswerInBothFamilies) {
  const std::pair<IpAddress, IpAddress> hosts[] = {
      {IpAddress::from_v4(0x0a4d4001), IpAddress::from_v4(0x0a4d0001)},
      {IpAddress{0xfd00007700000000, 0x6401}, IpAddress{0xfd00007700000000, 1}}};
  for (const auto& [our, their] : hosts) {
    for (const std::optional<std::uint16_t> vlan : {std::optional<std::uint16_t>{}, {100}}) {
      std::array<std::byte, kNeighbourFrame> frame{};
      std::size_t length =
          write_question({.from_mac = kOurs, .vlan = vlan, .from = our, .to = their}, frame);
      const auto question = parse_frame(std::span(frame).first(length));
      ASSERT_TRUE(question);
      EXPECT_TRUE(question->to_mac.is_group());
      EXPECT_EQ(question->vlan, vlan);
      const auto asked = parse_neighbour(*question);
      ASSERT_TRUE(asked);
      EXPECT_EQ(asked->teller, our);
      EXPECT_EQ(asked->mac, kOurs);
      EXPECT_EQ(asked->asked, their);

      std::array<std::byte, kNeighbourFrame> reply{};
      length = write_answer(*question, *asked, kTheirs, reply);
      const auto answer = parse_frame(std::span(reply).first(length));
      ASSERT_TRUE(answer);
      EXPECT_EQ(answer->to_mac, kOurs);
      EXPECT_EQ(answer->vlan, vlan);
      const auto told = parse_neighbour(*answer);
      ASSERT_TRUE(told);
      EXPECT_EQ(told->teller, their);
      EXPECT_EQ(told->mac, kTheirs);
      EXPECT_FALSE(told->asked);
    }
  }
}

// Who has parsed the IP of a frame gives it along: discovery stands in that, and is not looked for
// again.
TEST(Neighbours, DiscoveryIsReadOfTheIpThatIsParsed) {
  std::array<std::byte, kNeighbourFrame> frame{};
  const Path path{
      .from_mac = kOurs, .from = {0xfe80000000000000, 1}, .to = {0xfe80000000000000, 2}};
  const auto question = parse_frame(std::span(frame).first(write_question(path, frame)));
  const auto ip = parse_ip(*question);
  ASSERT_TRUE(ip);
  const auto talk = parse_neighbour(*question, ip);
  ASSERT_TRUE(talk);
  EXPECT_EQ(talk->teller, path.from);
  EXPECT_EQ(talk->asked, path.to);
  EXPECT_FALSE(parse_neighbour(*question, std::nullopt));
}

TEST(Neighbours, ADatagramIsNone) {
  std::array<std::byte, 2048> frame{};
  const std::size_t length = write_udp(
      {kOurs, kTheirs, {}, IpAddress::from_v4(1), IpAddress::from_v4(2), 50000, 69}, {}, frame);
  EXPECT_FALSE(parse_neighbour(*parse_frame(std::span(frame).first(length))));
  EXPECT_FALSE(parse_neighbour({.ether_type = 0x88cc}));
}

}  // namespace
}  // namespace dialtone::emu
