// SPDX-License-Identifier: Apache-2.0
#include "dataplane/tftp/transfer.h"

#include <gtest/gtest.h>

#include <array>

namespace dialtone::tftp {
namespace {

Session session_of(std::uint64_t length, std::uint64_t block = 1) {
  Session session;
  session.length = length;
  begin(session, 100);
  session.block = block;
  return session;
}

TEST(Transfer, AckOfTheBlockSentLastMovesOnRfc1350) {
  Session session = session_of(2000);
  session.copies = 2;
  EXPECT_EQ(on_ack(session, 1, 200), AckOutcome::kAdvanced);
  EXPECT_EQ(session.block, 2U);
  EXPECT_EQ(session.progress_at, 200U);
  EXPECT_EQ(session.copies, 0);
}

TEST(Transfer, DuplicateAckMovesNothingAndWritesNoTimeRfc1123) {
  Session session = session_of(5000, 5);
  for (const std::uint16_t block : {4, 3, 0}) {
    EXPECT_EQ(on_ack(session, block, 200), AckOutcome::kDuplicate);
  }
  EXPECT_EQ(session.block, 5U);
  EXPECT_EQ(session.progress_at, 100U);
}

TEST(Transfer, FutureAckMovesNothingT62) {
  Session session = session_of(50000, 4);
  EXPECT_EQ(on_ack(session, 40, 200), AckOutcome::kFuture);
  EXPECT_EQ(on_ack(session, 5, 200), AckOutcome::kFuture);
  EXPECT_EQ(session.block, 4U);
}

TEST(Transfer, ARepeatedRequestLeavesTheInterruptedBlockGood) {
  Session session = session_of(50000, 20);
  begin_again(session, 200);
  EXPECT_EQ(session.block, 1U);
  begin_again(session, 200);  // a third copy forgets nothing
  EXPECT_EQ(on_ack(session, 19, 300), AckOutcome::kFuture);
  EXPECT_EQ(on_ack(session, 21, 300), AckOutcome::kFuture);
  EXPECT_EQ(on_ack(session, 1, 300), AckOutcome::kAdvanced);
  EXPECT_EQ(on_ack(session, 20, 300), AckOutcome::kAdvanced);
  EXPECT_EQ(session.block, 21U);
  EXPECT_EQ(on_ack(session, 20, 300), AckOutcome::kDuplicate);
  begin(session, 400);
  EXPECT_EQ(on_ack(session, 20, 500), AckOutcome::kFuture);
}

TEST(Transfer, ADuplicateAckIsNeverTakenForTheInterruptedBlock) {
  Session session = session_of(std::uint64_t{70000} * 512, 65536 + 4);
  begin_again(session, 200);
  session.block = 5;
  EXPECT_EQ(on_ack(session, 4, 300), AckOutcome::kDuplicate);
  EXPECT_EQ(session.block, 5U);
}

TEST(Transfer, BlockNumberRollsOverToZeroT72) {
  Session session = session_of(std::uint64_t{70000} * 512, 65535);
  EXPECT_EQ(on_ack(session, 65535, 1), AckOutcome::kAdvanced);
  EXPECT_EQ(session.block, 65536U);
  EXPECT_EQ(on_ack(session, 65535, 1), AckOutcome::kDuplicate);
  EXPECT_EQ(on_ack(session, 1, 1), AckOutcome::kFuture);
  EXPECT_EQ(on_ack(session, 0, 1), AckOutcome::kAdvanced);
  EXPECT_EQ(session.block, 65537U);
  EXPECT_EQ(on_ack(session, 1, 1), AckOutcome::kAdvanced);
}

TEST(Transfer, LastAckFinishesT71) {
  struct Case {
    std::uint64_t length;
    std::uint64_t blocks;
  };
  for (const Case& c : {Case{0, 1}, Case{1, 1}, Case{511, 1}, Case{512, 2}, Case{513, 2},
                        Case{1024, 3}, Case{std::uint64_t{65535} * 512, 65536}}) {
    Session session = session_of(c.length, c.blocks);
    EXPECT_EQ(on_ack(session, static_cast<std::uint16_t>(c.blocks), 1), AckOutcome::kFinished)
        << c.length;
  }
}

TEST(Transfer, BlocksCoverTheFileAndTheLastIsShort) {
  const std::array<std::byte, 1024> content{};
  const std::array<std::uint16_t, 2> sums = {7, 8};
  Session session = session_of(1024);
  session.content = content.data();
  session.sums = sums.data();
  EXPECT_EQ(current_block(session).content.size(), 512U);
  EXPECT_EQ(current_block(session).sum, &sums[0]);
  EXPECT_EQ(block_at(session, 2).sum, &sums[1]);
  EXPECT_EQ(block_at(session, 3).content.size(), 0U);
  EXPECT_EQ(block_at(session, 3).sum, nullptr);
}

TEST(Transfer, ZeroLengthFileIsOneEmptyBlockT71) {
  const Session session = session_of(0);
  EXPECT_EQ(current_block(session).number, 1);
  EXPECT_TRUE(current_block(session).content.empty());
}

}  // namespace
}  // namespace dialtone::tftp
