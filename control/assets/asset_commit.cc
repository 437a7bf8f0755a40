// SPDX-License-Identifier: Apache-2.0
//
// How the store makes a change whole or not at all (asset_change.h).
#include "control/assets/asset_store.h"

namespace dialtone::assets {
namespace {

constexpr const char* kLock = ".dialtone/lock";
constexpr mode_t kMode = 0644;

}  // namespace

Result<UniqueFd> AssetStore::lock() const {
  auto lock = disk_.lock(kLock);
  if (!lock) {
    return lock.error();
  }
  if (!*lock) {
    return refused("another process puts files into " + disk_.folder() +
                   "; try again when it has ended");
  }
  DIALTONE_TRY(disk_.check_owner(kOwn));
  return *std::move(*lock);
}

// The text of a change says that everything of it was staged.
Result<void> AssetStore::finish_last() {
  if (disk_.exists(kPlan)) {
    const auto text = disk_.read(kPlan, kMaxPlan);
    if (!text && text.error().code != ErrorCode::kRefused) {
      return text.error();
    }
    const auto changes = text ? read_changes(*text) : text.error();
    if (!changes) {
      return set_aside(changes.error());
    }
    for (const FileChange& change : *changes) {
      DIALTONE_TRY(apply(disk_, change));
    }
    for (const FileChange& change : *changes) {
      prune(disk_, change);
    }
  }
  clear_staging();
  return {};
}

// Nothing of a change that may be anybody's is done, and nothing of it is lost.
Result<void> AssetStore::set_aside(const Error& why) {
  std::string aside;
  for (int number = 1; aside.empty() || disk_.exists(aside); ++number) {
    aside = std::string(kOwn) + "/refused-" + std::to_string(number);
  }
  DIALTONE_TRY(disk_.rename(kStaging, aside));
  warning_ = "the change of files that lay in " + disk_.full(kPlan) +
             " is none that dialtone-control has made (" + why.text +
             "); nothing of it was done; it lies in " + disk_.full(aside) +
             " now; see who writes to the asset folder, then remove it";
  return {};
}

// The text first: without it the rest means nothing.
void AssetStore::clear_staging() const {
  (void)disk_.remove(kPlan);
  for (const std::string& name : disk_.list(kStaging)) {
    (void)disk_.remove(std::string(kStaging) + '/' + name);
  }
}

std::size_t AssetStore::partial() const {
  return disk_.list(kStaging).size();
}

Result<void> AssetStore::stage(std::vector<FileChange>& changes,
                               std::span<const NewFile* const> files) const {
  for (std::size_t i = 0; i < files.size(); ++i) {
    changes[i].staged = std::string(kStaging) + '/' + std::to_string(i);
    DIALTONE_TRY(disk_.write(changes[i].staged, files[i]->content, kMode));
  }
  return {};
}

Result<void> AssetStore::commit(const std::vector<FileChange>& changes,
                                const Publish& publish) const {
  const std::string text = to_text(changes);
  const auto planned = text.size() > kMaxPlan
                           ? refused("there are too many files for one change; give fewer at once")
                           : disk_.write(kPlan, std::as_bytes(std::span(text)), kMode);
  if (!planned) {
    return nothing_changed(planned.error());
  }
  std::size_t begun = 0;
  Result<void> done;
  while (done && begun < changes.size()) {
    done = apply(disk_, changes[begun++]);
  }
  if (done) {
    done = publish();
  }
  if (done) {
    for (const FileChange& change : changes) {
      prune(disk_, change);
    }
    clear_staging();
    return {};
  }
  while (begun != 0) {
    if (auto undone = undo(disk_, changes[--begun]); !undone) {
      return failed(done.error().text + "; and what lay there could not be laid back: " +
                    undone.error().text + "; the next start of dialtone-control ends this change");
    }
  }
  return nothing_changed(done.error());
}

Error AssetStore::nothing_changed(const Error& why) const {
  clear_staging();
  return {why.code, why.text + "; nothing was changed"};
}

}  // namespace dialtone::assets
