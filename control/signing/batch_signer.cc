// SPDX-License-Identifier: Apache-2.0
#include "control/signing/batch_signer.h"

#include "control/image/segment_stack.h"
#include "control/signing/signable.h"

#include <sched.h>
#include <tbb/parallel_pipeline.h>
#include <tbb/task_arena.h>
#include <tbb/task_scheduler_observer.h>

#include <chrono>
#include <cstring>
#include <exception>
#include <utility>

namespace dialtone::signing {
namespace {

using image_build::FileEntry;
using image_build::SegmentStack;

constexpr std::size_t kTokensPerThread = 4;

// A thread of TBB's has the CPUs of the process again when it goes to another arena.
class StayOn final : public tbb::task_scheduler_observer {
 public:
  StayOn(tbb::task_arena& arena, const std::vector<int>& cpus)
      : tbb::task_scheduler_observer(arena) {
    CPU_ZERO(&cpus_);
    for (const int cpu : cpus) {
      CPU_SET(cpu, &cpus_);
    }
    has_all_ = ::sched_getaffinity(0, sizeof(all_), &all_) == 0;
    observe(true);
  }
  ~StayOn() override { observe(false); }
  StayOn(const StayOn&) = delete;
  StayOn& operator=(const StayOn&) = delete;

  void on_scheduler_entry(bool) override { (void)::sched_setaffinity(0, sizeof(cpus_), &cpus_); }
  void on_scheduler_exit(bool) override {
    if (has_all_) {
      (void)::sched_setaffinity(0, sizeof(all_), &all_);
    }
  }

 private:
  cpu_set_t cpus_;
  cpu_set_t all_;
  bool has_all_;
};

// What travels down the pipeline, and is used again for a later file.
struct Work {
  std::size_t job = 0;
  SignedHeader header;
  std::vector<std::byte> bytes;  // of the header
  bool is_served = false;
  std::optional<Error> error;
};

class Run {
 public:
  Run(const SigningKey& key, std::span<const SignJob> jobs, const std::atomic<bool>* stop,
      std::uint64_t bytes, bool huge_pages, std::size_t tokens)
      : key_(key), jobs_(jobs), stop_(stop), stack_(bytes, huge_pages), work_(tokens) {
    batch_.files.resize(jobs.size());
    for (Work& work : work_) {
      work.header = key.header_of({});
    }
  }

  void pass() {
    tbb::parallel_pipeline(
        work_.size(),
        tbb::make_filter<void, Work*>(tbb::filter_mode::serial_in_order,
                                      [this](tbb::flow_control& flow) { return next(flow); }) &
            tbb::make_filter<Work*, Work*>(tbb::filter_mode::parallel,
                                           [this](Work* work) {
                                             sign(*work);
                                             return work;
                                           }) &
            tbb::make_filter<Work*, void>(tbb::filter_mode::serial_in_order,
                                          [this](Work* work) { write(*work); }));
  }

  Result<SignedBatch> finish() {
    if (stopped_) {
      return failed("signing was stopped");
    }
    if (error_) {
      return *std::move(error_);
    }
    auto files = stack_.finish();
    if (!files) {
      return files.error();
    }
    for (std::size_t i = 0; i < files->size(); ++i) {
      batch_.files[written_[i]] = std::move((*files)[i].second);
    }
    batch_.made = files->size();
    batch_.kept = jobs_.size() - files->size();
    return std::move(batch_);
  }

 private:
  // In order, and as many are under way as there are places.
  Work* next(tbb::flow_control& flow) {
    stopped_ = stopped_ || (stop_ != nullptr && stop_->load(std::memory_order_relaxed));
    if (stopped_ || failed_.load(std::memory_order_relaxed) || next_ == jobs_.size()) {
      flow.stop();
      return nullptr;
    }
    Work* const work = &work_[next_ % work_.size()];
    work->job = next_++;
    return work;
  }

  void sign(Work& work) {
    const SignJob& job = jobs_[work.job];
    const std::span<const std::byte> content = job.file.content();
    work.error.reset();
    work.header.file_name = job.asked_name;
    const auto length = header_bytes(work.header);
    if (!length) {
      work.error = length.error();
      return;
    }
    work.bytes.resize(*length);
    SignedParts parts = write_header(work.header, work.bytes);
    parts.content = content;
    work.is_served = job.served && is_same(*job.served, parts, *length);
    if (work.is_served) {
      return;
    }
    const auto at = static_cast<std::size_t>(parts.signature.data() - work.bytes.data());
    if (auto done = key_.sign(parts, std::span(work.bytes).subspan(at, parts.signature.size()));
        !done) {
      work.error = done.error();
    }
  }

  // All but the signature is as we would write it, and that is one of our key's.
  bool is_same(const FileEntry& served, const SignedParts& ours, std::size_t length) const {
    const std::span<const std::byte> file = served.content();
    if (file.size() != length + ours.content.size()) {
      return false;
    }
    const auto same = [](std::span<const std::byte> one, std::span<const std::byte> other) {
      return one.empty() || std::memcmp(one.data(), other.data(), one.size()) == 0;
    };
    const std::size_t signature = length - ours.behind.size() - ours.signature.size();
    const SignedParts theirs{
        file.first(ours.before.size()), file.subspan(signature, ours.signature.size()),
        file.subspan(length - ours.behind.size(), ours.behind.size()), file.subspan(length)};
    return same(ours.before, theirs.before) && same(ours.behind, theirs.behind) &&
           same(ours.content, theirs.content) && key_.verifies(theirs, key_.options().digest);
  }

  void write(Work& work) {
    if (work.error && !error_) {
      error_ = std::move(work.error);
      failed_.store(true, std::memory_order_relaxed);
    }
    if (error_ || work.is_served) {
      return;
    }
    const SignJob& job = jobs_[work.job];
    const std::span<const std::byte> content = job.file.content();
    const std::size_t size = work.bytes.size() + content.size();
    auto room = stack_.begin(signed_name(job.name), size);
    if (!room) {
      error_ = room.error();
      failed_.store(true, std::memory_order_relaxed);
      return;
    }
    std::memcpy(room->data(), work.bytes.data(), work.bytes.size());
    if (!content.empty()) {
      std::memcpy(room->data() + work.bytes.size(), content.data(), content.size());
    }
    const abi::FileRecord& record = job.file.record();
    stack_.commit(size, {record.origin, record.file_class, record.modified_s});
    written_.push_back(work.job);
  }

  const SigningKey& key_;
  std::span<const SignJob> jobs_;
  const std::atomic<bool>* stop_;
  SegmentStack stack_;
  std::vector<Work> work_;
  std::size_t next_ = 0;
  bool stopped_ = false;
  std::atomic<bool> failed_{false};  // error_ is there; it is the last stage's own
  std::optional<Error> error_;
  std::vector<std::size_t> written_;  // jobs, in the order of the stack's files
  SignedBatch batch_;
};

}  // namespace

struct BatchSigner::Arena {
  Arena(const std::vector<int>& cpus, Urgency urgency)
      : arena(static_cast<int>(cpus.size()), 1,
              urgency == Urgency::kBackground ? tbb::task_arena::priority::low
                                              : tbb::task_arena::priority::normal),
        stay(arena, cpus),
        threads(cpus.size()) {}

  tbb::task_arena arena;
  StayOn stay;
  std::size_t threads;
};

BatchSigner::BatchSigner(std::vector<int> cpus, Urgency urgency, bool huge_pages)
    : arena_(std::make_unique<Arena>(cpus, urgency)), huge_pages_(huge_pages) {}

BatchSigner::~BatchSigner() = default;

std::size_t BatchSigner::threads() const noexcept {
  return arena_->threads;
}

Result<SignedBatch> BatchSigner::sign(const SigningKey& key, std::span<const SignJob> jobs,
                                      const std::atomic<bool>* stop) {
  const auto begin = std::chrono::steady_clock::now();
  try {
    std::uint64_t bytes = 0;
    for (const SignJob& job : jobs) {
      bytes += job.file.record().length;
    }
    Run run(key, jobs, stop, bytes, huge_pages_, kTokensPerThread * threads());
    arena_->arena.execute([&] { run.pass(); });
    auto batch = run.finish();
    if (batch) {
      batch->microseconds =
          static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::microseconds>(
                                         std::chrono::steady_clock::now() - begin)
                                         .count());
    }
    return batch;
  } catch (const std::exception& exception) {
    return failed("signing files: " + std::string(exception.what()));
  }
}

}  // namespace dialtone::signing
