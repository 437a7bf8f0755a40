// SPDX-License-Identifier: Apache-2.0
#include "control/assets/asset_store.h"

#include "dataplane/base/printable.h"

#include <set>
#include <utility>

namespace dialtone::assets {
namespace {

void report_change(const AssetPlace& place, std::uint32_t version, StoreReport& report) {
  ++(version == 0 ? report.removed : place.exists ? report.updated : report.added);
  report.changed.push_back({place.name, place.path, version});
}

}  // namespace

Result<AssetStore> AssetStore::open(std::string folder, std::uint32_t kept, std::uint64_t most,
                                    BeforeDiskStep before) {
  AssetStore store(AssetDisk(std::move(folder), std::move(before), most), kept);
  DIALTONE_TRY(store.disk_.check_owner(kOwn));
  if (store.disk_.list(kStaging).empty()) {
    return store;  // nothing is made before it is needed
  }
  const auto lock = store.lock();
  if (!lock) {
    return lock.error();
  }
  DIALTONE_TRY(store.finish_last());
  return store;
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
    if (file.content.size() > disk_.most()) {
      faults.push_back(
          {file.name, 0, 0, "too-large", too_large(file.content.size(), disk_.most())});
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
  const auto alone = lock();
  if (!alone) {
    return alone.error();
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
  const auto alone = lock();
  if (!alone) {
    return alone.error();
  }
  DIALTONE_TRY(commit(changes, publish));
  return report;
}

}  // namespace dialtone::assets
