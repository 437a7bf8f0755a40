// SPDX-License-Identifier: Apache-2.0
#include "dataplane/app/worker_group.h"

#include "dataplane/app/handoff_watch.h"
#include "dataplane/app/worker_watch.h"
#include "dataplane/tftp/tid.h"

#include <gtest/gtest.h>

namespace dialtone::app {
namespace {

using std::chrono::milliseconds;

WorkerConfig whole(std::uint32_t max_sessions) {
  return {
      0,
      {.mac = {}, .addresses = nullptr, .max_sessions = max_sessions, .rate = TickRate(1'000'000)}};
}

TEST(ConfigOfWorker, NumbersFitTheTransferPorts) {
  for (std::uint32_t workers = 1; workers <= io::kMaxWorkers; ++workers) {
    for (std::uint32_t number = 0; number < workers; ++number) {
      const server::ResponderConfig one = config_of_worker(whole(1000), number, workers).responder;
      EXPECT_EQ(one.worker, number);
      EXPECT_EQ(one.workers, workers);
      EXPECT_LE(one.worker_bits, tftp::kMaxWorkerBits);
      EXPECT_LE(workers, 1u << one.worker_bits);
      EXPECT_TRUE(workers == 1 || workers > 1u << (one.worker_bits - 1)) << "no bit too many";
    }
  }
}

TEST(ConfigOfWorker, DividesTheSessions) {
  EXPECT_EQ(config_of_worker(whole(65536), 0, 1).responder.max_sessions, 65536u);
  EXPECT_EQ(config_of_worker(whole(65536), 1, 4).responder.max_sessions, 16384u);
  EXPECT_EQ(config_of_worker(whole(10), 2, 3).responder.max_sessions, 4u) << "rounded up";
  EXPECT_EQ(config_of_worker(whole(1), 7, 16).responder.max_sessions, 1u) << "never none";
}

TEST(ConfigOfWorker, OneMakesTheAddressesKnown) {
  EXPECT_TRUE(config_of_worker(whole(10), 0, 2).responder.announces);
  EXPECT_FALSE(config_of_worker(whole(10), 1, 2).responder.announces);
}

TEST(HandoffWatch, ReportsALargeShareOnce) {
  HandoffWatch watch;
  EXPECT_EQ(watch.look(0, 0), 0u);
  EXPECT_EQ(watch.look(1500, 500), 0u) << "too few to say";
  EXPECT_EQ(watch.look(20'000 + 1000, 1000), 0u) << "5 of 100 are borne";
  EXPECT_EQ(watch.look(30'000 + 15'000, 15'000), 50u) << "what is handed over counts twice";
  EXPECT_EQ(watch.look(60'000 + 30'000, 30'000), 0u) << "once";
}

TEST(WorkerWatch, ReportsEachWorkerOnce) {
  using News = WorkerWatch::News;
  const WorkerWatch::Clock::time_point start{};
  WorkerWatch watch(2, start);
  EXPECT_EQ(watch.look(0, 5, start + milliseconds(900)), News::kNone);
  EXPECT_EQ(watch.look(1, 0, start + milliseconds(900)), News::kNone);
  EXPECT_EQ(watch.look(0, 6, start + milliseconds(1100)), News::kNone);
  EXPECT_EQ(watch.look(1, 0, start + milliseconds(1100)), News::kStuck);
  EXPECT_EQ(watch.look(1, 0, start + milliseconds(1200)), News::kNone) << "once";
  EXPECT_EQ(watch.look(1, 1, start + milliseconds(1300)), News::kMovesAgain);
  EXPECT_EQ(watch.look(1, 1, start + milliseconds(2200)), News::kNone);
  EXPECT_EQ(watch.look(1, 1, start + milliseconds(2400)), News::kStuck);
}

}  // namespace
}  // namespace dialtone::app
