// SPDX-License-Identifier: Apache-2.0
#include "control/build/signed_files.h"

#include "control/image/repack.h"
#include "control/signing/signable.h"

#include <algorithm>
#include <utility>

namespace dialtone::build {

using image_build::FileEntry;
using image_build::FileTable;
using image_build::ImageChange;
using signing::SignJob;

namespace {

// Some milliseconds of RSA: signed with their change, so that both come to phones at once.
constexpr std::size_t kAtOnce = 16;

using Named = std::vector<std::pair<std::string, FileEntry>>;

// Those of segments that are mostly dead move, or they would hold them.
Result<void> leave_dead_segments(Named& files) {
  std::unordered_map<const image_build::SealedObject*, std::uint64_t> live;
  for (const auto& [name, entry] : files) {
    live[entry.segment.get()] += entry.place.length;
  }
  std::vector<std::pair<std::string_view, const FileEntry*>> moving;
  for (const auto& [name, entry] : files) {
    if (live[entry.segment.get()] < entry.segment->size / 2) {
      moving.emplace_back(name, &entry);
    }
  }
  auto moved = image_build::copy_files(moving, /*huge_pages=*/false);
  if (!moved) {
    return moved.error();
  }
  files.insert(files.end(), moved->begin(), moved->end());  // a later one of a name wins
  return {};
}

}  // namespace

Result<void> SignedFiles::enable(std::vector<int> cpus, bool huge_pages, Spell spell,
                                 HasOwn has_own) {
  auto background = signing::BackgroundSigner::create(cpus, huge_pages);
  if (!background) {
    return background.error();
  }
  background_ = *std::move(background);
  now_ = std::make_unique<signing::BatchSigner>(std::move(cpus),
                                                signing::BatchSigner::Urgency::kNow, false);
  spell_ = std::move(spell);
  has_own_ = std::move(has_own);
  return {};
}

void SignedFiles::use(std::shared_ptr<const signing::SigningKey> key) {
  const bool is_same = key_ != nullptr && key != nullptr && key_->is_same(*key);
  key_ = std::move(key);
  if (!is_same) {
    current_.clear();
  }
}

bool SignedFiles::is_wanted(const std::string& name, const FileEntry& file) const {
  return signing::is_signable(name, file) &&
         (file.record().origin != abi::Origin::kAsset || !has_own_(signing::signed_name(name)));
}

bool SignedFiles::is_current(const std::string& name, const FileEntry& file) const {
  const auto found = current_.find(name);
  return found != current_.end() && found->second == file.place.digest;
}

SignJob SignedFiles::job_of(const std::string& name, const FileEntry& file,
                            const FileTable& served) const {
  const FileEntry* before = served.find(signing::signed_name(name));
  SignJob job{name, spell_(name, file.record().origin) + std::string(signing::kSuffix), file, {}};
  if (before != nullptr) {
    job.served = *before;
  }
  return job;
}

Result<void> SignedFiles::carry_over(const FileTable& served, FileTable& files) const {
  if (!is_enabled()) {
    return {};
  }
  Named kept;
  std::vector<std::string> hidden;  // of the folder, where a built file is the one to sign
  for (const auto& [name, entry] : files) {
    if (!is_wanted(name, entry)) {
      continue;
    }
    std::string of_it = signing::signed_name(name);
    const FileEntry* before = served.find(of_it);
    if (before != nullptr && before->record().origin == entry.record().origin) {
      kept.emplace_back(std::move(of_it), *before);
    } else if (files.find(of_it) != nullptr) {
      hidden.push_back(std::move(of_it));
    }
  }
  DIALTONE_TRY(leave_dead_segments(kept));
  for (const std::string& name : hidden) {
    files.erase(name);
  }
  for (auto& [name, entry] : kept) {
    files.put(std::move(name), std::move(entry));
  }
  return {};
}

void SignedFiles::plan(const FileTable& files) {
  if (!is_enabled()) {
    return;
  }
  pending_.clear();
  hurried_.clear();
  before_.clear();
  progress_.trouble.clear();
  std::unordered_map<std::string, Digest> current;
  for (const auto& [name, entry] : files) {
    if (!is_wanted(name, entry)) {
      continue;
    }
    if (is_current(name, entry) && files.find(signing::signed_name(name)) != nullptr) {
      current.emplace(name, entry.place.digest);
    } else {
      pending_.insert(name);
    }
  }
  current_ = std::move(current);
  planned_ = pending_.size();
  retry_ = {};
}

void SignedFiles::amend(const FileTable& served, ImageChange& change) {
  if (!is_enabled()) {
    return;
  }
  settle();
  std::vector<SignJob> jobs;
  const auto add = [&](const std::string& name, const FileEntry& file) {
    if (is_wanted(name, file) && !is_current(name, file)) {
      jobs.push_back(job_of(name, file, served));
    }
  };
  const auto forget = [&](const std::string& name) {
    note(name);
    current_.erase(name);
    pending_.erase(name);
  };
  const auto stem_of = [](const std::string& name) {
    return name.ends_with(signing::kSuffix)
               ? std::optional(name.substr(0, name.size() - signing::kSuffix.size()))
               : std::nullopt;
  };
  for (const auto& [name, entry] : change.put) {
    if (const auto stem = stem_of(name)) {
      forget(*stem);  // it has one of its own now
    }
    add(name, entry);
  }
  std::vector<std::string> gone;
  for (const std::string& name : change.gone) {
    forget(name);
    const std::string of_it = signing::signed_name(name);
    if (served.find(of_it) != nullptr && !has_own_(of_it)) {
      gone.push_back(of_it);
    }
    // One of its own is gone, and the file is still there.
    const auto stem = stem_of(name);
    const FileEntry* file = stem ? served.find(*stem) : nullptr;
    if (file != nullptr && std::ranges::find(change.gone, *stem) == change.gone.end()) {
      add(*stem, *file);
    }
  }
  change.gone.insert(change.gone.end(), gone.begin(), gone.end());
  sign_now(std::move(jobs), change);
}

void SignedFiles::sign_now(std::vector<SignJob> jobs, ImageChange& change) {
  for (const SignJob& job : jobs) {
    note(job.name);
    current_.erase(job.name);
    pending_.insert(job.name);
  }
  if (key_ == nullptr || jobs.empty() || jobs.size() > kAtOnce) {
    return;
  }
  const auto batch = now_->sign(*key_, jobs);
  if (!batch) {
    progress_.trouble = batch.error().text;  // the background tries again
    return;
  }
  count(*batch);
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    pending_.erase(jobs[i].name);
    current_.insert_or_assign(jobs[i].name, jobs[i].file.place.digest);
    if (batch->files[i]) {
      change.put.emplace_back(signing::signed_name(jobs[i].name), *batch->files[i]);
    }
  }
}

// What was given before is in the image, unless it was put off. A trouble is of what is pending: it
// ends with that, however it ends.
void SignedFiles::settle() {
  before_.clear();
  if (pending_.empty()) {
    progress_.trouble.clear();
    is_put_off_ = false;
  }
  if (!is_put_off_) {
    batch_.reset();
  }
}

void SignedFiles::note(const std::string& name) {
  const auto found = current_.find(name);
  before_.push_back({name,
                     found == current_.end() ? std::nullopt : std::optional<Digest>(found->second),
                     pending_.contains(name)});
}

void SignedFiles::revert() {
  // The latest first: a name that was noted twice ends as it was before both.
  for (auto each = before_.rbegin(); each != before_.rend(); ++each) {
    if (each->signed_as) {
      current_.insert_or_assign(each->name, *each->signed_as);
    } else {
      current_.erase(each->name);
    }
    if (each->was_pending) {
      pending_.insert(each->name);
    } else {
      pending_.erase(each->name);
    }
  }
  before_.clear();
}

void SignedFiles::count(const signing::SignedBatch& batch) {
  progress_.made += batch.made;
  progress_.kept += batch.kept;
  progress_.trouble.clear();
  if (batch.made >= kAtOnce) {
    progress_.per_second = batch.made * 1'000'000 / std::max<std::uint64_t>(batch.microseconds, 1);
  }
}

SigningProgress SignedFiles::progress() const {
  SigningProgress now = progress_;
  now.current = current_.size();
  now.pending = pending_.size();
  if (pending_.empty()) {
    now.trouble.clear();
  }
  return now;
}

}  // namespace dialtone::build
