// SPDX-License-Identifier: Apache-2.0
#include "control/assets/asset_store.h"

#include "dataplane/abi/canonical_name.h"
#include "dataplane/base/digest.h"
#include "dataplane/base/printable.h"

#include <sys/stat.h>

#include <algorithm>
#include <ctime>
#include <set>
#include <utility>

namespace dialtone::assets {
namespace {

constexpr const char* kLock = ".dialtone/lock";
constexpr mode_t kMode = 0644;

std::string digest_text(std::span<const std::byte> bytes) {
  return to_hex(digest_of(bytes));
}

Error busy(const AssetDisk& disk) {
  return refused("another process puts files into " + disk.folder() +
                 "; try again when it has "
                 "ended");
}

std::uint64_t modified_s(const AssetDisk& disk, const std::string& path) {
  struct stat status {};
  return ::stat(disk.full(path).c_str(), &status) == 0
             ? static_cast<std::uint64_t>(std::max<time_t>(status.st_mtime, 0))
             : 0;
}

void report_change(const AssetPlace& place, std::uint32_t version, StoreReport& report) {
  ++(version == 0 ? report.removed : place.exists ? report.updated : report.added);
  report.changed.push_back({place.name, place.path, version});
}

}  // namespace

Result<AssetStore> AssetStore::open(std::string folder, std::uint32_t kept, std::uint64_t most,
                                    BeforeDiskStep before) {
  AssetStore store(AssetDisk(std::move(folder), std::move(before)), kept, most);
  if (store.disk_.list(kStaging).empty()) {
    return store;  // nothing is made before it is needed
  }
  const auto lock = store.disk_.lock(kLock);
  if (!lock || !*lock) {
    return lock ? busy(store.disk_) : lock.error();
  }
  DIALTONE_TRY(store.finish_last());
  return store;
}

// The text of a change says that everything of it was staged.
Result<void> AssetStore::finish_last() {
  if (disk_.exists(kPlan)) {
    const auto text = disk_.read(kPlan);
    if (!text) {
      return text.error();
    }
    const auto changes = read_changes(*text);
    if (!changes) {
      return refused(disk_.full(kPlan) + " is no change of files (" + changes.error().text +
                     "); remove it");
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

// The record of a name, with what lies there now as its current version, whoever laid it there.
Result<VersionRecord> AssetStore::look(const AssetPlace& place,
                                       std::optional<VersionRecord>* before) const {
  auto known = read_record_of(disk_, place.name);
  if (!known) {
    return known.error();
  }
  if (before != nullptr) {
    *before = *known;
  }
  VersionRecord record = known->value_or(VersionRecord{place.name, 0, 0, {}});
  if (!place.exists) {
    record.current = 0;
    return record;
  }
  const auto content = disk_.read(place.path);
  if (!content) {
    return content.error();
  }
  const auto bytes = std::as_bytes(std::span(*content));
  const std::string digest = digest_text(bytes);
  const AssetVersion* current = record.find(record.current);
  if (current == nullptr || current->bytes != bytes.size() || current->digest != digest) {
    record.current = ++record.last;
    record.versions.push_back({record.current,
                               bytes.size(),
                               digest,
                               modified_s(disk_, place.path),
                               {},
                               {},
                               /*found=*/true});
  }
  return record;
}

void AssetStore::forget_old(VersionRecord& record) const {
  const std::size_t most = kept_ + (record.current == 0 ? 0u : 1u);
  while (record.versions.size() > most) {
    const auto oldest =
        std::find_if(record.versions.begin(), record.versions.end(),
                     [&](const AssetVersion& each) { return each.number != record.current; });
    record.versions.erase(oldest);
  }
}

Result<FileChange> AssetStore::plan_put(const AssetPlace& place, const NewFile& file,
                                        const PutLabel& label, bool& same) const {
  FileChange change{place.path, {}, 0, {}, {}};
  auto record = look(place, &change.before);
  if (!record) {
    return record.error();
  }
  const std::string digest = digest_text(file.content);
  const AssetVersion* lies_there = record->find(record->current);
  same = lies_there != nullptr && lies_there->digest == digest;
  change.saved = record->current;
  record->current = ++record->last;
  record->versions.push_back({record->current, file.content.size(), digest,
                              static_cast<std::uint64_t>(std::time(nullptr)), label.note, label.set,
                              /*found=*/false});
  forget_old(*record);
  change.after = *std::move(record);
  return change;
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
  if (auto planned = disk_.write(kPlan, std::as_bytes(std::span(text)), kMode); !planned) {
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

Result<StoreReport> AssetStore::put(std::span<const NewFile> files, const PutLabel& label,
                                    const Publish& publish, Diagnostics& faults, bool check) {
  StoreReport report;
  std::vector<FileChange> changes;
  std::vector<const NewFile*> changed;
  std::set<std::string> names;
  PlaceFinder finder(disk_.folder());
  for (const NewFile& file : files) {
    if (auto bad = bad_asset_name(file.name)) {
      faults.push_back(*std::move(bad));
      continue;
    }
    if (file.content.size() > most_) {
      faults.push_back({file.name, 0, 0, "too-large", too_large(file.content.size(), most_)});
      continue;
    }
    const auto place = finder.find(file.name);
    if (!place) {
      faults.push_back({file.name, 0, 0, "in-the-way", place.error().text});
      continue;
    }
    if (!names.insert(place->name).second) {
      faults.push_back({file.name, 0, 0, "same-name",
                        "another file of this change has the same name but for upper and lower "
                        "case; clients see no difference: rename one"});
      continue;
    }
    bool same = false;
    auto change = plan_put(*place, file, label, same);
    if (!change) {
      faults.push_back({file.name, 0, 0, "unreadable", change.error().text});
    } else if (same) {
      ++report.unchanged;
    } else {
      report_change(*place, change->after.current, report);
      changes.push_back(*std::move(change));
      changed.push_back(&file);
    }
  }
  if (!faults.empty()) {
    return refused(std::to_string(faults.size()) + " of " + std::to_string(files.size()) +
                   " files cannot be put; nothing was changed");
  }
  if (check || changes.empty()) {
    return report;
  }
  const auto lock = disk_.lock(kLock);
  if (!lock || !*lock) {
    return lock ? busy(disk_) : lock.error();
  }
  if (auto staged = stage(changes, changed); !staged) {
    return nothing_changed(staged.error());
  }
  DIALTONE_TRY(commit(changes, publish));
  return report;
}

Result<StoreReport> AssetStore::remove(std::span<const std::string> names, const Publish& publish,
                                       Diagnostics& faults) {
  StoreReport report;
  std::vector<FileChange> changes;
  std::set<std::string> seen;
  PlaceFinder finder(disk_.folder());
  for (const std::string& name : names) {
    const auto place = finder.find(name);
    if (!place || !place->exists) {
      faults.push_back(
          {printable(name), 0, 0, "unknown-file",
           place ? "no file of that name lies in " + disk_.folder() : place.error().text});
      continue;
    }
    if (!seen.insert(place->name).second) {
      continue;
    }
    FileChange change{place->path, {}, 0, {}, {}};
    auto record = look(*place, &change.before);
    if (!record) {
      faults.push_back({name, 0, 0, "unreadable", record.error().text});
      continue;
    }
    change.saved = std::exchange(record->current, 0);
    forget_old(*record);
    change.after = *std::move(record);
    report_change(*place, 0, report);
    changes.push_back(std::move(change));
  }
  if (!faults.empty()) {
    return refused(std::to_string(faults.size()) + " of " + std::to_string(names.size()) +
                   " files cannot be removed; nothing was changed");
  }
  const auto lock = disk_.lock(kLock);
  if (!lock || !*lock) {
    return lock ? busy(disk_) : lock.error();
  }
  DIALTONE_TRY(commit(changes, publish));
  return report;
}

Result<StoreReport> AssetStore::restore(const std::string& name, std::uint32_t version,
                                        const Publish& publish) {
  const auto record = versions(name);
  if (!record) {
    return record.error();
  }
  const AssetVersion* wanted = record->find(version);
  if (wanted == nullptr) {
    return refused("there is no version " + std::to_string(version) + " of '" + name +
                   "'; dialtone files versions lists them");
  }
  if (version == record->current) {
    StoreReport report;
    report.unchanged = 1;
    return report;
  }
  const auto content = disk_.read(version_path(record->name, version));
  if (!content) {
    return content.error();
  }
  const auto bytes = std::as_bytes(std::span(*content));
  if (digest_text(bytes) != wanted->digest) {
    return refused("version " + std::to_string(version) + " of '" + name +
                   "' has changed on the disk; it is not restored");
  }
  const NewFile file{name, bytes};
  const std::string note = "version " + std::to_string(version) + " again" +
                           (wanted->note.empty() ? "" : ": " + wanted->note);
  Diagnostics faults;
  auto done = put({&file, 1}, {note, wanted->set}, publish, faults);
  return done || faults.empty() ? done : refused(to_string(faults.front()));
}

Result<VersionRecord> AssetStore::versions(const std::string& name) const {
  const auto place = PlaceFinder(disk_.folder()).find(name);
  if (!place) {
    return place.error();
  }
  auto record = look(*place);
  if (record && record->versions.empty()) {
    return refused("no file '" + name + "' lies in " + disk_.folder() + ", and none did");
  }
  return record;
}

}  // namespace dialtone::assets
