// SPDX-License-Identifier: Apache-2.0
#include "bench/emu/tftp/fetch.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace dialtone::emu {
namespace {

constexpr Micros kSecond = 1'000'000;
constexpr std::uint16_t kPort = 50000;
constexpr std::uint16_t kServer = 3000;

std::string number(std::uint32_t value) {
  return {static_cast<char>(value >> 8 & 0xff), static_cast<char>(value & 0xff)};
}
std::string data(std::uint32_t block, const std::string& content) {
  return number(3) + number(block) + content;
}
std::string acked(std::uint32_t block) {
  return number(4) + number(block);
}
std::string error(std::uint16_t code, const std::string& text) {
  return number(5) + number(code) + text + '\0';
}
// '|' stands for NUL.
std::string with_nul(std::string text) {
  std::replace(text.begin(), text.end(), '|', '\0');
  return text;
}

// A fetch and what it has sent and received, on virtual time.
class Client {
 public:
  explicit Client(const AskedFor& asked = {}) : fetch("f.xml", asked, {}, kPort) {
    take(fetch.begin(now, out_));
  }

  // What is sent in answer; empty: nothing.
  std::string hears(const std::string& packet, std::uint16_t from = kServer) {
    return take(fetch.on_packet(from, fetch.port(), std::as_bytes(std::span(packet)), now, out_));
  }
  std::string waits() {
    now = fetch.deadline();
    return take(fetch.on_time(now, out_));
  }

  Micros now = 5 * kSecond;
  Fetch fetch;
  std::string sent;     // last
  std::string content;  // of the file, in order
  std::uint16_t to_port = 0;

 private:
  std::string take(const FetchStep& step) {
    if (step.restarted) {
      content.clear();
    }
    EXPECT_TRUE(step.content.empty() || step.offset == content.size());
    content.append(reinterpret_cast<const char*>(step.content.data()), step.content.size());
    to_port = step.to_port;
    sent.assign(reinterpret_cast<const char*>(out_.data()), step.length);
    return sent;
  }

  std::array<std::byte, Fetch::kRoom> out_{};
};

const std::string kBlock(512, 'b');

TEST(Fetch, Rfc1350ARequestOfAPhoneHasNoOptions) {
  const Client client;
  EXPECT_EQ(client.sent, with_nul(number(1) + "f.xml|octet|"));
  EXPECT_EQ(client.to_port, 69);
}

TEST(Fetch, Rfc1350LockStepToAShortBlock) {
  Client client;
  EXPECT_EQ(client.hears(data(1, kBlock)), acked(1));
  EXPECT_EQ(client.to_port, kServer);
  EXPECT_EQ(client.hears(data(2, "end")), acked(2));
  EXPECT_EQ(client.fetch.end(), FetchEnd::kWhole);
  EXPECT_EQ(client.content, kBlock + "end");
}

TEST(Fetch, Rfc1350AnExactMultipleEndsWithAnEmptyBlock) {
  Client client;
  client.hears(data(1, kBlock));
  EXPECT_EQ(client.fetch.end(), FetchEnd::kNone);
  EXPECT_EQ(client.hears(data(2, "")), acked(2));
  EXPECT_EQ(client.fetch.end(), FetchEnd::kWhole);
}

TEST(Fetch, Rfc1350Section6TheLastAckIsSentAgainWhenItWasLost) {
  Client client;
  client.hears(data(1, "end"));
  EXPECT_EQ(client.hears(data(1, "end")), acked(1));
  EXPECT_EQ(client.content, "end");
  EXPECT_EQ(client.fetch.counts().doubled, 1u);
}

TEST(Fetch, Rfc1350Section4AStrangerIsToldAndTheTransferGoesOn) {
  Client client;
  client.hears(data(1, kBlock));
  EXPECT_EQ(client.hears(data(2, "wrong"), 4000), error(5, "Unknown transfer ID"));
  EXPECT_EQ(client.to_port, 4000);
  EXPECT_EQ(client.hears(data(2, "end")), acked(2));
  EXPECT_EQ(client.content, kBlock + "end");
}

TEST(Fetch, Rfc1350Section7AnErrorIsNeverAnswered) {
  Client client;
  client.hears(data(1, kBlock));
  EXPECT_EQ(client.hears(error(5, "who are you"), 4000), "");
  EXPECT_EQ(client.hears(data(2, "end")), acked(2));
}

TEST(Fetch, ABlockOfATransferOfBeforeFixesNoServer) {
  Client client;
  EXPECT_EQ(client.hears(data(7, kBlock), 4000), "");
  EXPECT_EQ(client.hears(data(1, "end")), acked(1));
}

TEST(Fetch, ADoubledBlockIsAcknowledgedAndNotTakenTwice) {
  Client client;
  client.hears(data(1, kBlock));
  EXPECT_EQ(client.hears(data(1, kBlock)), acked(1));
  EXPECT_EQ(client.content, kBlock);
}

// cisco-tftp 9.3: 4 s, 5 sends from a port, 3 ports.
TEST(Fetch, TheRetryClockOfAPhone) {
  Client client;
  const Micros begin = client.now;
  std::vector<std::pair<Micros, int>> sends{{0, 0}};
  while (client.fetch.end() == FetchEnd::kNone) {
    if (!client.waits().empty()) {
      sends.emplace_back((client.now - begin) / kSecond, client.fetch.port() - kPort);
    }
  }
  ASSERT_EQ(sends.size(), 15u);
  for (std::size_t i = 0; i < sends.size(); ++i) {
    EXPECT_EQ(sends[i], (std::pair<Micros, int>{4 * i, i / 5})) << i;
  }
  EXPECT_EQ(client.fetch.end(), FetchEnd::kSilent);
  EXPECT_EQ((client.now - begin) / kSecond, 60u);
}

TEST(Fetch, AStallIsANewAttemptFromTheNextPort) {
  Client client;
  client.hears(data(1, kBlock));
  const Micros begin = client.now;
  EXPECT_EQ(client.waits(), acked(1));
  EXPECT_EQ(client.waits(), acked(1));
  EXPECT_EQ(client.waits(), acked(1));
  EXPECT_EQ(client.waits(), with_nul(number(1) + "f.xml|octet|"));
  EXPECT_EQ(client.now - begin, 13 * kSecond);
  EXPECT_EQ(client.fetch.port(), kPort + 1);
  EXPECT_EQ(client.hears(data(1, "new"), 3001), acked(1));
  EXPECT_EQ(client.content, "new");
}

TEST(Fetch, AnswersToAnEarlierAttemptAreStrays) {
  Client client;
  for (int i = 0; i < 5; ++i) {
    client.waits();
  }
  ASSERT_EQ(client.fetch.port(), kPort + 1);
  std::array<std::byte, Fetch::kRoom> out{};
  const std::string late = data(1, "late");
  const FetchStep step =
      client.fetch.on_packet(kServer, kPort, std::as_bytes(std::span(late)), client.now, out);
  EXPECT_EQ(step.length, 0);
  EXPECT_EQ(client.fetch.counts().strays, 1u);
}

TEST(Fetch, AnErrorEndsItWithCodeAndText) {
  Client client;
  EXPECT_EQ(client.hears(error(1, "File not found")), "");
  EXPECT_EQ(client.fetch.end(), FetchEnd::kError);
  EXPECT_EQ(client.fetch.error_code(), 1);
  EXPECT_EQ(client.fetch.error_text(), "File not found");
  EXPECT_EQ(client.hears(data(1, "end")), "");
}

TEST(Fetch, ALongErrorTextIsCut) {
  Client client;
  client.hears(error(0, std::string(300, 'x')));
  EXPECT_EQ(client.fetch.error_text(), std::string(63, 'x'));
}

TEST(Fetch, Rfc2348AnAgreedBlockSize) {
  Client client({.block_size = 1428, .size = true});
  EXPECT_EQ(client.sent, with_nul(number(1) + "f.xml|octet|tsize|0|blksize|1428|"));
  EXPECT_EQ(client.hears(with_nul(number(6) + "tsize|2000|blksize|1428|")), acked(0));
  EXPECT_EQ(client.hears(data(1, std::string(1428, 'x'))), acked(1));
  EXPECT_EQ(client.hears(data(2, std::string(572, 'y'))), acked(2));
  EXPECT_EQ(client.fetch.end(), FetchEnd::kWhole);
  EXPECT_EQ(client.fetch.granted().size, 2000u);
}

TEST(Fetch, Rfc2347AServerThatKnowsNoOptionsAnswersWithData) {
  Client client({.block_size = 1428});
  EXPECT_EQ(client.hears(data(1, kBlock)), acked(1));
  EXPECT_EQ(client.hears(data(2, "end")), acked(2));
}

TEST(Fetch, Rfc2347AnOackThatWasNotAskedForIsRefused) {
  Client client({.block_size = 512});
  EXPECT_EQ(client.hears(with_nul(number(6) + "blksize|1428|")).substr(0, 4),
            number(5) + number(8));
  EXPECT_EQ(client.fetch.end(), FetchEnd::kBroken);
}

TEST(Fetch, ABlockThatIsTooLongIsRefused) {
  Client client;
  EXPECT_EQ(client.hears(data(1, std::string(513, 'x'))).substr(0, 4), number(5) + number(4));
  EXPECT_EQ(client.fetch.end(), FetchEnd::kBroken);
}

TEST(Fetch, Rfc7440OneAckForAWindow) {
  Client client({.window = 3});
  EXPECT_EQ(client.hears(with_nul(number(6) + "windowsize|3|")), acked(0));
  EXPECT_EQ(client.hears(data(1, kBlock)), "");
  EXPECT_EQ(client.hears(data(2, kBlock)), "");
  EXPECT_EQ(client.hears(data(3, kBlock)), acked(3));
  EXPECT_EQ(client.hears(data(4, kBlock)), "");
  EXPECT_EQ(client.hears(data(5, "end")), acked(5));
}

TEST(Fetch, Rfc7440AGapIsToldOnce) {
  Client client({.window = 4});
  client.hears(with_nul(number(6) + "windowsize|4|"));
  EXPECT_EQ(client.hears(data(1, kBlock)), "");
  EXPECT_EQ(client.hears(data(3, kBlock)), acked(1));
  EXPECT_EQ(client.hears(data(4, kBlock)), "");
  EXPECT_EQ(client.hears(data(2, kBlock)), "");
  EXPECT_EQ(client.content.size(), 1024u);
}

TEST(Fetch, BlockNumbersGoRound) {
  Client client({.block_size = 8});
  client.hears(with_nul(number(6) + "blksize|8|"));
  for (std::uint32_t block = 1; block <= 70'000; ++block) {
    ASSERT_EQ(client.hears(data(block & 0xffff, "12345678")), acked(block & 0xffff));
  }
  EXPECT_EQ(client.hears(data(70'001 & 0xffff, "")), acked(70'001 & 0xffff));
  EXPECT_EQ(client.fetch.bytes(), 560'000u);
}

TEST(Fetch, APhoneOf2000PutsANulBehindTheMode) {
  const Client client({.stray_nul = true});
  EXPECT_EQ(client.sent, with_nul(number(1) + "f.xml|octet||"));
}

TEST(Fetch, ARequestHasRoomForANameOf255Bytes) {
  EXPECT_TRUE(can_be_asked_for(std::string(255, 'x')));
  EXPECT_FALSE(can_be_asked_for(std::string(256, 'x')));
  EXPECT_FALSE(can_be_asked_for(std::string("a\0b", 3)));
}

TEST(Fetch, RubbishIsAStray) {
  Client client;
  EXPECT_EQ(client.hears(number(3)), "");
  EXPECT_EQ(client.hears(number(9) + number(1)), "");
  EXPECT_EQ(client.fetch.counts().strays, 2u);
  EXPECT_EQ(client.hears(data(1, "end")), acked(1));
}

}  // namespace
}  // namespace dialtone::emu
