// SPDX-License-Identifier: Apache-2.0
//
// What `status` says of the dataplane: the service against the real OfferServer and ImageStore, in
// one thread.
#include "control/daemon/commands.h"
#include "dataplane/image/offer_server.h"
#include "tests/support/temp_folder.h"

#include <gtest/gtest.h>

#include <string>

namespace dialtone::daemon {
namespace {

class StatusTest : public testing::Test {
 protected:
  StatusTest()
      : store_(1, image::supported_map_mode()),
        server_(*image::OfferServer::listen({.path = folder_.file("dp.sock")}, store_,
                                            [](image::Severity, const std::string&) {})) {
    folder_.write("assets/RingList.xml", "rings");
    options_.dataplane = folder_.file("dp.sock");
    options_.assets = folder_.file("assets");
  }

  void start() {
    service_.reset();
    server_.step();
    service_ = *Service::open(options_);
    ASSERT_TRUE(service_->build_all().ok());
    run();
  }
  void run() {
    for (int i = 0; i < 20; ++i) {
      now_ += std::chrono::milliseconds(50);
      service_->step(now_);
      server_.step();
    }
  }
  Answer ask() { return std::get<Answer>(status(*service_, {Arguments(none_), {}})); }

  test::TempFolder folder_;
  image::ImageStore store_;
  image::OfferServer server_;
  Options options_;
  api::Json none_;
  std::unique_ptr<Service> service_;
  Service::Clock::time_point now_ = Service::Clock::now();
};

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
