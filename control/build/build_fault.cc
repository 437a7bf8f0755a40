// SPDX-License-Identifier: Apache-2.0
//
// The part of the builder that knows which files are not as they should be.
#include "control/build/build_fault.h"

#include "control/build/builder.h"
#include "dataplane/abi/canonical_name.h"
#include "generator/device_files.h"

#include <algorithm>
#include <utility>

namespace dialtone::build {

using image_build::FileTable;

FileFault device_fault(std::string_view device, const Error& error) {
  abi::CanonicalName name;
  const bool has_name = generator::device_file_name(generator::DeviceFile::kXml, device, name);
  return {has_name ? std::string(name.view()) : std::string(device), error.text,
          std::string(device)};
}

Diagnostic build_fault(const std::string& why) {
  return {"database", 0, 0, "build", why + "; its last good file, if any, is served on"};
}

Builder::Faults Builder::by_file(std::vector<FileFault> faults) {
  Faults all;
  for (FileFault& fault : faults) {
    all.insert_or_assign(std::move(fault.file),
                         Fault{std::move(fault.why), std::move(fault.device), fault.is_one});
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
    if (fault.device.empty() || fault.is_one || is_fault_owner(fault.device)) {
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

// A row that has had a fault and is no more takes the last good file along, which an earlier
// process may have built.
void Builder::add_removed_rows(ChangedFiles& changed) const {
  if (!changed.shared) {
    return;
  }
  for (const auto& [name, fault] : build_faults_) {
    if (!fault.device.empty()) {
      continue;
    }
    const bool is_there =
        std::any_of(changed.faults.begin(), changed.faults.end(),
                    [&name = name](const FileFault& each) { return each.file == name; }) ||
        std::any_of(changed.files.begin(), changed.files.end(),
                    [&name = name](const auto& file) { return file.first == name; });
    if (!is_there) {
      changed.gone.push_back(name);
    }
  }
}

std::string Builder::fault_of(std::string_view file) const {
  for (const auto& [name, fault] : build_faults_) {
    bool is_of_file = name == file;
    for (const generator::DeviceFile form : generator::kAllDeviceFiles) {
      abi::CanonicalName own;
      is_of_file = is_of_file ||
                   (!fault.device.empty() && !fault.is_one &&
                    generator::device_file_name(form, fault.device, own) && own.view() == file);
    }
    if (is_of_file) {
      return fault.why;
    }
  }
  return {};
}

std::string Builder::fault_of_device(std::string_view device) const {
  const auto found = std::find_if(build_faults_.begin(), build_faults_.end(),
                                  [&](const auto& each) { return each.second.device == device; });
  return found == build_faults_.end() ? std::string() : found->second.why;
}

Diagnostics Builder::database_faults() const {
  Diagnostics all;
  for (const auto& [name, fault] : build_faults_) {
    all.push_back(build_fault(fault.why));
  }
  return all;
}

Diagnostics Builder::faults() const {
  Diagnostics all = assets_.faults(image_->files());
  const Diagnostics of_database = database_faults();
  all.insert(all.end(), of_database.begin(), of_database.end());
  return all;
}

}  // namespace dialtone::build
