// SPDX-License-Identifier: Apache-2.0
//
// Another generation is published while transfers run. Virtual time.
#include "tests/unit/server/swap.h"

namespace dialtone::server {
namespace {

using test::content_of;
using test::kPhoneAddress;
using test::kPhonePort;
using test::kTicksPerSecond;
using test::options;
using test::Packet;
using test::ReplyView;
using test::shape;

class Swap : public test::SwapTest {};

constexpr std::uint16_t kError = 5;
constexpr std::uint16_t kOack = 6;

TEST_F(Swap, TransferEndsOnItsOldBytesT79) {
  for (std::uint16_t swap_behind = 1; swap_behind <= 5; ++swap_behind) {
    const std::uint64_t old = 2U * swap_behind;
    publish(old);
    const ReplyView first = request();
    std::string content = first.body;
    for (std::uint16_t block = 1; block < swap_behind; ++block) {
      content += ack(first.source_port, block)->body;
    }
    publish(old + 1);
    content += finish(first.source_port, swap_behind);
    EXPECT_EQ(shape(content), shape(content_of(old, kSize)))
        << "swapped behind block " << swap_behind;
    EXPECT_EQ(server_.pinned(), 0U);
  }
}

TEST_F(Swap, CopiesAreOfTheOldBytesT79) {
  publish(1);
  const ReplyView first = request();
  publish(2);
  server_.now += 2 * kTicksPerSecond;
  const auto copies = server_.unasked();
  ASSERT_EQ(copies.size(), 1U);
  EXPECT_EQ(copies[0].body, first.body);
  EXPECT_EQ(shape(first.body + finish(first.source_port, 1)), shape(content_of(1, kSize)));
}

TEST_F(Swap, WindowEndsOnItsOldBytesT79) {
  publish(1);
  const ReplyView oack = request(options({{"windowsize", 4}, {"blksize", 500}, {"tsize", 0}}));
  ASSERT_EQ(oack.opcode, kOack);
  std::string content = ack(oack.source_port, 0)->body;
  publish(2);
  for (std::uint16_t block = 1; content.size() < kSize;) {
    for (const ReplyView& data : server_.unasked()) {
      ASSERT_EQ(data.number, ++block);
      content += data.body;
    }
    if (const auto next = ack(oack.source_port, block)) {
      ASSERT_EQ(next->number, ++block);
      content += next->body;
    }
  }
  EXPECT_EQ(shape(content), shape(content_of(1, kSize)));
}

TEST_F(Swap, NetasciiEndsOnItsOldBytesT79) {
  publish(1);
  const ReplyView first = request({}, "netascii");
  publish(2);
  EXPECT_EQ(shape(first.body + finish(first.source_port, 1)), shape(content_of(1, kSize)));
}

TEST_F(Swap, RemovedFileEndsOnItsBytesAndIsGoneForOthersT79) {
  publish(1);
  const ReplyView first = request();
  publish(2, /*with_f=*/false);
  const ReplyView other = server_.ask(Packet().from(kPhoneAddress, kPhonePort + 1).rrq("f"));
  EXPECT_EQ(other.opcode, kError);
  EXPECT_EQ(other.number, 1);
  EXPECT_EQ(shape(first.body + finish(first.source_port, 1)), shape(content_of(1, kSize)));
  EXPECT_EQ(request().opcode, kError);
}

TEST_F(Swap, RepeatedRequestForARemovedFileEndsTheTransferCleanly) {
  publish(1);
  const ReplyView first = request();
  publish(2, /*with_f=*/false);
  EXPECT_EQ(request().opcode, kError);
  EXPECT_FALSE(ack(first.source_port, 1).has_value()) << "no DATA behind an ERROR";
  EXPECT_EQ(server_.pinned(), 0U);
}

// DATA 1 of the old file may still be on its way when the request comes again: its ACK would fit
// DATA 1 of the new one, and the client would put the two together.
TEST_F(Swap, RepeatedRequestGoesOnWithTheOldBytesT79) {
  publish(1);
  const ReplyView late = request();
  publish(2);
  const ReplyView again = request();
  EXPECT_EQ(again.source_port, late.source_port);
  EXPECT_EQ(again.body, late.body);
  EXPECT_EQ(shape(late.body + finish(late.source_port, 1)), shape(content_of(1, kSize)));
  EXPECT_EQ(server_.count(Counter::kRequestsRepeated), 1U);
  EXPECT_EQ(server_.count(Counter::kTransfersReplaced), 0U);
  EXPECT_EQ(shape(request().body), shape(content_of(2, 512)))
      << "the next transfer gets the new file";
}

TEST_F(Swap, RequestDoubledBehindTheFirstAckGoesOnWithTheOldBytesT79) {
  publish(1);
  const ReplyView first = request();
  std::string content = first.body + ack(first.source_port, 1)->body;
  publish(2);
  request();                                     // the network's late copy
  const auto third = ack(first.source_port, 2);  // the client knows nothing of it
  ASSERT_TRUE(third.has_value());
  content += third->body + finish(first.source_port, 3);
  EXPECT_EQ(shape(content), shape(content_of(1, kSize)));
}

TEST_F(Swap, RequestWithinTheFirstWindowGoesOnWithTheOldBytesT79) {
  publish(1);
  const std::string asked = options({{"windowsize", 4}});
  const ReplyView oack = request(asked);
  ack(oack.source_port, 0);
  server_.run_timers();  // blocks 2 to 4
  ack(oack.source_port, 2);
  server_.run_timers();
  publish(2);
  request(asked);
  const auto data = ack(oack.source_port, 4);
  ASSERT_TRUE(data.has_value());
  EXPECT_EQ(data->number, 5);
  EXPECT_EQ(shape(data->body), shape(content_of(1, 512)));
}

TEST_F(Swap, RequestDoubledInTheMiddleGoesOnWithTheOldBytesT79) {
  publish(1);
  const ReplyView first = request();
  std::string content = first.body;
  for (std::uint16_t block = 1; block <= 3; ++block) {
    content += ack(first.source_port, block)->body;
  }
  publish(2);
  EXPECT_EQ(shape(request().body), shape(content_of(1, 512)));
  EXPECT_EQ(shape(content + finish(first.source_port, 4)), shape(content_of(1, kSize)));
}

// The last ACK was lost, and late copies of the others come: they must not fetch another file.
TEST_F(Swap, RequestBehindTheLastBlockGetsTheNewBytesWhenTheSessionIsOver) {
  publish(1);
  const ReplyView first = request();
  for (std::uint16_t block = 1; block <= 5; ++block) {
    ack(first.source_port, block);
  }
  publish(2);
  EXPECT_EQ(shape(request().body), shape(content_of(1, 512)));
  const auto second = ack(first.source_port, 1);
  ASSERT_TRUE(second.has_value());
  EXPECT_EQ(shape(second->body), shape(content_of(1, 512)));
  finish(first.source_port, 2);
  EXPECT_EQ(shape(request().body), shape(content_of(2, 512)));
}

}  // namespace
}  // namespace dialtone::server
