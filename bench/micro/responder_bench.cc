// SPDX-License-Identifier: Apache-2.0
//
// Cycles for each packet through server::Responder::process(), in bursts of 32 real frames; beside
// them the floor, a copy of 512 bytes for each packet. Only the call is timed, by the time stamp
// counter: frames are put back between the calls, and `restore` says what that would have added.
//
// hot: 32 phones, 512 KB of content. cold: 16,384 phones, 1 GB of content, in shuffled order.
#include "bench/micro/meter.h"
#include "bench/micro/phone_scene.h"
#include "dataplane/base/check.h"
#include "tests/support/packet_builder.h"
#include "tests/support/reply_view.h"

#include <benchmark/benchmark.h>

#include <cstring>

namespace dialtone::bench {
namespace {

using server::Counter;

// A benchmark names its scene by one of these; it is made when the first one asks for it.
template <std::uint32_t phones, std::size_t file_bytes, std::uint16_t block_size = 512,
          Link link = Link::kIpv4, bool as_served = false>
PhoneScene& scene() {
  static PhoneScene instance({phones, file_bytes, block_size, link, as_served});
  return instance;
}

constexpr auto hot = scene<kBurst, 16384>;
constexpr auto hot_tagged = scene<kBurst, 16384, 512, Link::kTagged>;
constexpr auto hot_ipv6 = scene<kBurst, 16384, 512, Link::kIpv6>;
constexpr auto hot_1428 = scene<kBurst, 16384, 1428>;
constexpr auto hot_served = scene<kBurst, 16384, 512, Link::kIpv4, true>;
constexpr auto cold = scene<16384, 65536>;
constexpr auto cold_served = scene<16384, 65536, 512, Link::kIpv4, true>;
constexpr auto cold_1428 = scene<16384, 65536, 1428>;
constexpr auto full = scene<65536, 16384>;

// Every frame must have moved `counter` by one, or something else was measured.
template <typename Turn>
void run(benchmark::State& state, PhoneScene& scene, Counter counter, Turn turn) {
  Burst burst;
  Meter meter(state);
  state.SetLabel(scene.on_huge_pages() ? "2 MB pages" : "4 KB pages");
  std::uint64_t moved = 0;
  for (auto _ : state) {
    const std::uint64_t before = scene.count(counter);
    meter.add(turn(burst));
    moved += scene.count(counter) - before;
    scene.advance();
  }
  if (moved != static_cast<std::uint64_t>(state.iterations()) * kBurst) {
    state.SkipWithError("not every frame got the answer that is measured");
  }
}

void ack_to_data(benchmark::State& state, PhoneScene& (*scene_of)()) {
  PhoneScene& scene = scene_of();
  scene.open_all();
  run(state, scene, Counter::kAcks, [&](Burst& burst) {
    scene.put(burst, Ask::kAck);
    return scene.process(burst);
  });
}
BENCHMARK_CAPTURE(ack_to_data, hot, hot)->UseManualTime();
BENCHMARK_CAPTURE(ack_to_data, cold, cold)->UseManualTime();
BENCHMARK_CAPTURE(ack_to_data, full, full)->UseManualTime();
BENCHMARK_CAPTURE(ack_to_data, hot_tagged, hot_tagged)->UseManualTime();
BENCHMARK_CAPTURE(ack_to_data, hot_ipv6, hot_ipv6)->UseManualTime();
BENCHMARK_CAPTURE(ack_to_data, hot_1428, hot_1428)->UseManualTime();
BENCHMARK_CAPTURE(ack_to_data, cold_1428, cold_1428)->UseManualTime();

// The floor of it: the same content, in the same order, to the same place.
void copy_block(benchmark::State& state, PhoneScene& (*scene_of)(), bool prefetch) {
  PhoneScene& scene = scene_of();
  scene.open_all();
  Burst burst;
  Meter meter(state);
  const std::byte* content[kBurst];
  std::size_t size = scene.block_size();
  benchmark::DoNotOptimize(size);  // the library's copy, as in the responder, not an inlined one
  for (auto _ : state) {
    scene.put(burst, Ask::kAck);
    for (std::size_t i = 0; i < kBurst; ++i) {
      content[i] = scene.next_content(i);
    }
    const Ticks begin = fenced_tsc();
    for (std::size_t at = 0; prefetch && at < kBurst * size; at += kCacheLine) {
      __builtin_prefetch(content[at / size] + at % size);
    }
    for (std::size_t i = 0; i < kBurst; ++i) {
      std::memcpy(burst.data(i) + kContentAt, content[i], size);
      benchmark::ClobberMemory();
    }
    meter.add(fenced_tsc() - begin);
    scene.advance();
  }
}
BENCHMARK_CAPTURE(copy_block, hot, hot, false)->UseManualTime();
BENCHMARK_CAPTURE(copy_block, cold, cold, false)->UseManualTime();
BENCHMARK_CAPTURE(copy_block, cold_prefetched, cold, true)->UseManualTime();
BENCHMARK_CAPTURE(copy_block, hot_1428, hot_1428, false)->UseManualTime();
BENCHMARK_CAPTURE(copy_block, cold_1428, cold_1428, false)->UseManualTime();

// Each phone asks anew: it has acknowledged block 1 of its transfer of the turn before and ended it
// by its own ERROR, untimed.
void rrq_to_first(benchmark::State& state, PhoneScene& (*scene_of)()) {
  PhoneScene& scene = scene_of();
  scene.close_all();
  run(state, scene, Counter::kTransfersStarted, [&](Burst& burst) {
    scene.put(burst, Ask::kRead);
    const Ticks ticks = scene.process(burst);
    scene.put(burst, Ask::kAck);  // or its source would soon have had too many first packets
    scene.process(burst);
    scene.put(burst, Ask::kStop);
    scene.process(burst);
    return ticks;
  });
}
BENCHMARK_CAPTURE(rrq_to_first, data1_hot, hot)->UseManualTime();
BENCHMARK_CAPTURE(rrq_to_first, data1_cold, cold)->UseManualTime();
BENCHMARK_CAPTURE(rrq_to_first, data1_hot_tagged, hot_tagged)->UseManualTime();
BENCHMARK_CAPTURE(rrq_to_first, data1_hot_ipv6, hot_ipv6)->UseManualTime();
BENCHMARK_CAPTURE(rrq_to_first, oack_hot, hot_1428)->UseManualTime();
BENCHMARK_CAPTURE(rrq_to_first, data1_hot_served, hot_served)->UseManualTime();
BENCHMARK_CAPTURE(rrq_to_first, data1_cold_served, cold_served)->UseManualTime();

void rrq_not_found(benchmark::State& state, PhoneScene& (*scene_of)()) {
  PhoneScene& scene = scene_of();
  scene.close_all();
  run(state, scene, Counter::kErrors1, [&](Burst& burst) {
    scene.put(burst, Ask::kMissing);
    return scene.process(burst);
  });
}
BENCHMARK_CAPTURE(rrq_not_found, hot, hot)->UseManualTime();
BENCHMARK_CAPTURE(rrq_not_found, cold, cold)->UseManualTime();
BENCHMARK_CAPTURE(rrq_not_found, hot_served, hot_served)->UseManualTime();
BENCHMARK_CAPTURE(rrq_not_found, cold_served, cold_served)->UseManualTime();

void arp_reply(benchmark::State& state) {
  run(state, hot(), Counter::kArpReplies, [&](Burst& burst) {
    hot().put(burst, Ask::kArp);
    return hot().process(burst);
  });
}
BENCHMARK(arp_reply)->UseManualTime();

// What is not in the figures above: writing the ACKs of a burst, and reading the clock twice.
void restore(benchmark::State& state) {
  PhoneScene& scene = hot();
  Burst burst;
  Meter meter(state);
  for (auto _ : state) {
    const Ticks begin = fenced_tsc();
    scene.put(burst, Ask::kAck);
    benchmark::ClobberMemory();
    meter.add(fenced_tsc() - begin);
  }
}
BENCHMARK(restore)->UseManualTime();

void clock(benchmark::State& state) {
  Meter meter(state);
  for (auto _ : state) {
    const Ticks begin = fenced_tsc();
    meter.add(fenced_tsc() - begin);
  }
}
BENCHMARK(clock)->UseManualTime();

// Two ACKs of one phone get two blocks that follow each other, byte for byte; checked before
// anything is timed.
void check_answers(PhoneScene& scene) {
  scene.open_all();
  Burst burst;
  for (int round = 0; round < 2; ++round) {
    const std::byte* content = scene.next_content(0);
    const std::uint16_t wanted = scene.next_block();
    scene.put(burst, Ask::kAck);
    scene.process(burst);
    const test::ReplyView reply =
        test::parse_reply({reinterpret_cast<const char*>(burst.data(0)), burst.frames[0].length});
    DIALTONE_CHECK(reply.fault.empty() && reply.opcode == 3 && reply.number == wanted);
    DIALTONE_CHECK(reply.body.size() == scene.block_size());
    DIALTONE_CHECK(std::memcmp(reply.body.data(), content, reply.body.size()) == 0);
    for (const server::Verdict verdict : burst.verdicts) {
      DIALTONE_CHECK(verdict == server::Verdict::kReply);
    }
    do {
      scene.advance();
    } while (!scene.at_begin());
  }
}

}  // namespace
}  // namespace dialtone::bench

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) {
    return 2;
  }
  using namespace dialtone::bench;
  for (PhoneScene* scene : {&hot(), &hot_tagged(), &hot_ipv6(), &hot_1428()}) {
    check_answers(*scene);
  }
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  return 0;
}
