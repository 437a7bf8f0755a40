// SPDX-License-Identifier: Apache-2.0
#include "dataplane/wire/neighbour.h"
#include "tests/fuzz/seeds.h"
#include "tests/support/fragments.h"
#include "tests/support/nul_text.h"
#include "tests/support/packet_builder.h"

namespace dialtone::fuzz {
namespace {

using test::Packet;

constexpr char kNewBurst = 2;
constexpr char kTimers = 8;
constexpr char kControl = 16;

// As frames.cc reads it: the first frame, then others in a burst of their own.
std::string input_of(char setup, const std::vector<std::string>& frames) {
  std::string input(1, setup);
  for (const std::string& frame : frames) {
    input += kNewBurst;
    input += static_cast<char>(frame.size() >> 8);
    input += static_cast<char>(frame.size());
    input += frame;
  }
  return input;
}

std::string solicitation(const IpAddress& source) {
  wire::NeighbourMessage message{};
  message.type = wire::kNeighbourSolicitation;
  message.target.set(test::kServerAddress6);
  const IpAddress group = wire::solicited_node(test::kServerAddress6);
  return test::icmpv6_frame(wire::multicast_mac(group), source, group, 255,
                            {reinterpret_cast<const char*>(&message), sizeof(message)});
}

std::string advertisement() {
  wire::NeighbourMessage message{};
  message.type = wire::kNeighbourAdvertisement;
  message.target.set(test::kServerAddress6);
  return test::icmpv6_frame(wire::multicast_mac(wire::kAllNodes), test::kPhoneAddress6,
                            wire::kAllNodes, 255,
                            {reinterpret_cast<const char*>(&message), sizeof(message)});
}

std::vector<std::string> single_frames() {
  const std::string ping6("\x80\0\0\0\0\1\0\1hello", 13);
  const std::string hop_by_hop("\x11\0\1\4\0\0\0\0", 8);
  const std::string fragment("\x11\0\0\1\0\0\0\7", 8);
  std::vector<std::string> frames = {
      Packet().rrq("two").bytes(),
      Packet().from_v6().rrq("two").bytes(),
      Packet().tagged(0x8100, 5).rrq("two").bytes(),
      Packet().tagged(0x88a8, 6).tagged(0x8100, 7).from_v6().rrq("a").bytes(),
      Packet().tagged(0x8100, 0xe000).rrq("a").bytes(),
      Packet().rrq("two", "octet", test::nul("blksize|100|windowsize|4|")).bytes(),
      Packet().rrq("text", "netascii").bytes(),
      Packet().wrq("a").bytes(),
      Packet().error(0, "x").bytes(),
      Packet().to_port(0x8123).ack(1).bytes(),
      Packet().to_port(0xa123).ack(1).bytes(),
      Packet().to_port(0x8123).error(5, "x").bytes(),
      Packet().ip_options(std::string(8, '\1')).rrq("a").bytes(),
      Packet().no_udp_checksum().rrq("a").bytes(),
      Packet().from_v6().extensions(0, hop_by_hop).rrq("a").bytes(),
      Packet().from_v6().extensions(44, fragment).rrq("a").bytes(),
      Packet().from(test::kPhoneAddress, 69).rrq("a").bytes(),
      Packet().from(test::kServerAddress, 5000).rrq("a").bytes(),
      Packet().to_address(0xffffffffu).to_mac(wire::kBroadcastMac).rrq("a").bytes(),
      test::arp_request(test::kServerAddress),
      test::arp_request(test::kServerAddress, test::kServerAddress),
      test::echo_request("hello"),
      test::echo_request("hello", std::string(4, '\1')),
      test::icmpv6_frame(test::kServerMac, test::kPhoneAddress6, test::kServerAddress6, 64, ping6),
      solicitation(test::kPhoneAddress6),
      solicitation({}),
      advertisement(),
      test::ip_frame(1,
                     std::string("\3\3\0\0\0\0\0\0", 8) + Packet().rrq("a").bytes().substr(14, 28)),
      test::ip_frame(1,
                     std::string("\3\4\0\0\0\0\5\0", 8) + Packet().rrq("a").bytes().substr(14, 28)),
      test::icmpv6_frame(
          test::kServerMac, test::kPhoneAddress6, test::kServerAddress6, 64,
          std::string("\2\0\0\0\0\0\5\0", 8) + Packet().from_v6().rrq("a").bytes().substr(14, 52)),
      test::ip_frame(6, "tcp"),
  };
  for (const std::string& piece : test::fragments_of(Packet().rrq("two").bytes(), 1, 8)) {
    frames.push_back(piece);
  }
  return frames;
}

}  // namespace

std::vector<std::string> frame_seeds() {
  std::vector<std::string> seeds;
  const std::vector<std::string> frames = single_frames();
  for (const std::string& frame : frames) {
    for (const char setup : {0, 1, 2, 9}) {
      seeds.push_back(input_of(setup, {frame}));
    }
  }
  for (std::size_t i = 0; i + 3 < frames.size(); i += 3) {
    seeds.push_back(input_of(0, {frames[i], frames[i + 1], frames[i + 2]}));
    // Each of the other setups, by other rules (frames.cc, SetupFlag).
    for (int setup = 16; setup < 256; setup += 31) {
      seeds.push_back(
          input_of(static_cast<char>(setup), {frames[i], frames[i + 1], frames[i + 2]}));
    }
  }
  // More requests than limits allow, for what is there and what is not.
  for (const int setup : {32, 96, 64 + 19, 128 + 17}) {
    std::vector<std::string> many;
    for (std::uint16_t port = 2000; port < 2020; ++port) {
      const char* name = port % 3 == 0 ? "late" : port % 3 == 1 ? "two" : "x";
      many.push_back(Packet().from(test::kPhoneAddress, port).rrq(name).bytes());
    }
    std::string input = input_of(static_cast<char>(setup), many);
    input += std::string({kNewBurst | kTimers | kControl, 0, 0});
    seeds.push_back(input);
  }
  return seeds;
}

}  // namespace dialtone::fuzz
