// SPDX-License-Identifier: Apache-2.0
#include "generator/pipeline.h"

#include "generator/fold.h"
#include "generator/render_file.h"

#include <tbb/enumerable_thread_specific.h>
#include <tbb/parallel_pipeline.h>
#include <tbb/task_arena.h>

#include <algorithm>
#include <cstring>
#include <exception>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

namespace dialtone::generator {
namespace {

// Enough that a slow range does not leave a thread idle (generator facts, section 2).
constexpr std::size_t kTokensPerThread = 4;

// What travels down the pipeline, and is used again for a later range.
struct Work {
  IdRange range;
  DeviceBatch batch;
  std::vector<BuiltFile> files;
  std::string names;  // of the files, one after the other
  std::uint64_t bytes = 0;
  std::size_t devices = 0;
  std::vector<BuildFault> faults;
  std::optional<Error> error;
};

// What a thread keeps from range to range: its chunk of the segment, and its rows.
struct ThreadState {
  ThreadState(abi::SegmentSpace& space, const PreparedCampus& campus)
      : writer(space), renderer(campus) {}
  abi::SegmentWriter writer;
  DeviceRenderer renderer;
  RenderedFiles files;
};

class Build {
 public:
  Build(const TemplateSet& templates, const PreparedCampus& campus, DeviceSource& source,
        abi::SegmentSpace& space, const BuildOptions& options, std::vector<IdRange> ranges)
      : templates_(templates),
        source_(source),
        options_(options),
        ranges_(std::move(ranges)),
        threads_([&space, &campus] { return ThreadState(space, campus); }) {}

  Result<BuildOutput> run() {
    const std::size_t tokens = kTokensPerThread * static_cast<std::size_t>(options_.threads);
    work_.resize(tokens);
    for (Work& work : work_) {
      idle_.push_back(&work);
    }
    output_.files.reserve(ranges_.size() * options_.devices_per_range);
    output_.names.reserve(ranges_.size());
    tbb::task_arena arena(options_.threads);
    arena.execute([&] {
      tbb::parallel_pipeline(
          tokens,
          tbb::make_filter<void, Work*>(tbb::filter_mode::serial_in_order,
                                        [this](tbb::flow_control& flow) { return next(flow); }) &
              tbb::make_filter<Work*, Work*>(tbb::filter_mode::parallel,
                                             [this](Work* work) { return process(work); }) &
              tbb::make_filter<Work*, void>(tbb::filter_mode::serial_in_order,
                                            [this](Work* work) { collect(work); }));
    });
    if (error_) {
      return *std::move(error_);
    }
    if (cancelled_) {
      return failed("the build was cancelled");
    }
    return std::move(output_);
  }

 private:
  // Head. stop_ is set by collect(), perhaps on another thread.
  Work* next(tbb::flow_control& flow) {
    if (options_.cancelled && options_.cancelled()) {
      stop_.store(true, std::memory_order_relaxed);
      cancelled_ = true;
    }
    if (stop_.load(std::memory_order_relaxed) || next_range_ == ranges_.size()) {
      flow.stop();
      return nullptr;
    }
    const std::lock_guard lock(idle_mutex_);
    Work* work = idle_.back();  // there are as many as tokens
    idle_.pop_back();
    work->range = ranges_[next_range_++];
    return work;
  }

  Work* process(Work* work) {
    work->batch.clear();
    work->files.clear();
    work->names.clear();
    work->bytes = 0;
    work->devices = 0;
    work->faults.clear();
    work->error.reset();
    if (stop_.load(std::memory_order_relaxed)) {
      return work;
    }
    if (auto read = source_.read(work->range, work->batch); !read) {
      work->error = read.error();
      return work;
    }
    ThreadState& state = threads_.local();
    for (const DeviceRecord& device : work->batch.devices()) {
      auto rendered =
          state.renderer.render(templates_, work->batch, device, state.writer, state.files);
      if (!rendered && rendered.error().code == ErrorCode::kRefused && options_.leave_out_faulty) {
        work->faults.push_back({device.id, std::string(device.name), rendered.error()});
        continue;
      }
      if (!rendered) {
        work->error = rendered.error();
        return work;
      }
      ++work->devices;
      for (const RenderedFile& file : state.files) {
        work->names += file.name.view();
        const bool is_named = options_.names_devices || file.form != DeviceFile::kXml;
        work->names += is_named ? device.name : std::string_view();
        work->bytes += file.place.length;
        // keep() gives the name its bytes.
        const std::string_view name(nullptr, file.name.length);
        const std::string_view of(nullptr, is_named ? device.name.size() : 0);
        work->files.push_back(
            {device.id, file.form, name, of, file.place, file.file_class, file.modified_s});
      }
    }
    return work;
  }

  // Tail.
  void collect(Work* work) {
    if (work->error && !error_) {
      error_ = std::move(work->error);
      stop_.store(true, std::memory_order_relaxed);
    }
    if (!stop_.load(std::memory_order_relaxed)) {
      keep(*work);
    }
    const std::lock_guard lock(idle_mutex_);
    idle_.push_back(work);
  }

  void keep(Work& work) {
    auto names = std::make_unique<char[]>(work.names.size() + 1);
    std::memcpy(names.get(), work.names.data(), work.names.size());
    const char* name = names.get();
    for (BuiltFile& file : work.files) {
      file.name = {name, file.name.size()};
      name += file.name.size();
      file.device = {name, file.device.size()};
      name += file.device.size();
    }
    output_.files.insert(output_.files.end(), work.files.begin(), work.files.end());
    output_.names.push_back(std::move(names));
    output_.faults.insert(output_.faults.end(), std::make_move_iterator(work.faults.begin()),
                          std::make_move_iterator(work.faults.end()));
    output_.bytes += work.bytes;
    output_.devices += work.devices;
  }

  const TemplateSet& templates_;
  DeviceSource& source_;
  const BuildOptions& options_;
  std::vector<IdRange> ranges_;
  std::size_t next_range_ = 0;
  std::vector<Work> work_;
  std::mutex idle_mutex_;
  std::vector<Work*> idle_;
  tbb::enumerable_thread_specific<ThreadState> threads_;
  std::atomic<bool> stop_{false};
  bool cancelled_ = false;
  std::optional<Error> error_;
  BuildOutput output_;
};

}  // namespace

Result<BuildOutput> build_devices(const TemplateSet& templates, const PreparedCampus& campus,
                                  DeviceSource& source, abi::SegmentSpace& space,
                                  const BuildOptions& options) {
  if (options.threads < 1 || options.devices_per_range < 1) {
    return usage("a build needs at least one thread and one device for each range");
  }
  try {
    auto ranges = source.ranges(options.devices_per_range);
    if (!ranges) {
      return ranges.error();
    }
    std::optional<TemplateSet> folded;
    if (is_worth_folding(campus, ranges->size() * options.devices_per_range)) {
      folded = fold(templates, campus);
    }
    Build build(folded ? *folded : templates, campus, source, space, options, *std::move(ranges));
    return build.run();
  } catch (const std::exception& exception) {
    return failed("building devices: " + std::string(exception.what()));
  }
}

}  // namespace dialtone::generator
