// SPDX-License-Identifier: Apache-2.0
//
// What of the signed files is made in the background.
#include "control/build/signed_files.h"
#include "control/signing/signable.h"

#include <algorithm>
#include <utility>

namespace dialtone::build {
namespace {

// Each batch is a generation: large enough that they stay few, and not so large that its memory and
// its wait hurt.
constexpr std::size_t kBatches = 16;
constexpr std::size_t kLeastBatch = 256;
constexpr std::size_t kMostBatch = 65'536;
constexpr std::uint64_t kMostBytes = std::uint64_t{512} << 20;
constexpr std::chrono::seconds kRetry{5};

}  // namespace

using image_build::FileEntry;
using image_build::FileTable;
using image_build::ImageChange;
using signing::SignJob;

void SignedFiles::take_batch(Clock::time_point now) {
  auto done = background_->take();
  if (!done) {
    return;
  }
  const bool is_of_this_key = key_ != nullptr && key_->is_same(*done->key);
  if (!done->batch) {
    retry_ = now + kRetry;
    progress_.trouble = is_of_this_key ? done->batch.error().text : progress_.trouble;
  } else if (is_of_this_key) {
    count(*done->batch);
    batch_ = std::move(done);
  }
}

// It stays until it is in the image: RSA is dear, and memory may be short for long.
void SignedFiles::give_batch(const FileTable& served, ImageChange& change) {
  is_put_off_ = false;
  progress_.trouble.clear();
  if (key_ == nullptr || !key_->is_same(*batch_->key)) {
    batch_.reset();
    return;
  }
  const signing::BackgroundSigner::Done& done = *batch_;
  for (std::size_t i = 0; i < done.jobs.size(); ++i) {
    const SignJob& job = done.jobs[i];
    const FileEntry* file = served.find(job.name);
    // Changed, gone or planned anew meanwhile: what was signed is of no use.
    if (file == nullptr || !file->same_content_as(job.file) || !is_wanted(job.name, *file) ||
        !pending_.contains(job.name)) {
      continue;
    }
    note(job.name);
    pending_.erase(job.name);
    current_.insert_or_assign(job.name, job.file.place.digest);
    if (done.batch->files[i]) {
      change.put.emplace_back(signing::signed_name(job.name), *done.batch->files[i]);
    }
  }
}

void SignedFiles::start_batch(const FileTable& served) {
  const std::size_t most = std::clamp(planned_ / kBatches, kLeastBatch, kMostBatch);
  std::vector<SignJob> jobs;
  std::uint64_t bytes = 0;
  std::erase_if(pending_, [&](const std::string& name) { return served.find(name) == nullptr; });
  std::erase_if(hurried_, [&](const std::string& name) { return !pending_.contains(name); });
  const auto add = [&](const std::string& name) {
    const FileEntry& file = *served.find(name);
    jobs.push_back(job_of(name, file, served));
    bytes += file.place.length;
  };
  if (!hurried_.empty()) {
    std::ranges::for_each(std::exchange(hurried_, {}), add);
  } else {
    for (auto at = pending_.begin();
         at != pending_.end() && jobs.size() < most && bytes < kMostBytes; ++at) {
      add(*at);
    }
  }
  if (!jobs.empty()) {
    background_->start(key_, std::move(jobs));
  }
}

ImageChange SignedFiles::advance(const FileTable& served, Clock::time_point now) {
  ImageChange change;
  if (!is_enabled()) {
    return change;
  }
  settle();
  if (!batch_ && background_->is_busy()) {
    take_batch(now);
  }
  if (batch_ && (!is_put_off_ || now >= retry_)) {
    give_batch(served, change);
  }
  // What comes of this batch is to be in the image before the next one looks at it.
  if (change.put.empty() && !is_put_off_ && !background_->is_busy() && key_ != nullptr &&
      !pending_.empty() && now >= retry_) {
    start_batch(served);
  }
  return change;
}

void SignedFiles::put_off(const std::string& why, Clock::time_point now) {
  revert();
  progress_.trouble = why;
  is_put_off_ = batch_.has_value();
  retry_ = now + kRetry;
}

bool SignedFiles::hurry(std::string_view signed_name) {
  if (key_ == nullptr || !signed_name.ends_with(signing::kSuffix)) {
    return false;
  }
  std::string name(signed_name.substr(0, signed_name.size() - signing::kSuffix.size()));
  if (!pending_.contains(name)) {
    return false;
  }
  if (std::ranges::find(hurried_, name) == hurried_.end()) {
    hurried_.push_back(std::move(name));
  }
  return true;
}

SignedFiles::Clock::time_point SignedFiles::due() const noexcept {
  return key_ == nullptr || pending_.empty() || background_->is_busy() ? Clock::time_point::max()
                                                                       : retry_;
}

}  // namespace dialtone::build
