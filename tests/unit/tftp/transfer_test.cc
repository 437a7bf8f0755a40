// SPDX-License-Identifier: Apache-2.0
#include "dataplane/tftp/transfer.h"

#include "tests/unit/tftp/unread_content.h"

#include <gtest/gtest.h>

#include <array>

namespace dialtone::tftp {
namespace {

// In lock step, with `block` sent and not acknowledged.
Session session_of(std::uint64_t length, std::uint32_t block = 1) {
  Session session;
  session.content = unread_content();
  session.length = length;
  begin(session, 100);
  session.acked = block - 1;
  on_sent(session);
  return session;
}

// Content with its sums, as near to each other as in a segment.
template <std::size_t kSize>
struct Stored {
  alignas(2) std::array<std::byte, kSize> content{};
  std::array<std::uint16_t, (kSize + 511) / 512> sums{};

  void give_to(Session& session) const {
    session.content = content.data();
    session.set_sums(sums.data());
  }
};

std::uint64_t last_sent(const Session& session) {
  return session.acked + session.sent;
}

// An ACK, and the block that it brings.
AckOutcome ack(Session& session, std::uint16_t number, Micros now) {
  const AckOutcome outcome = on_ack(session, number, now);
  if (outcome == AckOutcome::kAdvanced) {
    on_sent(session);
  }
  return outcome;
}

TEST(Transfer, AckOfTheBlockSentLastMovesOnRfc1350) {
  Session session = session_of(2000);
  session.copies = 2;
  EXPECT_EQ(ack(session, 1, 200), AckOutcome::kAdvanced);
  EXPECT_EQ(last_sent(session), 2U);
  EXPECT_EQ(session.progress_us, 200U);
  EXPECT_EQ(session.copies, 0);
}

TEST(Transfer, DuplicateAckMovesNothingAndWritesNoTimeRfc1123) {
  Session session = session_of(5000, 5);
  for (const std::uint16_t block : {4, 3, 0}) {
    EXPECT_EQ(ack(session, block, 200), AckOutcome::kDuplicate);
  }
  EXPECT_EQ(last_sent(session), 5U);
  EXPECT_EQ(session.progress_us, 100U);
}

TEST(Transfer, FutureAckMovesNothingT62) {
  Session session = session_of(50000, 4);
  EXPECT_EQ(ack(session, 40, 200), AckOutcome::kFuture);
  EXPECT_EQ(ack(session, 5, 200), AckOutcome::kFuture);
  EXPECT_EQ(last_sent(session), 4U);
}

TEST(Transfer, ARepeatedRequestLeavesTheInterruptedBlockGood) {
  Session session = session_of(50000, 20);
  begin_again(session, 200);
  on_sent(session);
  EXPECT_EQ(last_sent(session), 1U);
  begin_again(session, 200);  // a third copy forgets nothing
  on_sent(session);
  EXPECT_EQ(ack(session, 18, 300), AckOutcome::kFuture);
  EXPECT_EQ(ack(session, 21, 300), AckOutcome::kFuture);
  EXPECT_EQ(ack(session, 1, 300), AckOutcome::kAdvanced);
  EXPECT_EQ(ack(session, 20, 300), AckOutcome::kAdvanced);
  EXPECT_EQ(last_sent(session), 21U);
  EXPECT_EQ(ack(session, 20, 300), AckOutcome::kDuplicate);
  begin(session, 400);
  on_sent(session);
  EXPECT_EQ(ack(session, 20, 500), AckOutcome::kFuture);
}

TEST(Transfer, ADuplicateAckIsNeverTakenForTheInterruptedBlock) {
  Session session = session_of(std::uint64_t{70000} * 512, 65536 + 4);
  begin_again(session, 200);
  session.acked = 4;
  on_sent(session);
  EXPECT_EQ(ack(session, 4, 300), AckOutcome::kDuplicate);
  EXPECT_EQ(last_sent(session), 5U);
}

TEST(Transfer, BlockNumberRollsOverToZeroT72) {
  Session session = session_of(std::uint64_t{70000} * 512, 65535);
  EXPECT_EQ(ack(session, 65535, 1), AckOutcome::kAdvanced);
  EXPECT_EQ(last_sent(session), 65536U);
  EXPECT_EQ(ack(session, 65535, 1), AckOutcome::kDuplicate);
  EXPECT_EQ(ack(session, 1, 1), AckOutcome::kFuture);
  EXPECT_EQ(ack(session, 0, 1), AckOutcome::kAdvanced);
  EXPECT_EQ(last_sent(session), 65537U);
  EXPECT_EQ(ack(session, 1, 1), AckOutcome::kAdvanced);
}

TEST(Transfer, LastAckFinishesT71) {
  struct Case {
    std::uint64_t length;
    std::uint32_t blocks;
  };
  for (const Case& c : {Case{0, 1}, Case{1, 1}, Case{511, 1}, Case{512, 2}, Case{513, 2},
                        Case{1024, 3}, Case{std::uint64_t{65535} * 512, 65536}}) {
    Session session = session_of(c.length, c.blocks);
    EXPECT_EQ(ack(session, static_cast<std::uint16_t>(c.blocks), 1), AckOutcome::kFinished)
        << c.length;
  }
}

TEST(Transfer, BlocksCoverTheFileAndTheLastIsShort) {
  const Stored<1024> file;
  const auto& sums = file.sums;
  Session session = session_of(1024);
  file.give_to(session);
  EXPECT_EQ(block_at(session, 1).content.size(), 512U);
  EXPECT_EQ(block_at(session, 1).sums.data(), &sums[0]);
  EXPECT_EQ(block_at(session, 2).sums.data(), &sums[1]);
  EXPECT_EQ(block_at(session, 2).sums.size(), 1U);
  EXPECT_EQ(block_at(session, 3).content.size(), 0U);
  EXPECT_TRUE(block_at(session, 3).sums.empty());
}

TEST(Transfer, LargeBlocksTakeTheSumsOfAllTheirUnitsOrNone) {
  const Stored<2500> file;
  const auto& sums = file.sums;
  Session session = session_of(2500);
  file.give_to(session);
  session.block_size = 1024;
  EXPECT_EQ(block_at(session, 2).sums.data(), &sums[2]);
  EXPECT_EQ(block_at(session, 2).sums.size(), 2U);
  EXPECT_EQ(block_at(session, 3).sums.size(), 1U);  // 452 bytes
  session.block_size = 1428;
  EXPECT_TRUE(block_at(session, 1).sums.empty());
  EXPECT_EQ(block_at(session, 2).content.size(), 2500U - 1428);
}

TEST(Transfer, ZeroLengthFileIsOneEmptyBlockT71) {
  Session session;
  begin(session, 0);
  EXPECT_TRUE(may_send(session));
  EXPECT_EQ(next_block(session).number, 1);
  EXPECT_TRUE(next_block(session).content.empty());
  on_sent(session);
  EXPECT_FALSE(may_send(session));
}

TEST(Transfer, TheEndDependsOnTheBlockSizeRfc2348) {
  for (const std::uint16_t size : {8, 512, 1428, 65464}) {
    Session session;
    session.block_size = size;
    for (const std::uint64_t blocks : {1, 2, 7}) {
      session.length = blocks * size - 1;
      EXPECT_TRUE(is_last(session, blocks));
      session.length = blocks * size;
      EXPECT_FALSE(is_last(session, blocks));
      EXPECT_TRUE(is_last(session, blocks + 1));
    }
  }
}

// By arithmetic alone: there is no such file.
TEST(Transfer, FilesAbove4GiBHaveTheirLastBlocks) {
  Session session = session_of((std::uint64_t{5} << 30) + 100, 10'485'760);
  EXPECT_EQ(ack(session, static_cast<std::uint16_t>(10'485'760), 1), AckOutcome::kAdvanced);
  EXPECT_EQ(block_at(session, 10'485'761).content.size(), 100U);
  EXPECT_EQ(ack(session, static_cast<std::uint16_t>(10'485'761), 1), AckOutcome::kFinished);
}

// With rollover 1 the number 0 comes once: a second ACK of the OACK is old, behind a repeated
// request as well.
TEST(Transfer, ADoubledAckOfTheOackBringsNothingAfterARepeatedRequestT60) {
  for (const bool rolls_to_one : {false, true}) {
    Session session;
    session.length = 2000;
    session.window = 1;
    begin(session, 100);
    for (int request = 0; request < 2; ++request) {
      if (request != 0) {
        begin_again(session, 200);
      }
      session.set(SessionFlag::kOackPending);
      if (rolls_to_one) {
        session.set(SessionFlag::kRolloverToOne);
      }
      EXPECT_EQ(on_ack(session, 0, 300), AckOutcome::kAdvanced);
      on_sent(session);  // block 1
    }
    EXPECT_EQ(on_ack(session, 0, 300), AckOutcome::kDuplicate) << rolls_to_one;
    EXPECT_FALSE(may_send(session));
    EXPECT_EQ(on_ack(session, 1, 300), AckOutcome::kAdvanced);
  }
}

}  // namespace
}  // namespace dialtone::tftp
