// SPDX-License-Identifier: Apache-2.0
#include "dataplane/base/spread.h"

#include <gtest/gtest.h>
#include <sched.h>

#include <atomic>
#include <thread>
#include <vector>

namespace dialtone {
namespace {

TEST(Spread, EachPartIsDoneOnceByAnyNumberOfThreads) {
  for (const int threads : {1, 2, 3, 16}) {
    for (const std::size_t parts : {0u, 1u, 2u, 100u}) {
      std::vector<std::atomic<int>> times(parts);
      Spread(threads).run(parts, [&](std::size_t part) { ++times.at(part); });
      for (const std::atomic<int>& each : times) {
        EXPECT_EQ(each, 1) << threads << " threads, " << parts << " parts";
      }
    }
  }
}

TEST(Spread, OneThreadIsTheCallersOwn) {
  const auto own = std::this_thread::get_id();
  Spread().run(3, [&](std::size_t) { EXPECT_EQ(std::this_thread::get_id(), own); });
  Spread(4).run(1, [&](std::size_t) { EXPECT_EQ(std::this_thread::get_id(), own); });
}

// A dataplane's housekeeper must not come to a worker's CPU.
TEST(Spread, OfAThreadThatMayUseOneCpuStaysThere) {
  std::thread([] {
    cpu_set_t set;
    CPU_ZERO(&set);
    const int cpu = ::sched_getcpu();
    CPU_SET(cpu, &set);
    ASSERT_EQ(::sched_setaffinity(0, sizeof(set), &set), 0);
    const auto own = std::this_thread::get_id();
    Spread::over_own_cpus().run(8,
                                [&](std::size_t) { EXPECT_EQ(std::this_thread::get_id(), own); });
  }).join();
}

}  // namespace
}  // namespace dialtone
