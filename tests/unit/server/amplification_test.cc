// SPDX-License-Identifier: Apache-2.0
//
// What an address gets that never acknowledges anything, against what was asked in its name: for
// names of any length, options, sizes of files and ways to repeat a request.
#include "control/image/policy.h"
#include "dataplane/server/unproven_budget.h"
#include "tests/support/nul_text.h"
#include "tests/unit/server/admitted.h"

namespace dialtone::server {
namespace {

using test::kPhoneAddress;
using test::kTicksPerSecond;
using test::nul;
using test::Packet;
using test::Server;
using test::TestImage;

constexpr std::size_t kIpAndUdp = 20 + 8;
// A frame has 60 bytes at least, and 14 before the IP header.
std::size_t on_the_wire(std::size_t payload) {
  return std::max<std::size_t>(60, 14 + kIpAndUdp + payload);
}

struct Way {
  const char* what;
  int requests;
  double seconds;  // between them
  bool same_port;  // as a phone's five, or a port each
};
constexpr Way kWays[] = {{"once", 1, 0, true},
                         {"as a phone", 6, 4, true},
                         {"each second", 12, 1, true},
                         {"each second, port by port", 12, 1, false},
                         {"many at once", 40, 0.01, false}};

const std::string kOptions[] = {"",
                                nul("tsize|0|"),
                                nul("blksize|1428|"),
                                nul("blksize|1|"),  // not granted
                                nul("blksize|8|windowsize|64|"),
                                nul("timeout|1|"),
                                nul("timeout|255|tsize|0|"),
                                nul("utimeout|10000|"),
                                nul("blksize2|1400|rollover|1|"),
                                nul("x|y|"),
                                nul("tsize|0|blksize|1428|windowsize|16|timeout|2|utimeout|1|")};

struct Sums {
  std::size_t requests = 0;
  std::size_t packets = 0;
  std::size_t in = 0;  // UDP payload
  std::size_t out = 0;
  std::size_t frames_in = 0;
  std::size_t frames_out = 0;

  double payload_ratio() const { return double(out) / double(in); }
  double ip_ratio() const {
    return double(out + kIpAndUdp * packets) / double(in + kIpAndUdp * requests);
  }
  double frame_ratio() const { return double(frames_out) / double(frames_in); }
};

class Amplification : public testing::Test {
 protected:
  Amplification() : server({.max_sessions = 4096, .max_parked = 4096}) {
    image.policy() = image_build::default_policy();
  }

  static std::string name_of(std::size_t length, std::size_t size) {
    std::string name(length, 'a');
    name[0] = static_cast<char>('a' + size % 26);
    return name;
  }

  Sums ask(std::uint32_t address, const std::string& name, const char* mode,
           const std::string& options, const Way& way) {
    Sums sums;
    const auto note = [&](const std::string& frame) {
      const test::ReplyView reply = test::parse_reply(frame);
      EXPECT_EQ(reply.destination.v4(), address);
      ++sums.packets;
      sums.out += reply.packet.size();
      sums.frames_out += on_the_wire(reply.packet.size());
    };
    const std::size_t request =
        2 + name.size() + 1 + std::string_view(mode).size() + 1 + options.size();
    for (int i = 0; i < way.requests; ++i) {
      const auto port = static_cast<std::uint16_t>(1000 + (way.same_port ? i / 5 : i));
      ++sums.requests;
      sums.in += request;
      sums.frames_in += on_the_wire(request);
      if (const auto reply = server.send(Packet().from(address, port).rrq(name, mode, options))) {
        note(*reply);
      }
      wait(i + 1 == way.requests ? 10 : way.seconds, note);
    }
    return sums;
  }

  template <typename Note>
  void wait(double seconds, Note note) {
    constexpr Ticks kStep = kTicksPerSecond / 4;
    const auto ticks = static_cast<Ticks>(seconds * kTicksPerSecond);
    for (Ticks gone = 0; gone < ticks; gone += kStep) {
      server.now += std::min(kStep, ticks - gone);
      for (const std::string& frame : server.run_timers()) {
        note(frame);
      }
    }
  }

  TestImage image{1 << 20};
  Server server;
};

TEST_F(Amplification, WhoNeverAcknowledgesGetsAtMost33TimesWhatWasAskedT68) {
  constexpr std::size_t kSizes[] = {0, 100, 300, 9000};
  for (std::size_t length = 1; length <= 20; ++length) {
    for (const std::size_t size : kSizes) {
      image.add(name_of(length, size), test::pattern(size));
    }
  }
  image.build();
  server.publish(&image.live());
  Sums all;
  double most_payload = 0;
  double most_ip = 0;
  double most_on_the_wire = 0;
  std::uint32_t address = kPhoneAddress;
  for (std::size_t length = 1; length <= 20; ++length) {
    for (const std::size_t size : kSizes) {
      for (const char* mode : {"octet", "netascii"}) {
        for (const std::string& options : kOptions) {
          for (const Way& way : kWays) {
            ++address;
            const Sums sums = ask(address, name_of(length, size), mode, options, way);
            // For a shorter request others have paid a part, or it waits for its repeat.
            if (sums.in >= 16 * sums.requests) {
              ASSERT_GT(sums.packets, 0U);
              ASSERT_LE(sums.out, 33 * sums.in)
                  << length << " " << size << " " << mode << " " << options << " " << way.what;
            }
            all.in += sums.in;
            all.out += sums.out;
            ASSERT_LE(all.out, 33 * all.in + UnprovenBudget::kSpare);
            most_payload = std::max(most_payload, sums.payload_ratio());
            most_ip = std::max(most_ip, sums.ip_ratio());
            most_on_the_wire = std::max(most_on_the_wire, sums.frame_ratio());
          }
        }
      }
    }
  }
  // The figures of docs/admission.md.
  EXPECT_LE(most_payload, 52);  // of one address
  EXPECT_LE(most_ip, 15);
  EXPECT_LE(most_on_the_wire, 15.2);
  // A phone's own file has a copy as well.
  const std::string phone_file(test::kPhoneFile);
  TestImage files(1 << 20, 2);
  files.policy() = image.policy();
  files.add(phone_file, test::pattern(9000)).build();
  server.publish(&files.live());
  const Sums sums = ask(++address, phone_file, "octet", "", kWays[0]);
  EXPECT_EQ(sums.packets, 2U);
  EXPECT_LE(sums.out, 33 * sums.in);
  EXPECT_LE(sums.ip_ratio(), 18.3);
  EXPECT_LE(sums.frame_ratio(), 15.2);
  server.responder().end_all_sessions();
}

// A flood of the shortest requests, each from an address of its own.
TEST_F(Amplification, NamesOfAFewBytesStayWithin33TimesInAllT68) {
  for (std::size_t length = 1; length <= 7; ++length) {
    image.add(name_of(length, 0), test::pattern(9000));
  }
  image.build();
  for (std::size_t length = 1; length <= 7; ++length) {
    Server fresh({.max_sessions = 4096});
    fresh.publish(&image.live());
    std::size_t in = 0;
    std::size_t out = 0;
    std::size_t frames_in = 0;
    std::size_t frames_out = 0;
    const auto asks = [&](std::uint32_t address) {
      const std::size_t request = 2 + length + 1 + 6;
      in += request;
      frames_in += on_the_wire(request);
      const auto reply = fresh.send(Packet().from(address, 1000).rrq(name_of(length, 0)));
      if (reply) {
        const std::size_t answer = test::parse_reply(*reply).packet.size();
        out += answer;
        frames_out += on_the_wire(answer);
      }
      return reply.has_value();
    };
    EXPECT_TRUE(asks(kPhoneAddress)) << "the first client of a server need not ask twice";
    for (std::uint32_t i = 0; i < 1500; ++i) {
      asks(0x0b000000 + (i << 8));
      ASSERT_LE(out, 33 * in + UnprovenBudget::kSpare) << length;
    }
    EXPECT_GE(out, 32 * in) << length;
    EXPECT_LE(10 * frames_out, 93 * frames_in) << length;
    // A client whose request is refused gets its answer when it asks again, as all clients do.
    const std::uint32_t client = kPhoneAddress + 1;
    if (!asks(client)) {
      fresh.now += 4 * kTicksPerSecond;
      EXPECT_TRUE(asks(client)) << length;
    }
    EXPECT_EQ(fresh.run_timers().size(), 0U) << "no copies";
    fresh.now += 2 * kTicksPerSecond;
    EXPECT_EQ(fresh.run_timers().size(), 0U) << "no copies";
  }
}

}  // namespace
}  // namespace dialtone::server
