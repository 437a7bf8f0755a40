// SPDX-License-Identifier: Apache-2.0
//
// The drain deadline from end to end: clients that move too slowly keep an offer waiting, and then
// get an ERROR.
#include "tests/component/dataplane_fixture.h"

namespace dialtone::test {
namespace {

constexpr const char* kPhone = "sep001122334455.cnf.xml";

SealedImage image_of(std::uint64_t generation) {
  return SealedImage(generation, {{1000 + generation, {{kPhone, std::string(3000, 'x')}}}},
                     2000 + generation);
}

class DrainDeadline : public Dataplane {
 protected:
  explicit DrainDeadline(image::ImageStore::Clock::duration deadline = std::chrono::milliseconds(1))
      : Dataplane({.workers = 2, .drain_deadline = deadline}) {}

  // A transfer that stands still behind its first ACK, in worker `worker`.
  ReplyView stall(std::uint16_t port, std::uint32_t worker) {
    use_queues(worker, worker);
    ReplyView first = request(kPhone, port);
    wire_.send(Packet().from(kPhoneAddress, port).to_port(first.source_port).ack(1).bytes(),
               worker);
    EXPECT_TRUE(wire_.receive().has_value());
    return first;
  }
  // The next frame that is no copy of DATA.
  std::optional<ReplyView> receive_error() {
    while (const auto frame = wire_.receive()) {
      if (ReplyView view = parse_reply(*frame); view.opcode != 3) {
        return view;
      }
    }
    return std::nullopt;
  }
};

TEST_F(DrainDeadline, TheOldestTransferEndsWithAnErrorAndTheOfferIsPublished) {
  OfferClient control = connect();
  publish(control, image_of(1));
  const ReplyView oldest = stall(50001, 0);
  publish(control, image_of(2));
  const ReplyView old = stall(50002, 1);
  publish(control, image_of(3));
  EXPECT_EQ(live_generations(), 3U);
  EXPECT_EQ(counter("transfers_drained"), 0U) << "nobody waits";

  const SealedImage fourth = image_of(4);
  control.send_all(fourth);
  const auto busy = control.reply();
  ASSERT_TRUE(busy.has_value());
  ASSERT_EQ(busy->header.type, abi::OfferType::kBusy);
  const std::string who = busy->text;
  EXPECT_NE(who.find("generation 1 (1 transfer, "), std::string::npos) << who;
  EXPECT_NE(who.find("generation 2 (1 transfer, "), std::string::npos) << who;
  const auto error = receive_error();
  ASSERT_TRUE(error.has_value());
  EXPECT_EQ(error->opcode, 5);
  EXPECT_EQ(error->number, 0);
  EXPECT_EQ(error->source_port, oldest.source_port);
  EXPECT_EQ(error->destination_port, 50001);
  const auto retired = control.reply();
  ASSERT_TRUE(retired.has_value());
  EXPECT_EQ(retired->header.type, abi::OfferType::kRetired);
  EXPECT_EQ(retired->generation, 1U);
  control.send_offer(fourth);
  auto reply = control.reply();
  ASSERT_TRUE(reply.has_value());
  EXPECT_EQ(reply->header.type, abi::OfferType::kPublished);
  EXPECT_EQ(counter("transfers_drained"), 1U);
  EXPECT_EQ(counter("errors_sent_0"), 1U);

  // The other one may go on: nobody waits any more.
  wire_.send(Packet().from(kPhoneAddress, 50002).to_port(old.source_port).ack(2).bytes(), 1);
  std::optional<std::string> frame = wire_.receive();
  while (frame && parse_reply(*frame).number < 3) {  // a copy of block 2
    frame = wire_.receive();
  }
  ASSERT_TRUE(frame.has_value());
  EXPECT_EQ(parse_reply(*frame).opcode, 3);
  EXPECT_EQ(parse_reply(*frame).destination_port, 50002);
}

class LongDrainDeadline : public DrainDeadline {
 protected:
  LongDrainDeadline() : DrainDeadline(std::chrono::hours(1)) {}
};

TEST_F(LongDrainDeadline, BeforeItTheOfferWaits) {
  OfferClient control = connect();
  publish(control, image_of(1));
  const ReplyView oldest = stall(50001, 0);
  publish(control, image_of(2));
  stall(50002, 1);
  publish(control, image_of(3));
  const SealedImage fourth = image_of(4);
  control.send_all(fourth);
  ASSERT_EQ(control.reply()->header.type, abi::OfferType::kBusy);
  control.send_offer(fourth);
  ASSERT_EQ(control.reply()->header.type, abi::OfferType::kBusy);
  EXPECT_EQ(ask_store([](const auto& store) { return store.drained_slot(); }), abi::kNoSlot);
  wire_.send(
      Packet().from(kPhoneAddress, 50001).to_port(oldest.source_port).error(0, "no").bytes());
  ASSERT_EQ(control.reply()->header.type, abi::OfferType::kRetired);
  EXPECT_EQ(counter("transfers_drained"), 0U);
}

}  // namespace
}  // namespace dialtone::test
