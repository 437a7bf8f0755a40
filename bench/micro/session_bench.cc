// SPDX-License-Identifier: Apache-2.0
//
// One million half-open sessions: the memory that each takes, and what the next new phone, an ACK
// of one of them and a copy to one of them cost then; beside them the same with 32 sessions in the
// same table. Bursts of 32; clients in random order.
#include "bench/micro/crowd.h"
#include "dataplane/base/check.h"

#include <benchmark/benchmark.h>

#include <array>

namespace dialtone::bench {
namespace {

constexpr std::uint32_t kRoom = 1 << 20;  // the most that max_sessions may be
constexpr std::uint32_t kMany = 1'000'000;
constexpr std::int64_t kBursts = 2000;

Crowd& few() {
  static Crowd crowd(kRoom);
  static const bool ready = (crowd.open(kBurst), true);
  static_cast<void>(ready);
  return crowd;
}

Crowd& many() {
  static Crowd crowd(kRoom);
  static const bool ready = (crowd.open(kMany), true);
  static_cast<void>(ready);
  return crowd;
}

void report_memory(benchmark::State& state, const Crowd& crowd) {
  const auto each = [&](std::size_t bytes) {
    return static_cast<double>(bytes) / static_cast<double>(crowd.sessions());
  };
  state.counters["table_bytes_per_session"] = each(crowd.table_bytes());
  state.counters["resident_bytes_per_session"] = each(crowd.resident_bytes());
}

// Every phone acknowledges the block that it has; which one is next is random but the same for all.
void ack_to_data(benchmark::State& state, Crowd& (*crowd_of)()) {
  Crowd& crowd = crowd_of();
  // Steps through all open sessions, each once a round: the step and the count have no divisor.
  constexpr std::uint64_t kStep = 611'953;
  const std::uint64_t sessions = crowd.sessions();
  static std::uint64_t turn_of_many = 0;
  std::uint64_t turn = sessions == kMany ? turn_of_many : 0;
  std::uint64_t moved = 0;
  Burst burst;
  Meter meter(state);
  for (auto _ : state) {
    if (sessions < kMany && turn % (14 * sessions) == 0) {
      for (std::uint32_t i = 0; i < kBurst; ++i) {  // begin again: no file is read to its end
        crowd.put_read(burst, i, i);
      }
      crowd.process(burst);
      turn = 0;
    }
    for (std::uint32_t i = 0; i < kBurst; ++i, ++turn) {
      const auto client = static_cast<std::uint32_t>(turn * kStep % sessions);
      crowd.put_ack(burst, i, client, static_cast<std::uint16_t>(1 + turn / sessions));
    }
    const std::uint64_t before = crowd.count(server::Counter::kAcks);
    meter.add(crowd.process(burst));
    moved += crowd.count(server::Counter::kAcks) - before;
  }
  if (sessions == kMany) {
    turn_of_many = turn;
  }
  if (moved != static_cast<std::uint64_t>(state.iterations()) * kBurst) {
    state.SkipWithError("not every ACK moved its transfer");
  }
}

// Of a client that has no session; it is stopped, untimed, before the next ones come.
void new_phone(benchmark::State& state, Crowd& (*crowd_of)()) {
  Crowd& crowd = crowd_of();
  const std::uint64_t sessions = crowd.sessions();
  std::uint64_t begun = 0;
  std::uint32_t next = kMany;
  Burst burst;
  Meter meter(state);
  for (auto _ : state) {
    for (std::uint32_t i = 0; i < kBurst; ++i) {
      crowd.put_read(burst, i, next + i);
    }
    const std::uint64_t before = crowd.count(server::Counter::kTransfersStarted);
    meter.add(crowd.process(burst));
    begun += crowd.count(server::Counter::kTransfersStarted) - before;
    crowd.stop(burst, next);
    next = next + 2 * kBurst < kRoom ? next + kBurst : kMany;
  }
  report_memory(state, crowd);
  if (begun != static_cast<std::uint64_t>(state.iterations()) * kBurst ||
      crowd.sessions() != sessions) {
    state.SkipWithError("not every request began a transfer");
  }
}

// The timeout has passed for all of them; each gets a copy of its block. Once for all of them,
// since the turns at first look at more sessions than they send to.
void copy(benchmark::State& state) {
  Crowd& crowd = many();
  crowd.pass(TickRate::measure().from_us(1'500'000));
  std::size_t sent = 0;
  Burst burst;
  Meter meter(state);
  for (auto _ : state) {
    std::size_t copies = 0;
    meter.add(crowd.send_ready(burst, copies));
    sent += copies;
  }
  if (sent != static_cast<std::uint64_t>(state.iterations()) * kBurst) {
    state.SkipWithError("not every turn had a burst of copies to send");
  }
}

BENCHMARK_CAPTURE(new_phone, 32_open, few)->UseManualTime()->Iterations(kBursts);
BENCHMARK_CAPTURE(new_phone, 1000000_open, many)->UseManualTime()->Iterations(kBursts);
BENCHMARK_CAPTURE(ack_to_data, 32_open, few)->UseManualTime()->Iterations(kBursts);
BENCHMARK_CAPTURE(ack_to_data, 1000000_open, many)->UseManualTime()->Iterations(kBursts);
BENCHMARK(copy)->UseManualTime()->Iterations(kMany / kBurst)->Repetitions(1);

}  // namespace
}  // namespace dialtone::bench

BENCHMARK_MAIN();
