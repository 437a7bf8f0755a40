// SPDX-License-Identifier: Apache-2.0
//
// What clients are told while control builds everything anew: the service against the dataplane's
// real OfferServer and ImageStore, in one thread.
#include "control/daemon/service.h"
#include "control/database/database.h"
#include "dataplane/image/offer_server.h"
#include "tests/support/temp_folder.h"

#include <gtest/gtest.h>

#include <string>

namespace dialtone::daemon {
namespace {

class Rebuilding : public testing::Test {
 protected:
  Rebuilding()
      : store_(1, image::supported_map_mode()),
        server_(*image::OfferServer::listen({.path = folder_.file("dp.sock")}, store_,
                                            [](Severity, const std::string&) {})) {
    folder_.write("assets/RingList.xml", "rings");
  }

  void start(bool answers, const std::string& database = {}) {
    Options options;
    options.database = database;
    options.dataplane = folder_.file("dp.sock");
    options.assets = folder_.file("assets");
    options.policy.answer_while_rebuilding = answers;
    service_ = *Service::open(options);
    ASSERT_TRUE(service_->build_all().ok());
    run();
  }

  // As another process writes.
  void execute(const char* sql) {
    auto other = *database::Database::open(folder_.file("phones.db"));
    const auto done = other.execute(sql);
    ASSERT_TRUE(done.ok()) << done.error().text;
  }
  // Until control has looked at the database; the dataplane reads what it sent by then.
  void look() {
    now_ += std::chrono::milliseconds(150);
    service_->step(now_);
    server_.step();
  }

  void run() {
    for (int i = 0; i < 20; ++i) {
      now_ += std::chrono::milliseconds(50);
      service_->step(now_);
      server_.step();
    }
  }
  const abi::Policy& served() const { return store_.current()->view.policy(); }
  std::uint64_t generation() const { return store_.current()->view.manifest().generation; }

  test::TempFolder folder_;
  image::ImageStore store_;
  image::OfferServer server_;
  std::unique_ptr<Service> service_;
  Service::Clock::time_point now_ = Service::Clock::now();
};

TEST_F(Rebuilding, ClientsAreToldBeforeTheBuildAndServedAfterIt) {
  start(/*answers=*/true);
  EXPECT_EQ(served().rebuilding_s, 0) << "the first build is no rebuild";
  ASSERT_TRUE(service_->build_all().ok());
  server_.step();  // what control has sent while it built
  EXPECT_EQ(served().rebuilding_s, 60);
  run();
  EXPECT_EQ(served().rebuilding_s, 0) << "with no file changed, the policy goes out alone";
}

TEST_F(Rebuilding, ABuildWithoutItsFolderEndsItToo) {
  start(/*answers=*/true);
  std::filesystem::remove_all(folder_.file("assets"));
  (void)service_->build_all();
  server_.step();
  EXPECT_EQ(served().rebuilding_s, 60);
  run();
  EXPECT_EQ(served().rebuilding_s, 0);
}

constexpr const char* kEverything =
    "INSERT INTO change_log (tbl, row_id, op) VALUES ('all', 1, 'x')";

TEST_F(Rebuilding, ClientsAreToldOfABuildThatControlBeginsByItself) {
  start(/*answers=*/true, folder_.file("phones.db"));
  execute(kEverything);
  look();
  EXPECT_TRUE(service_->builder().last().full);
  EXPECT_EQ(served().rebuilding_s, 60);
  run();
  EXPECT_EQ(served().rebuilding_s, 0);
}

TEST_F(Rebuilding, ABuildThatFailsEndsItAndItsRetriesSayNothing) {
  start(/*answers=*/true, folder_.file("phones.db"));
  execute(kEverything);
  execute("ALTER TABLE models RENAME TO gone");
  look();
  ASSERT_FALSE(service_->warnings().empty());
  EXPECT_EQ(served().rebuilding_s, 60);
  run();
  EXPECT_EQ(served().rebuilding_s, 0);
  const std::uint64_t before = generation();
  for (int i = 0; i < 20; ++i) {
    run();
  }
  EXPECT_EQ(generation(), before);
}

TEST_F(Rebuilding, UnlessASettingAsksForItARebuildChangesNothing) {
  start(/*answers=*/false);
  const std::uint64_t before = generation();
  ASSERT_TRUE(service_->build_all().ok());
  run();
  EXPECT_EQ(generation(), before);
}

}  // namespace
}  // namespace dialtone::daemon
