// SPDX-License-Identifier: Apache-2.0
//
// What a name costs in an index of 10 thousand, 1 million and 5 million of them: bursts of 32
// random names, key and prefetch first, then the search and the file's record, as
// server::find_files() does it. The names of a burst are made before the clock is read; index and
// records lie on 2 MB pages where the kernel gives them.
#include "bench/micro/huge_pages.h"
#include "bench/micro/meter.h"
#include "dataplane/abi/canonical_name.h"
#include "dataplane/abi/image_view.h"
#include "dataplane/base/check.h"
#include "tests/support/test_image.h"

#include <benchmark/benchmark.h>

#include <array>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>

namespace dialtone::bench {
namespace {

// Room that a record of 64 bytes takes with a name of 23, content of 1 and its sum.
constexpr std::size_t kRecordRoom = 320;

abi::CanonicalName name_of(const char* prefix, std::uint64_t number) {
  char text[32];
  const int length =
      std::snprintf(text, sizeof(text), "%s%08x.cnf.xml", prefix, static_cast<unsigned>(number));
  abi::CanonicalName name;
  DIALTONE_CHECK(abi::canonicalize({text, static_cast<std::size_t>(length)}, name));
  return name;
}

// Names that are exact keys, as phones' are.
class Names {
 public:
  explicit Names(std::uint64_t count) : count_(count), image_(count * kRecordRoom + (1 << 20)) {
    for (std::uint64_t number = 0; number < count; ++number) {
      image_.add(name_of("sep0011", number).view(), "x", abi::FileClass::kDeviceConfig);
    }
    image_.build();
    huge_ = move_to_huge_pages(image_.index_bytes()) && move_to_huge_pages(image_.segment_bytes());
  }

  const abi::ImageView& view() const { return image_.live().view; }
  bool on_huge_pages() const { return huge_; }

  void draw(const char* prefix, std::array<abi::CanonicalName, kBurst>& out) {
    for (abi::CanonicalName& name : out) {
      state_ = mix64(state_ + 1, 7);
      name = name_of(prefix, multiply_high(state_, count_));
    }
  }

 private:
  std::uint64_t count_;
  std::uint64_t state_ = 1;
  test::TestImage image_;
  bool huge_ = false;
};

// The one that was asked for last: five million of them take gigabytes.
Names& names(std::uint64_t count) {
  static std::uint64_t held = 0;
  static std::unique_ptr<Names> instance;
  if (held != count) {
    instance.reset();
    instance = std::make_unique<Names>(count);
    held = count;
  }
  return *instance;
}

void lookup(benchmark::State& state, const char* prefix, bool found) {
  Names& known = names(static_cast<std::uint64_t>(state.range(0)));
  const abi::ImageView& view = known.view();
  state.SetLabel(known.on_huge_pages() ? "2 MB pages" : "4 KB pages");
  std::array<abi::CanonicalName, kBurst> asked;
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

// The key alone: what every lookup pays before the index is touched.
void key(benchmark::State& state) {
  Names& known = names(10'000);
  std::array<abi::CanonicalName, kBurst> asked;
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

// In this order, so that each set of names is made once.
void sizes() {
  for (const std::int64_t count : {10'000, 1'000'000, 5'000'000}) {
    for (const bool found : {true, false}) {
      benchmark::RegisterBenchmark(found ? "lookup/hit" : "lookup/miss", lookup,
                                   found ? "sep0011" : "sepffff", found)
          ->Arg(count)
          ->UseManualTime()
          ->Iterations(20'000);
    }
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
