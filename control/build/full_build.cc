// SPDX-License-Identifier: Apache-2.0
//
// The part of the builder that builds everything anew, for the image or for nobody.
#include "control/build/build_fault.h"
#include "control/build/builder.h"
#include "control/build/stopwatch.h"
#include "control/image/repack.h"

#include <iterator>
#include <utility>
#include <vector>

namespace dialtone::build {

using image_build::FileEntry;
using image_build::FileTable;
using image_build::ImageChange;

// Copies: one small file must not hold the segment of all devices of an earlier build.
Result<void> Builder::keep_last_good(FileTable& files, FromDevices& made) const {
  const std::vector<std::string> names = last_good(files, made.faults);
  std::vector<std::pair<std::string_view, const FileEntry*>> kept;
  for (const std::string& name : names) {
    kept.emplace_back(name, image_->files().find(name));
  }
  auto copies = image_build::copy_files(kept, config_.huge_pages);
  if (!copies) {
    return copies.error();
  }
  for (auto& [name, entry] : *copies) {
    made.counts.add(name, entry);
    files.put(std::move(name), std::move(entry));
  }
  return {};
}

// Copies, as keep_last_good() makes them.
Result<void> Builder::supply_cnf(const FileTable& files, const CnfOfTypes& amendments,
                                 const HasOwn& has_own, ImageChange& change) const {
  std::vector<std::pair<std::string_view, const FileEntry*>> new_ones;
  for (const auto& [name, of_type] : amendments) {
    if (has_own(name)) {
      continue;
    }
    if (of_type.empty()) {
      change.gone.push_back(name);
    } else {
      new_ones.emplace_back(name, files.find(of_type));
    }
  }
  auto copies = image_build::copy_files(new_ones, config_.huge_pages);
  if (!copies) {
    return copies.error();
  }
  change.put.insert(change.put.end(), std::make_move_iterator(copies->begin()),
                    std::make_move_iterator(copies->end()));
  return {};
}

FileTable Builder::over_assets(FileTable::Files built, const FileTable& assets) const {
  FileTable files(std::move(built), Spread(config_.threads));
  files.reserve(files.size() + assets.size());
  for (const auto& [name, entry] : assets) {
    if (files.find(name) == nullptr) {
      files.put(name, entry);
    }
  }
  return files;
}

Result<Builder::FromDevices> Builder::add_devices(FileTable& files, BuildReport& report) {
  auto all = devices_->build_all(files);
  if (!all) {
    return all.error();
  }
  DIALTONE_TRY(go_on());
  report.devices = all->devices;
  FromDevices made{all->counts, by_file(std::move(all->faults)), {}};
  report.rebuilt = all->files.size();
  files = over_assets(std::move(all->files), files);
  DIALTONE_TRY(keep_last_good(files, made));
  ImageChange change;
  made.cnf_of_types = amended_cnf(all->typed_cnf, {});
  const auto is_there = [&](const std::string& name) { return files.find(name) != nullptr; };
  DIALTONE_TRY(supply_cnf(files, made.cnf_of_types, is_there, change));
  for (auto& [name, entry] : change.put) {
    made.counts.add(name, entry);
    files.put(std::move(name), std::move(entry));
  }
  report.rebuilt += change.put.size();
  return made;
}

Result<BuildReport> Builder::build_all() {
  const Stopwatch watch;
  DIALTONE_TRY(need_database());
  full_due_ = true;
  DIALTONE_TRY(go_on());
  if (before_full_) {
    before_full_();
  }
  BuildReport report{.full = true};
  // The devices' files matter more than the folder; what was read from it before stays, by an
  // earlier process too.
  const auto scanned = assets_.scan();
  if (!scanned && devices_ == nullptr && image_->version() == 0) {
    return scanned.error();
  }
  FileTable files = assets_.files();
  const bool never_read = !scanned && files.size() == 0;
  if (never_read) {
    for (const auto& [name, entry] : image_->files()) {
      if (entry.record().origin == abi::Origin::kAsset) {
        files.put(name, entry);
      }
    }
  }
  FromDevices made;
  if (devices_ != nullptr) {
    auto added = add_devices(files, report);
    if (!added) {
      return added.error();
    }
    made = *std::move(added);
  }
  DIALTONE_TRY(signed_.carry_over(image_->files(), files));
  DIALTONE_TRY(go_on());
  const auto changed = image_->rebase(std::move(files), tell());
  if (!changed) {
    return changed.error();
  }
  if (devices_ != nullptr) {
    trace_.rows.append(devices_->adopt());
    devices_->trim_log();
  }
  counts_ = made.counts;
  build_faults_ = std::move(made.faults);
  cnf_of_types_ = std::move(made.cnf_of_types);
  signed_.plan(image_->files());
  trace_.is_of_all = *changed != 0 && trace_.files.empty();
  full_due_ = never_read;  // nobody knows which of these files are gone
  assets_.adopt(image_->files());
  report.files = *changed;
  report.build_us = watch.us();
  report.faults = faults();
  last_ = report;
  full_builds_ = {full_builds_.count + 1, report.build_us};
  return report;
}

Result<Rehearsal> Builder::rehearse() const {
  const Stopwatch watch;
  DIALTONE_TRY(need_database());
  Rehearsal result{.files = assets_.files()};
  if (database_ != nullptr) {
    // One of its own, on ordinary pages: the huge ones are for what is served.
    auto devices = DeviceBuilder::create(config_.database, *database_, config_.threads,
                                         /*huge_pages=*/false);
    if (!devices) {
      return devices.error();
    }
    (*devices)->set_formats(config_.encoders, config_.build_cnf);
    (*devices)->set_cancelled(config_.cancelled);
    auto all = (*devices)->build_all(result.files);
    if (!all) {
      return all.error();
    }
    result.devices = all->devices;
    result.files = over_assets(std::move(all->files), result.files);
    for (const FileFault& fault : all->faults) {
      result.faults.push_back(build_fault(fault.why));
    }
    for (const std::string& name : last_good(result.files, by_file(std::move(all->faults)))) {
      result.files.put(name, *image_->files().find(name));
    }
    for (const auto& [name, of_type] : amended_cnf(all->typed_cnf, {})) {
      if (result.files.find(name) == nullptr) {
        result.files.put(name, FileEntry(*result.files.find(of_type)));
      }
    }
  }
  // Signatures follow a build: those that are there are no difference.
  if (auto carried = signed_.carry_over(image_->files(), result.files); !carried) {
    return carried.error();
  }
  const Diagnostics assets = assets_.faults(result.files);
  result.faults.insert(result.faults.end(), assets.begin(), assets.end());
  result.build_us = watch.us();
  return result;
}

}  // namespace dialtone::build
