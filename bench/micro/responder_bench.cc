// SPDX-License-Identifier: Apache-2.0
//
// Cycles for each packet through server::Responder::process(), in bursts of 32 real frames; beside
// them the floor, a copy of 512 bytes for each packet. Only the call is timed, by the time stamp
// counter: frames are put back between the calls, and `restore` says what that would have added.
//
// hot: 32 phones, 512 KB of content. cold: 65,536 phones, 1 GB of content, in shuffled order.
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

PhoneScene& hot() {
  static PhoneScene scene(kBurst, 16384);
  return scene;
}

PhoneScene& cold() {
  static PhoneScene scene(16384, 65536);
  return scene;
}

PhoneScene& full() {
  static PhoneScene scene(65536, 16384);
  return scene;
}

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

// The floor of it: the same content, in the same order, to the same place.
void copy_512(benchmark::State& state, PhoneScene& (*scene_of)(), bool prefetch) {
  PhoneScene& scene = scene_of();
  scene.open_all();
  Burst burst;
  Meter meter(state);
  const std::byte* content[kBurst];
  std::size_t size = 512;
  benchmark::DoNotOptimize(size);  // the library's copy, as in the responder, not an inlined one
  for (auto _ : state) {
    scene.put(burst, Ask::kAck);
    for (std::size_t i = 0; i < kBurst; ++i) {
      content[i] = scene.next_content(i);
    }
    const Ticks begin = fenced_tsc();
    for (std::size_t at = 0; prefetch && at < kBurst * 512; at += kCacheLine) {
      __builtin_prefetch(content[at / 512] + at % 512);
    }
    for (std::size_t i = 0; i < kBurst; ++i) {
      std::memcpy(burst.data(i) + kContentAt, content[i], size);
      benchmark::ClobberMemory();
    }
    meter.add(fenced_tsc() - begin);
    scene.advance();
  }
}
BENCHMARK_CAPTURE(copy_512, hot, hot, false)->UseManualTime();
BENCHMARK_CAPTURE(copy_512, cold, cold, false)->UseManualTime();
BENCHMARK_CAPTURE(copy_512, cold_prefetched, cold, true)->UseManualTime();

// Each phone asks anew: its transfer of the turn before was ended, untimed, by its own ERROR.
void rrq_to_data1(benchmark::State& state, PhoneScene& (*scene_of)()) {
  PhoneScene& scene = scene_of();
  scene.close_all();
  run(state, scene, Counter::kTransfersStarted, [&](Burst& burst) {
    scene.put(burst, Ask::kRead);
    const Ticks ticks = scene.process(burst);
    scene.put(burst, Ask::kStop);
    scene.process(burst);
    return ticks;
  });
}
BENCHMARK_CAPTURE(rrq_to_data1, hot, hot)->UseManualTime();
BENCHMARK_CAPTURE(rrq_to_data1, cold, cold)->UseManualTime();

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
    DIALTONE_CHECK(std::memcmp(reply.body.data(), content, 512) == 0);
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
  dialtone::bench::check_answers(dialtone::bench::hot());
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  return 0;
}
