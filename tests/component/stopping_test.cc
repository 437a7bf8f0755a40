// SPDX-License-Identifier: Apache-2.0
//
// SIGTERM from end to end: the workers finish what they have begun, then the housekeeper ends. And
// the service that control stops and starts: the same, but for the end.
#include "tests/component/dataplane_fixture.h"

#include <signal.h>

#include <optional>
#include <span>

namespace dialtone::test {
namespace {

constexpr const char* kPhone = "sep001122334455.cnf.xml";
const std::string kContent(3000, 'x');

class Stopping : public Dataplane {
 protected:
  explicit Stopping(std::chrono::seconds within = kPatience)
      : Dataplane({.workers = 2, .housekeeper = true, .stop_within = within}) {
    control_.emplace(connect());
    publish(*control_, SealedImage(1, {{1001, {{kPhone, kContent}}}}, 2001));
    testing::internal::CaptureStdout();
  }
  // Orders that, and waits until the dataplane says that it is so.
  void order(abi::ServiceOrder order, abi::ServiceState wanted) {
    const abi::ServiceMessage message{abi::offer_header(abi::OfferType::kService), order,
                                      ++ordered_};
    control_->send_bytes(std::as_bytes(std::span(&message, 1)));
    wait_for(wanted);
  }
  void wait_for(abi::ServiceState wanted) {
    std::optional<abi::ServiceStateMessage> said;
    do {
      said = control_->state();
      ASSERT_TRUE(said.has_value());
    } while (said->state != wanted);
    EXPECT_EQ(said->number, ordered_);
    EXPECT_GT(said->since_us, 0);
  }
  void TearDown() override {
    if (!said_) {
      said();
    }
  }

  // What it has logged.
  std::string said() {
    said_ = true;
    return testing::internal::GetCapturedStdout();
  }
  // A transfer in each worker, and SIGTERM, which both of them have heard of.
  void stop_amid_transfers() {
    for (std::uint32_t worker = 0; worker < 2; ++worker) {
      use_queues(worker, worker);
      first_[worker] = request(kPhone, port_of(worker));
      ASSERT_EQ(first_[worker].fault, "");
    }
    signal(SIGTERM);
    expect_counter("stopping_now", 2);
  }
  static std::uint16_t port_of(std::uint32_t worker) {
    return static_cast<std::uint16_t>(50001 + worker);
  }
  void expect_end() {
    EXPECT_TRUE(comes_true([this] { return has_ended(); }));
  }

  std::optional<OfferClient> control_;
  std::uint32_t ordered_ = 0;
  ReplyView first_[2];

 private:
  bool said_ = false;
};

TEST_F(Stopping, EndsWhenTheLastTransferOfAnyWorkerHasS12) {
  stop_amid_transfers();
  wire_.send(Packet().from(kPhoneAddress, 51000).rrq(kPhone).bytes(), 1);
  expect_counter("drop_stopping", 1);
  use_queues(1, 1);
  EXPECT_EQ(finish(first_[1], port_of(1)).content, kContent);
  expect_counter("transfers_completed", 1);
  EXPECT_FALSE(has_ended()) << "the other worker has one";
  use_queues(0, 0);
  EXPECT_EQ(finish(first_[0], port_of(0)).content, kContent);
  expect_end();
  EXPECT_EQ(counter("sessions_active"), 0U);
  const std::string text = said();
  EXPECT_NE(text.find("stopping: SIGTERM; 2 transfers may go on for 60 s"), std::string::npos)
      << text;
  EXPECT_NE(text.find(" ms: 0 transfers given up, 1 request left to the next"), std::string::npos)
      << text;
}

TEST_F(Stopping, EndsAtOnceOnASecondSignal) {
  stop_amid_transfers();
  signal(SIGTERM);
  expect_end();
  EXPECT_NE(said().find("2 transfers given up, "), std::string::npos);
  stop_workers();
  EXPECT_EQ(counter("transfers_stopped"), 2U);
}

TEST_F(Stopping, EndsAtOnceOnSigint) {
  request(kPhone);
  signal(SIGINT);
  expect_end();
  EXPECT_EQ(counter("stopping_now"), 0U);
  EXPECT_NE(said().find("1 transfer given up, 0 requests"), std::string::npos);
}

TEST_F(Stopping, EndsWithoutAWaitWhereNobodyIsServed) {
  signal(SIGTERM);
  expect_end();
}

TEST_F(Stopping, AServiceThatIsDrainedLetsTransfersEndAndIsStartedAgain) {
  first_[0] = request(kPhone, 50001);
  order(abi::ServiceOrder::kDrain, abi::ServiceState::kDraining);
  wire_.send(Packet().from(kPhoneAddress, 51000).rrq(kPhone).bytes(), 0);
  expect_counter("drop_stopping", 1);
  EXPECT_EQ(finish(first_[0], 50001).content, kContent);
  wait_for(abi::ServiceState::kStopped);
  publish(*control_, SealedImage(2, {{1002, {{kPhone, "new"}}}}, 2002));
  wire_.send(Packet().from(kPhoneAddress, 51001).rrq(kPhone).bytes(), 1);
  expect_counter("drop_stopping", 2);
  order(abi::ServiceOrder::kStart, abi::ServiceState::kRunning);
  EXPECT_EQ(fetch(kPhone, 51002).content, "new") << "what was published meanwhile";
  EXPECT_EQ(counter("stopping_now"), 0U);
  EXPECT_FALSE(has_ended());
}

TEST_F(Stopping, AServiceThatIsStoppedEndsOnSigtermAtOnce) {
  order(abi::ServiceOrder::kStop, abi::ServiceState::kStopped);
  signal(SIGTERM);
  expect_end();
}

class StoppingWithinASecond : public Stopping {
 protected:
  StoppingWithinASecond() : Stopping(std::chrono::seconds(1)) {}
};

TEST_F(StoppingWithinASecond, EndsWhenThatIsOver) {
  stop_amid_transfers();
  expect_end();
  EXPECT_NE(said().find("2 transfers given up (stop_within_s), "), std::string::npos);
}

TEST_F(StoppingWithinASecond, AServiceIsStoppedThenAndServesAgain) {
  request(kPhone);
  order(abi::ServiceOrder::kStop, abi::ServiceState::kStopped);
  EXPECT_EQ(counter("transfers_stopped"), 1U);
  EXPECT_EQ(counter("sessions_active"), 0U);
  order(abi::ServiceOrder::kStart, abi::ServiceState::kRunning);
  EXPECT_EQ(fetch(kPhone, 51000).content, kContent);
}

}  // namespace
}  // namespace dialtone::test
