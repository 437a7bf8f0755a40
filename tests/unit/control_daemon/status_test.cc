// SPDX-License-Identifier: Apache-2.0
//
// What `status` says of the policy, of files and of faulty records.
#include "tests/unit/control_daemon/status_fixture.h"

namespace dialtone::daemon {
namespace {

TEST_F(StatusTest, APolicyThatIsServed) {
  options_.policy.profile = "cm9";
  start();
  const Answer answer = ask();
  EXPECT_EQ(answer.result["policy"], (api::Json{{"profile", "cm9"}, {"state", "published"}}));
  EXPECT_TRUE(answer.warnings.empty());
}

TEST_F(StatusTest, APolicyThatIsRefusedIsToldWithTheCure) {
  start();
  options_.policy.served.policy.retransmit_ms = 1;  // below what the validator takes
  start();
  const Answer answer = ask();
  EXPECT_EQ(answer.result["policy"]["state"], "refused");
  const std::string why = answer.result["policy"]["why"];
  EXPECT_NE(why.find("retransmit_ms"), std::string::npos) << why;
  EXPECT_NE(why.find("'dialtone build' offers it again"), std::string::npos) << why;
  ASSERT_EQ(answer.warnings.size(), 1U);
  EXPECT_EQ(answer.warnings[0], "the files are served under an older [policy]: " + why);
  EXPECT_EQ(answer.result["publish"]["state"], "published") << "the files are the same";
}

TEST_F(StatusTest, FaultyRecordsOfTheDataplaneAreToldWithTheCure) {
  options_.asks_for_misses = true;
  start();
  EXPECT_EQ(ask().result["dataplane"]["faulty_events"], 0);
  EXPECT_EQ(ask().result["dataplane"]["faulty_misses"], 0);
  abi::EventRing(events_.bytes(), 0).write({});           // of no kind
  abi::worker_miss_ring(misses_.bytes(), 0).written = 1;  // of no name
  run();
  const Answer answer = ask();
  EXPECT_EQ(answer.result["dataplane"]["faulty_events"], 1);
  EXPECT_EQ(answer.result["dataplane"]["faulty_misses"], 1);
  ASSERT_EQ(answer.warnings.size(), 2U);
  EXPECT_EQ(answer.warnings[0],
            "the dataplane is at fault: of the newest records of its events page, 1 is faulty and "
            "left out; restart dialtone-dataplane, of the same release as dialtone-control");
  const auto of_events = std::get<Answer>(events(*service_, {Arguments(none_), {}}));
  ASSERT_EQ(of_events.warnings.size(), 1U);
  EXPECT_EQ(of_events.warnings[0].find("the dataplane is at fault: of the records of its events "),
            0U)
      << of_events.warnings[0];
}

TEST_F(StatusTest, FilesThatAreRefusedAreNotCalledServed) {
  options_.policy.served.policy.retransmit_ms = 1;
  start();
  const Answer answer = ask();
  EXPECT_EQ(answer.result["policy"]["state"], "refused");
  ASSERT_EQ(answer.warnings.size(), 1U);
  EXPECT_EQ(answer.warnings[0].find("the newest files are not served: the dataplane refused it: "),
            0U)
      << answer.warnings[0];
}

}  // namespace
}  // namespace dialtone::daemon
