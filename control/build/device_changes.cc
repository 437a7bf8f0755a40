// SPDX-License-Identifier: Apache-2.0
//
// Follows the change log: what it says is built by devices, all of them, or not at all.
#include "control/build/device_builder.h"
#include "control/build/device_names.h"
#include "control/database/device_store.h"

#include <algorithm>
#include <set>
#include <string_view>
#include <unordered_set>
#include <utility>

namespace dialtone::build {
namespace {

// More are read and rendered by several threads, each with a connection of its own, which cost some
// milliseconds to open.
constexpr std::size_t kFewDevices = 2'000;
// Above this share all are built anew: to pick many of the rows is dearer than to read them all,
// and what is replaced would stay in memory beside what replaces it.
constexpr std::size_t kMostShare = 2;

}  // namespace

// Every file is touched, or so many.
bool DeviceBuilder::is_of_most(const database::ChangeSet& changes) const noexcept {
  return changes.everything || campus_ == nullptr ||
         changes.devices.size() > std::max(kFewDevices, device_count_ / kMostShare);
}

// Most service parameters are of the policy alone (docs/cli.md, `param`).
Result<bool> DeviceBuilder::wants_all(database::Database& from,
                                      const database::ChangeSet& changes) const {
  if (is_of_most(changes) || !changes.parameters) {
    return is_of_most(changes);
  }
  auto rows = database::load_parameters(from);
  if (!rows) {
    return rows.error();
  }
  set_default_policy(*rows);
  return rows->campus.enterprise != campus_->rows.campus.enterprise;
}

Result<database::ChangeSet> DeviceBuilder::read_changes(database::Database& from) {
  auto changes = database::read_changes(from, last_seq_);
  if (changes && changes->last_seq != last_seq_) {
    unbuilt_ = changes->span;
    unbuilt_seq_ = changes->last_seq;
  }
  return changes;
}

Result<ChangedFiles> DeviceBuilder::build_changed(const image_build::FileTable& files) {
  built_.reset();
  {
    const auto transaction = database::Transaction::begin_read(database_);
    if (!transaction) {
      return transaction.error();
    }
    const auto changes = read_changes(database_);
    if (!changes) {
      return changes.error();
    }
    if (changes->devices.size() <= kFewDevices || is_of_most(*changes)) {
      return build_changes(database_, nullptr, *changes, files);
    }
  }
  // Of one moment for all threads, which may be a later one.
  const auto snapshot = database::Snapshot::take(path_, threads_);
  if (!snapshot) {
    return snapshot.error();
  }
  database::Database& from = (*snapshot)->database();
  const auto changes = read_changes(from);
  return changes ? build_changes(from, snapshot->get(), *changes, files)
                 : Result<ChangedFiles>(changes.error());
}

// `snapshot`: of `from`; null: it is the connection of this thread alone.
Result<ChangedFiles> DeviceBuilder::build_changes(database::Database& from,
                                                  database::Snapshot* snapshot,
                                                  const database::ChangeSet& changes,
                                                  const image_build::FileTable& files) {
  if (changes.last_seq == last_seq_) {
    return ChangedFiles{};
  }
  const auto all = wants_all(from, changes);
  if (!all) {
    return all.error();
  }
  if (*all) {
    return ChangedFiles{.everything = true};
  }
  Built built{.last_seq = changes.last_seq};
  // PostgreSQL's numbers move with whatever its server does; devices are not counted for that.
  if (!changes.shared && changes.devices.empty() && changes.gone.empty() &&
      changes.gateways.empty() && !changes.all_gateways) {
    built_ = std::move(built);
    return ChangedFiles{};
  }
  auto changed = render_changed(from, snapshot, changes, built);
  if (!changed) {
    return changed.error();
  }
  for (const std::string& device : changes.gone) {
    abi::CanonicalName name;
    if (device_file_name(generator::DeviceFile::kCnf, device, name)) {
      changed->typed_cnf.push_back({std::string(name.view()), {}});
    }
    add_names(device, generator::DeviceFileSet::all(), changed->gone);
    changed->settled.push_back(device);
  }
  auto typed = read_typed_cnf(from, files, policy(), changes.devices);
  if (!typed) {
    return typed.error();
  }
  changed->typed_cnf.insert(changed->typed_cnf.end(), typed->begin(), typed->end());
  // What a device of the name had that is no more; the new one keeps what is built of it.
  if (!changes.reused.empty()) {
    const std::unordered_set<std::string_view> settled(changed->settled.begin(),
                                                       changed->settled.end());
    for (const std::string& device : changes.reused) {
      if (settled.contains(device)) {
        add_names(device, generator::DeviceFileSet::all(), changed->gone);
      }
    }
  }
  if (!built.gateways.empty() || !changes.reused.empty()) {
    // Where a device has gone, the port of a gateway may have its name.
    std::set<std::string_view> there;
    for (const auto& [name, entry] : changed->files) {
      there.insert(name);
    }
    std::erase_if(changed->gone, [&](const std::string& name) { return there.contains(name); });
  }
  // PostgreSQL walks over all of them for it, which is more than the rest of a small change.
  if (changes.counts_anew) {
    const auto devices = database::DeviceStore(from).count();
    if (!devices) {
      return devices.error();
    }
    built.devices = *devices;
  }
  built_ = std::move(built);
  return changed;
}

}  // namespace dialtone::build
