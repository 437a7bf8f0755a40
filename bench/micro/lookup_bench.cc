// SPDX-License-Identifier: Apache-2.0
//
// What a name costs in an index of 10 thousand, 1 million and 5 million of them: the lookup alone,
// the memory that it reads with nothing done to it, and a whole request for one. Bursts of 32
// random names, key and prefetch first, then the search and the file's record, as the responder
// treats them. The names of a burst are made before the clock is read.
#include "bench/micro/meter.h"
#include "bench/micro/name_set.h"
#include "bench/micro/phone_scene.h"
#include "dataplane/abi/image_view.h"

#include <benchmark/benchmark.h>

#include <array>
#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace dialtone::bench {
namespace {

using Canonical = std::array<abi::CanonicalName, kBurst>;

// The one that was asked for last: five million of them take gigabytes.
NameSet& names(std::uint64_t count) {
  static std::uint64_t held = 0;
  static std::unique_ptr<NameSet> instance;
  if (held != count) {
    instance.reset();
    instance = std::make_unique<NameSet>(count);
    held = count;
  }
  return *instance;
}

void lookup(benchmark::State& state, const char* prefix, bool found) {
  NameSet& known = names(static_cast<std::uint64_t>(state.range(0)));
  const abi::ImageView& view = known.view();
  state.SetLabel(known.on_huge_pages() ? "2 MB pages" : "4 KB pages");
  Canonical asked;
  std::array<abi::NameKey, kBurst> keys;
  std::array<const abi::IndexEntry*, kBurst> entries;
  std::array<std::optional<abi::FileRef>, kBurst> files;
  Meter meter(state);
  bool right = true;
  for (auto _ : state) {
    known.draw(prefix, asked);
    const Ticks begin = fenced_tsc();
    for (std::size_t i = 0; i < kBurst; ++i) {
      keys[i] = abi::name_key(asked[i].view(), view.seed());
      view.prefetch(keys[i]);
    }
    for (std::size_t i = 0; i < kBurst; ++i) {
      entries[i] = view.locate(asked[i].view(), keys[i]);
    }
    for (std::size_t i = 0; i < kBurst; ++i) {
      files[i] = entries[i] == nullptr ? std::nullopt : std::optional(view.file_at(*entries[i]));
    }
    benchmark::DoNotOptimize(files);
    meter.add(fenced_tsc() - begin);
    for (std::size_t i = 0; i < kBurst; ++i) {
      right =
          right && files[i].has_value() == found && (!found || files[i]->name() == asked[i].view());
    }
  }
  if (!right) {
    state.SkipWithError("the index does not say what it holds");
  }
}

// The floor: the lines that a lookup reads, at random, asked for in the same order; what is then
// done with them is an addition.
void touch(benchmark::State& state, bool records) {
  NameSet& known = names(static_cast<std::uint64_t>(state.range(0)));
  std::array<const abi::IndexLine*, kBurst> lines;
  std::array<const std::byte*, kBurst> found;
  Meter meter(state);
  for (auto _ : state) {
    for (std::size_t i = 0; i < kBurst; ++i) {
      lines[i] = known.draw_line();
      found[i] = known.draw_record();
    }
    std::uint64_t sum = 0;
    const Ticks begin = fenced_tsc();
    for (const abi::IndexLine* line : lines) {
      __builtin_prefetch(line);
    }
    for (std::size_t i = 0; i < kBurst; ++i) {
      sum += lines[i]->entries[0].key;
      if (records) {
        __builtin_prefetch(found[i] + (sum & 1));  // not before the line is there
      }
    }
    for (std::size_t i = 0; records && i < kBurst; ++i) {
      sum += std::to_integer<std::uint64_t>(*found[i]);
    }
    benchmark::DoNotOptimize(sum);
    meter.add(fenced_tsc() - begin);
  }
}

// A responder for 32 phones, each of which asks for one name after the other. Transfers end,
// untimed, before the next.
class Askers {
 public:
  explicit Askers(const abi::LiveImage& image)
      : image_(image),
        addresses_(std::array{IpAddress::from_v4(test::kServerAddress)}, test::kServerMac),
        counters_(server::kCounterCount),
        pins_(abi::kSegmentSlots),
        responder_({.mac = test::kServerMac,
                    .addresses = &addresses_,
                    .announces = false,
                    .max_sessions = kBurst * 2,
                    .hash_seed = 99,
                    .rate = TickRate::measure()},
                   counters_, abi::Pins(pins_)) {
    addresses_.set_state(0, server::AddressState::kUsable);
  }

  void put(const Canonical& names) {
    for (std::uint32_t i = 0; i < kBurst; ++i) {
      const std::string frame =
          test::Packet().from(0x0a000001 + i, 49152).rrq(std::string(names[i].view())).bytes();
      burst_.put(i, std::as_bytes(std::span(frame)));
    }
  }
  Ticks process() {
    const Ticks begin = fenced_tsc();
    responder_.process(burst_.frames, burst_.verdicts, &image_, begin);
    const Ticks ticks = fenced_tsc() - begin;
    responder_.end_all_sessions();
    return ticks;
  }
  std::uint64_t count(server::Counter counter) const { return counters_[index_of(counter)]; }

 private:
  const abi::LiveImage& image_;
  server::OurAddresses addresses_;
  std::vector<std::uint64_t> counters_;
  std::vector<std::atomic<std::uint32_t>> pins_;
  server::Responder responder_;
  Burst burst_;
};

void request(benchmark::State& state, const char* prefix, server::Counter counter) {
  NameSet& known = names(static_cast<std::uint64_t>(state.range(0)));
  Askers askers(known.live());
  Canonical asked;
  Meter meter(state);
  for (auto _ : state) {
    known.draw(prefix, asked);
    askers.put(asked);
    meter.add(askers.process());
  }
  if (askers.count(counter) != static_cast<std::uint64_t>(state.iterations()) * kBurst) {
    state.SkipWithError("not every request got the answer that is measured");
  }
}

// The key alone: what every lookup pays before the index is touched.
void key(benchmark::State& state) {
  NameSet& known = names(10'000);
  Canonical asked;
  std::array<abi::NameKey, kBurst> keys;
  Meter meter(state);
  for (auto _ : state) {
    known.draw("sep0011", asked);
    const Ticks begin = fenced_tsc();
    for (std::size_t i = 0; i < kBurst; ++i) {
      keys[i] = abi::name_key(asked[i].view(), known.view().seed());
    }
    benchmark::DoNotOptimize(keys);
    meter.add(fenced_tsc() - begin);
  }
}
BENCHMARK(key)->UseManualTime()->Iterations(20'000);

template <typename... Arguments>
void add(const char* name, std::int64_t count, Arguments... arguments) {
  benchmark::RegisterBenchmark(name, arguments...)->Arg(count)->UseManualTime()->Iterations(20'000);
}

// In this order, so that each set of names is made once.
void sizes() {
  using server::Counter;
  for (const std::int64_t count : {10'000, 1'000'000, 5'000'000}) {
    add("lookup/hit", count, lookup, NameSet::kThere, true);
    add("floor/hit", count, touch, true);
    add("lookup/miss", count, lookup, NameSet::kMissing, false);
    add("floor/miss", count, touch, false);
    add("request/hit", count, request, NameSet::kThere, Counter::kTransfersStarted);
    add("request/miss", count, request, NameSet::kMissing, Counter::kErrors1);
  }
}

}  // namespace
}  // namespace dialtone::bench

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) {
    return 2;
  }
  dialtone::bench::sizes();
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  return 0;
}
