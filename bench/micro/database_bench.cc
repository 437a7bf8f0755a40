// SPDX-License-Identifier: Apache-2.0
//
// Reading all devices of a database for a full build, and what a device costs. The argument is the
// number of reading threads.
//
//   database_bench                                      SQLite, in a folder of its own
//   DIALTONE_BENCH_DATABASE="host=... dbname=..." ...   an empty PostgreSQL database
#include "bench/micro/phone_database.h"
#include "control/database/device_source.h"
#include "tests/support/temp_folder.h"

#include <benchmark/benchmark.h>

#include <atomic>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

namespace dialtone::bench {
namespace {

constexpr std::int64_t kDevices = 100'000;
constexpr std::size_t kPerRange = 256;

const std::string& filled_database() {
  static const test::TempFolder folder;
  static const std::string location = [] {
    const char* given = std::getenv("DIALTONE_BENCH_DATABASE");
    std::string where = given == nullptr ? folder.file("phones.db") : given;
    auto database = must(database::Database::open(where));
    if (must(database.integer("SELECT count(*) FROM devices")) == 0) {
      add_phones(database, kDevices);
    }
    return where;
  }();
  return location;
}

void read_all(benchmark::State& state) {
  const int threads = static_cast<int>(state.range(0));
  const auto snapshot = must(database::Snapshot::take(filled_database(), threads));
  const auto rows = must(database::load_campus(snapshot->database()));
  database::AllDeviceSource source(*snapshot, rows);
  const auto ranges = must(source.ranges(kPerRange));
  std::int64_t devices = 0;
  for (auto _ : state) {
    std::atomic<std::size_t> next{0};
    std::atomic<std::int64_t> read{0};
    std::vector<std::thread> pool;
    for (int i = 0; i < threads; ++i) {
      pool.emplace_back([&] {
        generator::DeviceBatch batch;
        for (std::size_t at = next++; at < ranges.size(); at = next++) {
          batch.clear();
          must(source.read(ranges[at], batch));
          read += static_cast<std::int64_t>(batch.devices().size());
        }
      });
    }
    for (std::thread& thread : pool) {
      thread.join();
    }
    devices += read;
  }
  state.SetItemsProcessed(devices);
}
BENCHMARK(read_all)->Arg(1)->Arg(2)->UseRealTime()->MeasureProcessCPUTime()->Unit(
    benchmark::kMillisecond);

}  // namespace
}  // namespace dialtone::bench

BENCHMARK_MAIN();
