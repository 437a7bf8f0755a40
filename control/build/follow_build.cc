// SPDX-License-Identifier: Apache-2.0
//
// The part of the builder that follows changes of the database and of the asset folder.
#include "control/build/build_fault.h"
#include "control/build/builder.h"
#include "control/build/stopwatch.h"

#include <algorithm>
#include <string>
#include <unordered_set>
#include <utility>

namespace dialtone::build {

using image_build::FileEntry;
using image_build::ImageChange;

// A device that is built or gone has no fault any more.
void Builder::note_devices(const ChangedFiles& changed) {
  for (const auto& [name, entry] : changed.files) {
    build_faults_.erase(name);
  }
  for (const std::string& name : changed.gone) {
    build_faults_.erase(name);
  }
  if (changed.shared) {
    std::erase_if(build_faults_, [](const auto& each) { return each.second.device.empty(); });
  }
  if (!build_faults_.empty()) {
    std::unordered_set<std::string> settled(changed.settled.begin(), changed.settled.end());
    for (const std::int64_t id : changed.gateways) {
      settled.insert(fault_owner(id));
    }
    std::erase_if(build_faults_,
                  [&](const auto& each) { return settled.contains(each.second.device); });
  }
  for (const FileFault& fault : changed.faults) {
    build_faults_.insert_or_assign(fault.file, Fault{fault.why, fault.device, fault.is_one});
  }
}

// Shared files are all rendered when one row of them has changed.
std::size_t Builder::count_rebuilt(const ChangedFiles& changed) const {
  const auto shared = changed.files.begin() + static_cast<std::ptrdiff_t>(changed.device_files);
  const auto differing = std::count_if(shared, changed.files.end(), [&](const auto& file) {
    const FileEntry* old = image_->files().find(file.first);
    return old == nullptr || !old->same_content_as(file.second);
  });
  return changed.device_files + static_cast<std::size_t>(differing);
}

// What was built is in the image.
void Builder::adopt_devices(const ChangedFiles& changed) {
  trace_.rows.append(devices_->adopt());
  devices_->trim_log();
  note_devices(changed);
  for (const std::string& device : changed.settled) {
    if (trace_.devices.size() < BuildTrace::kNamed) {
      trace_.devices.push_back(device);
    }
  }
}

Result<BuildReport> Builder::follow_database() {
  const Stopwatch watch;
  if (full_due_) {
    return build_all();
  }
  if (devices_ == nullptr) {
    return BuildReport{};
  }
  auto changed = devices_->build_changed(image_->files());
  if (!changed) {
    return changed.error();
  }
  if (changed->everything) {
    return build_all();
  }
  BuildReport report{.devices = changed->devices, .rebuilt = count_rebuilt(*changed)};
  for (const FileFault& fault : changed->faults) {
    report.faults.push_back(build_fault(fault.why));
  }
  add_removed_rows(*changed);
  // Names that a device could have had are mostly of files that never were.
  std::erase_if(changed->gone,
                [&](const std::string& name) { return !is_built(image_->files(), name); });
  ImageChange change;
  const CnfOfTypes of_types = amended_cnf(changed->typed_cnf, cnf_of_types_);
  DIALTONE_TRY(supply_cnf(
      image_->files(), of_types, [this](const std::string& name) { return has_own_cnf(name); },
      change));
  if (changed->files.empty() && changed->gone.empty() && change.put.empty() &&
      change.gone.empty()) {
    adopt_devices(*changed);
    amend(cnf_of_types_, of_types);
    report.build_us = watch.us();
    return report;
  }
  for (const std::string& name : changed->gone) {
    // An asset that was hidden by the device's file is served again.
    if (const FileEntry* asset = assets_.files().find(name); asset != nullptr) {
      change.put.emplace_back(name, *asset);
    } else {
      change.gone.push_back(name);
    }
  }
  for (auto& [name, entry] : changed->files) {
    change.put.emplace_back(name, std::move(entry));
  }
  auto done = put(std::move(change), std::move(report));
  if (done) {
    adopt_devices(*changed);
    amend(cnf_of_types_, of_types);
    last_.build_us = done->build_us = watch.us();
  }
  return done;
}

bool Builder::has_own_cnf(const std::string& name) const {
  return assets_.files().find(name) != nullptr || is_built(image_->files(), name);
}

// Where a device's own .cnf is gone from the folder, that of its type takes the place.
Result<void> Builder::fall_back_to_types(ImageChange& change) const {
  CnfOfTypes back;
  std::erase_if(change.gone, [&](const std::string& name) {
    const auto of_type = cnf_of_types_.find(name);
    if (of_type != cnf_of_types_.end()) {
      back.insert(*of_type);
    }
    return of_type != cnf_of_types_.end();
  });
  return supply_cnf(
      image_->files(), back, [](const std::string&) { return false; }, change);
}

Result<BuildReport> Builder::follow_assets() {
  const Stopwatch watch;
  if (full_due_) {
    return build_all();
  }
  auto change = assets_.scan();
  if (!change) {
    return change.error();
  }
  const auto is_of_type = [](const auto& file) { return is_cnf_of_type(file.first); };
  if (devices_ != nullptr &&
      (std::any_of(change->put.begin(), change->put.end(), is_of_type) ||
       std::any_of(change->gone.begin(), change->gone.end(), is_cnf_of_type))) {
    full_due_ = true;  // it goes to many devices
    return build_all();
  }
  const auto hidden = [&](const auto& file) { return is_built(image_->files(), file.first); };
  std::erase_if(change->put, hidden);
  std::erase_if(change->gone,
                [&](const std::string& name) { return is_built(image_->files(), name); });
  if (auto supplied = fall_back_to_types(*change); !supplied) {
    full_due_ = true;  // the folder does not say it again
    return supplied.error();
  }
  auto done = put(*std::move(change), {.faults = assets_.faults(image_->files())});
  if (!done) {
    full_due_ = true;  // the folder does not say it again
    return done;
  }
  if (done->files != 0) {
    last_.build_us = done->build_us = watch.us();
  }
  assets_.adopt(image_->files());
  return done;
}

}  // namespace dialtone::build
