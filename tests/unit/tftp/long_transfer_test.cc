// SPDX-License-Identifier: Apache-2.0
//
// A transfer of many more blocks than there are numbers, in windows and with loss: scenario S20 of
// docs/tftp-conformance.md. DIALTONE_WRAPS=2048 makes it the 1 GB that are asked for there.
#include "dataplane/tftp/transfer.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <cstring>
#include <random>
#include <vector>

namespace dialtone::tftp {
namespace {

constexpr std::uint16_t kBlock = 8;  // so that each block can hold its own number
constexpr std::uint8_t kWindow = 64;
constexpr unsigned kLostInThousand = 1;

TEST(LongTransfer, S20_Rfc7440_9_BlocksOfEightBytesWrapOnAndOn) {
  const char* text = std::getenv("DIALTONE_WRAPS");
  const std::uint64_t wraps = text == nullptr ? 4 : std::strtoull(text, nullptr, 10);
  const std::uint64_t blocks = wraps * 65536 + 1000;
  std::vector<std::uint64_t> content(blocks);
  for (std::uint64_t i = 0; i < blocks; ++i) {
    content[i] = i;
  }
  Session session;
  session.content = reinterpret_cast<const std::byte*>(content.data());
  session.length = blocks * kBlock - 3;  // a short one at the end
  session.block_size = kBlock;
  session.window = kWindow;
  begin(session, 0);

  std::mt19937 random(20);
  const auto is_lost = [&] { return random() % 1000 < kLostInThousand; };
  std::uint64_t have = 0;  // blocks in order, as the client counts them
  std::uint64_t lost = 0;
  bool ended = false;
  for (std::uint64_t turn = 0; !ended && turn < blocks * 2; ++turn) {
    bool acknowledges = false;
    std::uint8_t in_window = 0;
    while (may_send(session)) {
      const Block block = next_block(session);
      on_sent(session);
      if (is_lost()) {
        ++lost;
        continue;
      }
      if (block.number != static_cast<std::uint16_t>(have + 1)) {
        acknowledges = true;  // a gap: at once, the last in order
        continue;
      }
      std::uint64_t value = 0;
      std::memcpy(&value, block.content.data(), block.content.size());
      ASSERT_EQ(value & 0xffffffffff, have & 0xffffffffff);
      ++have;
      acknowledges |= ++in_window == kWindow || block.content.size() < kBlock;
    }
    if (!acknowledges || is_lost()) {
      on_timeout(session, 0);
      continue;
    }
    ended = on_ack(session, static_cast<std::uint16_t>(have), 0) == AckOutcome::kFinished;
  }
  EXPECT_TRUE(ended);
  EXPECT_EQ(have, blocks);
  EXPECT_GT(lost, blocks / 2000);
}

}  // namespace
}  // namespace dialtone::tftp
