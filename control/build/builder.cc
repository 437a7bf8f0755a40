// SPDX-License-Identifier: Apache-2.0
#include "control/build/builder.h"

#include "control/image/repack.h"
#include "control/signing/signable.h"
#include "dataplane/abi/canonical_name.h"
#include "dataplane/abi/events_page.h"
#include "generator/device_files.h"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <set>
#include <utility>
#include <vector>

namespace dialtone::build {
namespace {

using image_build::FileEntry;
using image_build::FileTable;
using image_build::ImageChange;

class Stopwatch {
 public:
  std::uint64_t us() const {
    return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::microseconds>(
                                          std::chrono::steady_clock::now() - begin_)
                                          .count());
  }

 private:
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
};

Diagnostic build_fault(const std::string& why) {
  return {"database", 0, 0, "build", why + "; its last good file, if any, is served on"};
}

}  // namespace

Builder::Builder(BuildConfig config)
    : config_(std::move(config)),
      assets_(config_.assets, config_.huge_pages, config_.hold_loads),
      image_(std::make_unique<image_build::Image>(config_.huge_pages)) {}

Result<Builder> Builder::create(BuildConfig config, database::Database* database) {
  Builder builder(std::move(config));
  if (database != nullptr) {
    DIALTONE_TRY(builder.open_database(*database));
  }
  return builder;
}

Result<void> Builder::open_database(database::Database& database) {
  auto made =
      DeviceBuilder::create(config_.database, database, config_.threads, config_.huge_pages);
  if (!made) {
    return made.error();
  }
  devices_ = *std::move(made);
  devices_->set_formats(config_.encoders, config_.build_cnf);
  database_ = &database;
  return {};
}

Result<void> Builder::restore(const image_build::ImageParts& parts) {
  DIALTONE_TRY(image_->restore(parts));
  counts_ = {};
  for (const auto& [name, entry] : image_->files()) {
    counts_.add(name, entry);
  }
  return {};
}

// Without its devices an image would take all their files away.
Result<void> Builder::need_database() const {
  if (devices_ == nullptr && !config_.database.empty()) {
    return failed("the database " + config_.database + " is not open");
  }
  return {};
}

Builder::Faults Builder::by_file(std::vector<FileFault> faults) {
  Faults all;
  for (FileFault& fault : faults) {
    all.insert_or_assign(std::move(fault.file),
                         Fault{std::move(fault.why), std::move(fault.device)});
  }
  return all;
}

// Files that faults keep out of `files`, and that were built before.
std::vector<std::string> Builder::last_good(const FileTable& files, const Faults& faults) const {
  std::vector<std::string> names;
  const auto add = [&](std::string_view name) {
    if (files.find(name) == nullptr && is_built(image_->files(), name)) {
      names.emplace_back(name);
    }
  };
  for (const auto& [file, fault] : faults) {
    if (fault.device.empty() || is_fault_owner(fault.device)) {
      add(file);
      continue;
    }
    for (const generator::DeviceFile form : generator::kAllDeviceFiles) {
      abi::CanonicalName name;
      if (generator::device_file_name(form, fault.device, name)) {
        add(name.view());
      }
    }
  }
  return names;
}

// Copies: one small file must not hold the segment of all devices of an earlier build.
Result<void> Builder::keep_last_good(FileTable& files, FileCounts& counts) {
  const std::vector<std::string> names = last_good(files, build_faults_);
  std::vector<std::pair<std::string_view, const FileEntry*>> kept;
  for (const std::string& name : names) {
    kept.emplace_back(name, image_->files().find(name));
  }
  auto copies = image_build::copy_files(kept, config_.huge_pages);
  if (!copies) {
    return copies.error();
  }
  for (auto& [name, entry] : *copies) {
    counts.add(name, entry);
    files.put(std::move(name), std::move(entry));
  }
  return {};
}

// Copies, as keep_last_good() makes them. What was supplied and is not wanted any more is gone.
Result<void> Builder::supply_cnf(const FileTable& files, ImageChange& change) {
  auto wanted = supplied_cnf(*database_, files, supplied_, devices_->policy());
  if (!wanted) {
    return wanted.error();
  }
  std::vector<std::pair<std::string_view, const FileEntry*>> new_ones;
  for (const auto& [name, from] : *wanted) {
    if (const auto before = supplied_.find(name);
        before == supplied_.end() || before->second != from) {
      new_ones.emplace_back(name, files.find(from));
    }
  }
  auto copies = image_build::copy_files(new_ones, config_.huge_pages);
  if (!copies) {
    return copies.error();
  }
  change.put.insert(change.put.end(), std::make_move_iterator(copies->begin()),
                    std::make_move_iterator(copies->end()));
  for (const auto& [name, from] : supplied_) {
    if (!wanted->contains(name)) {
      change.gone.push_back(name);
    }
  }
  supplied_ = *std::move(wanted);
  return {};
}

Result<void> Builder::add_devices(FileTable& files, BuildReport& report, FileCounts& counts) {
  auto all = devices_->build_all();
  if (!all) {
    return all.error();
  }
  trace_.rows.append(all->span);
  report.devices = all->devices;
  build_faults_ = by_file(std::move(all->faults));
  counts = all->counts;
  files.reserve(files.size() + all->files.size());
  for (auto& [name, entry] : all->files) {
    files.put(std::move(name), std::move(entry));
  }
  DIALTONE_TRY(keep_last_good(files, counts));
  supplied_.clear();
  ImageChange supplied;
  DIALTONE_TRY(supply_cnf(files, supplied));
  for (auto& [name, entry] : supplied.put) {
    counts.add(name, entry);
    files.put(std::move(name), std::move(entry));
  }
  report.rebuilt = all->files.size() + supplied.put.size();
  devices_->trim_log();
  return {};
}

Result<BuildReport> Builder::build_all() {
  const Stopwatch watch;
  DIALTONE_TRY(need_database());
  full_due_ = true;
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
  FileCounts counts;
  if (devices_ != nullptr) {
    DIALTONE_TRY(add_devices(files, report, counts));
  }
  DIALTONE_TRY(signed_.carry_over(image_->files(), files));
  const auto changed = image_->rebase(std::move(files), tell());
  if (!changed) {
    return changed.error();
  }
  counts_ = counts;
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

database::LoggedSpan Builder::unbuilt() const {
  database::LoggedSpan rows = trace_.rows;
  if (devices_ != nullptr) {
    rows.append(devices_->unbuilt());
  }
  return rows;
}

image_build::ChangedFile Builder::tell() {
  return [this](std::string_view name, bool is_gone) {
    (is_gone ? trace_.gone : trace_.changed).push_back(abi::event_name_hash(name));
    if (trace_.files.size() < BuildTrace::kNamed) {
      trace_.files.emplace_back(name);
    }
  };
}

// A device that is built or gone has no fault any more.
void Builder::note_devices(const ChangedFiles& changed) {
  for (const auto& [name, entry] : changed.files) {
    build_faults_.erase(name);
  }
  for (const std::string& name : changed.gone) {
    build_faults_.erase(name);
  }
  for (const std::string& device : changed.settled) {
    std::erase_if(build_faults_, [&](const auto& each) { return each.second.device == device; });
  }
  for (const auto& [id, state] : changed.gateways.states) {
    const std::string owner = fault_owner(id);
    std::erase_if(build_faults_, [&](const auto& each) { return each.second.device == owner; });
  }
  for (const FileFault& fault : changed.faults) {
    build_faults_.insert_or_assign(fault.file, Fault{fault.why, fault.device});
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

void Builder::note_trace(const ChangedFiles& changed) {
  trace_.rows.append(changed.span);
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
  auto changed = devices_->build_changed();
  if (!changed) {
    return changed.error();
  }
  if (changed->everything) {
    return build_all();
  }
  devices_->trim_log();
  note_devices(*changed);
  BuildReport report{.devices = changed->devices, .rebuilt = count_rebuilt(*changed)};
  note_trace(*changed);
  for (const FileFault& fault : changed->faults) {
    report.faults.push_back(build_fault(fault.why));
  }
  // Names that a device could have had are mostly of files that never were.
  std::erase_if(changed->gone,
                [&](const std::string& name) { return !is_built(image_->files(), name); });
  ImageChange change;
  DIALTONE_TRY(supply_cnf(image_->files(), change));
  if (changed->files.empty() && changed->gone.empty() && change.put.empty() &&
      change.gone.empty()) {
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
    last_.build_us = done->build_us = watch.us();
  }
  return done;
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
  const auto is_cnf = [](const auto& file) { return is_cnf_name(file.first); };
  if (devices_ != nullptr &&
      (std::any_of(change->put.begin(), change->put.end(), is_cnf) ||
       std::any_of(change->gone.begin(), change->gone.end(),
                   [](const std::string& name) { return is_cnf_name(name); }))) {
    full_due_ = true;  // one of a type goes to many devices
    return build_all();
  }
  const auto hidden = [&](const auto& file) { return is_built(image_->files(), file.first); };
  std::erase_if(change->put, hidden);
  std::erase_if(change->gone,
                [&](const std::string& name) { return is_built(image_->files(), name); });
  auto done = put(*std::move(change), {.faults = assets_.faults(image_->files())});
  if (done && done->files != 0) {
    last_.build_us = done->build_us = watch.us();
  }
  assets_.adopt(image_->files());
  return done;
}

Result<BuildReport> Builder::put(ImageChange change, BuildReport report) {
  full_due_ = true;
  FileCounts counts = counts_;
  counts.follow(image_->files(), change);
  signed_.amend(image_->files(), change);
  const auto files = image_->apply(std::move(change), tell());
  if (!files) {
    signed_.distrust();
    return files.error();
  }
  counts_ = counts;
  full_due_ = false;
  report.files = *files;
  if (image_->wants_compact()) {
    // The change is in the image either way; the next one asks again.
    if (const auto compacted = image_->compact(); compacted) {
      assets_.adopt(image_->files());
    } else {
      report.faults.push_back({"image", 0, 0, "compact", compacted.error().text});
    }
  }
  if (report.files != 0 || report.devices != 0) {
    last_ = report;
  }
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
    auto all = (*devices)->build_all();
    if (!all) {
      return all.error();
    }
    result.devices = all->devices;
    for (auto& [name, entry] : all->files) {
      result.files.put(std::move(name), std::move(entry));
    }
    for (const FileFault& fault : all->faults) {
      result.faults.push_back(build_fault(fault.why));
    }
    for (const std::string& name : last_good(result.files, by_file(std::move(all->faults)))) {
      result.files.put(name, *image_->files().find(name));
    }
    const auto supplied = supplied_cnf(*database_, result.files, {}, (*devices)->policy());
    if (!supplied) {
      return supplied.error();
    }
    for (const auto& [name, from] : *supplied) {
      result.files.put(name, FileEntry(*result.files.find(from)));
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

std::string Builder::fault_of(std::string_view file) const {
  for (const auto& [name, fault] : build_faults_) {
    bool is_of_file = name == file;
    for (const generator::DeviceFile form : generator::kAllDeviceFiles) {
      abi::CanonicalName own;
      is_of_file = is_of_file ||
                   (!fault.device.empty() && generator::device_file_name(form, fault.device, own) &&
                    own.view() == file);
    }
    if (is_of_file) {
      return fault.why;
    }
  }
  return {};
}

std::string Builder::asset_of(std::string_view file) const {
  std::string name(file);
  if (assets_.files().find(name) == nullptr && name.ends_with(signing::kSuffix)) {
    name.resize(name.size() - signing::kSuffix.size());
  }
  const auto supplied = supplied_.find(name);
  return assets_.spelled(supplied == supplied_.end() ? name : supplied->second);
}

std::vector<std::string_view> Builder::common_names(std::size_t most) const {
  std::vector<std::string_view> names;
  for (const auto& [name, entry] : assets_.files()) {
    if (names.size() == most) {
      break;
    }
    names.push_back(name);
  }
  if (devices_ != nullptr) {
    const std::set<std::string>& shared = devices_->shared_names();
    for (auto name = shared.begin(); name != shared.end() && names.size() < 2 * most; ++name) {
      names.push_back(*name);
    }
  }
  return names;
}

Diagnostics Builder::faults() const {
  Diagnostics all = assets_.faults(image_->files());
  for (const auto& [name, fault] : build_faults_) {
    all.push_back(build_fault(fault.why));
  }
  return all;
}

}  // namespace dialtone::build
