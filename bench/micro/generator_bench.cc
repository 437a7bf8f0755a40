// SPDX-License-Identifier: Apache-2.0
//
// The cost of a phone's file: rendered alone, and through build_devices() with rows in memory, with
// digest and sums; beside them a copy of the same bytes as the floor. CPU time is comparable
// between machines that are busy; wall time is not.
#include "generator/fold.h"
#include "generator/pipeline.h"
#include "generator/render.h"
#include "tests/support/test_campus.h"
#include "tests/support/test_image.h"

#include <benchmark/benchmark.h>

#include <atomic>
#include <cstring>
#include <vector>

namespace dialtone {
namespace {

constexpr std::size_t kPhones = 4096;
constexpr std::size_t kRoom = 64 * 1024;  // above the size bound of each
constexpr std::size_t kSpace = std::size_t{96} << 20;

// Memory that is mapped and used again, so that a build is not charged for page faults.
class ReusedSpace : public abi::SegmentSpace {
 public:
  Result<Chunk> claim(std::size_t min_bytes) override {
    const std::size_t size = align_up(min_bytes, kChunk);
    const std::size_t offset = next_.fetch_add(size, std::memory_order_relaxed);
    if (offset + size > kSpace) {
      return failed("the benchmark's space is too small");
    }
    return Chunk{memory_.span().subspan(offset, size), offset};
  }
  void reset() { next_.store(kCacheLine, std::memory_order_relaxed); }
  const std::byte* data() const { return memory_.span().data(); }

 private:
  static constexpr std::size_t kChunk = std::size_t{2} << 20;
  test::AlignedBytes memory_{kSpace};
  std::atomic<std::size_t> next_{kCacheLine};
};

struct World {
  generator::Campus campus = test::test_campus();
  generator::PreparedCampus ready = *generator::PreparedCampus::prepare(campus);
  generator::TemplateSet templates = *generator::built_in_templates();
  generator::DeviceBatch sip_phones;  // two lines, no speed dials

  World() {
    for (std::int64_t id = 1; sip_phones.devices().size() < kPhones; ++id) {
      if (id % 7 != 0 && id % 5 != 0) {
        test::add_test_phone(sip_phones, campus, id);
      }
    }
  }
};

const World& world() {
  static const World instance;
  return instance;
}

void render_with(benchmark::State& state, const generator::Template& program) {
  const World& w = world();
  generator::RowBinder binder(w.ready);
  std::vector<std::byte> out(kRoom);
  std::size_t next = 0;
  std::size_t bytes = 0;
  for (auto _ : state) {
    const auto rows = binder.bind(w.sip_phones, w.sip_phones.devices()[next++ % kPhones]);
    benchmark::DoNotOptimize(generator::size_bound(program, **rows));
    bytes += generator::render(program, **rows, out);
    benchmark::ClobberMemory();
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(bytes));
  state.counters["file_bytes"] =
      static_cast<double>(bytes) / static_cast<double>(state.iterations());
}

// As a few devices are rendered, after a change.
void render_sip(benchmark::State& state) {
  render_with(state, world().templates.sep_sip);
}
BENCHMARK(render_sip);

// As many are, with shared rows folded in.
void render_folded(benchmark::State& state) {
  const generator::Template folded = fold(world().templates.sep_sip, world().ready);
  render_with(state, folded);
}
BENCHMARK(render_folded);

void fold_all(benchmark::State& state) {
  for (auto _ : state) {
    benchmark::DoNotOptimize(fold(world().templates, world().ready));
  }
}
BENCHMARK(fold_all);

// Files already rendered, copied one after the other: nothing can be cheaper.
void copy_sip(benchmark::State& state) {
  const World& w = world();
  generator::RowBinder binder(w.ready);
  std::vector<std::vector<std::byte>> files;
  for (const generator::DeviceRecord& device : w.sip_phones.devices()) {
    const auto rows = binder.bind(w.sip_phones, device);
    files.emplace_back(kRoom);
    files.back().resize(generator::render(w.templates.sep_sip, **rows, files.back()));
    files.back().shrink_to_fit();
  }
  std::vector<std::byte> out(kRoom);
  std::size_t next = 0;
  std::size_t bytes = 0;
  for (auto _ : state) {
    const std::vector<std::byte>& file = files[next++ % kPhones];
    std::memcpy(out.data(), file.data(), file.size());
    bytes += file.size();
    benchmark::ClobberMemory();
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(bytes));
}
BENCHMARK(copy_sip);

void build(benchmark::State& state) {
  const World& w = world();
  test::MemorySource source(w.campus, kPhones);
  generator::BuildOptions options;
  options.threads = static_cast<int>(state.range(0));
  ReusedSpace space;
  std::uint64_t bytes = 0;
  for (auto _ : state) {
    space.reset();
    const auto built = generator::build_devices(w.templates, w.ready, source, space, options);
    if (!built) {
      state.SkipWithError(built.error().text.c_str());
      break;
    }
    bytes += built->bytes;
  }
  state.counters["devices_per_second"] = benchmark::Counter(
      static_cast<double>(state.iterations()) * kPhones, benchmark::Counter::kIsRate);
  state.SetBytesProcessed(static_cast<std::int64_t>(bytes));
}
BENCHMARK(build)->ArgName("threads")->Arg(1)->Arg(2)->UseRealTime()->MeasureProcessCPUTime();

// The floor of build: as many bytes from files that exist into memory that is mapped.
void copy_all(benchmark::State& state) {
  const World& w = world();
  test::MemorySource source(w.campus, kPhones);
  ReusedSpace from;
  const auto built = generator::build_devices(w.templates, w.ready, source, from, {});
  const test::AlignedBytes to(kSpace);
  for (auto _ : state) {
    std::byte* out = to.span().data();
    for (const generator::BuiltFile& file : built->files) {
      std::memcpy(out, from.data() + file.place.offset, file.place.length);
      out += file.place.length;
    }
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations() * kPhones));
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * built->bytes));
}
BENCHMARK(copy_all);

void compile_template(benchmark::State& state) {
  for (auto _ : state) {
    benchmark::DoNotOptimize(generator::built_in_templates());
  }
}
BENCHMARK(compile_template);

}  // namespace
}  // namespace dialtone

BENCHMARK_MAIN();
