// SPDX-License-Identifier: Apache-2.0
#include "control/daemon/load_faults.h"

#include "dataplane/abi/canonical_name.h"
#include "dataplane/base/counted.h"

#include <algorithm>
#include <array>
#include <set>

namespace dialtone::daemon {
namespace {

// A list of files, or the load itself, as older models have it (facts: cisco-tftp 8.4).
constexpr auto kEndings = std::to_array<std::string_view>(
    {".loads", "", ".bin", ".sbn", ".sb2", ".sbin", ".zup", ".zz.sgn"});

std::string where(const database::LoadUse& use) {
  return use.own ? use.example : use.model + " " + use.protocol;
}

std::string who(const database::LoadUse& use) {
  return use.own ? use.devices == 1
                       ? "this device asks for it"
                       : counted(use.devices, "device") + " of " + use.model + " ask for it"
                 : counted(use.devices, "phone") + " of this model";
}

}  // namespace

std::string file_of_load(const image_build::FileTable& files, std::string_view load) {
  for (const std::string_view ending : kEndings) {
    abi::CanonicalName name;
    if (abi::canonicalize(std::string(load) + std::string(ending), name) &&
        files.find(name.view()) != nullptr) {
      return std::string(name.view());
    }
  }
  return {};
}

Result<Diagnostics> load_faults(Service& service) {
  Diagnostics faults;
  if (service.database() == nullptr) {
    return faults;
  }
  const auto uses = database::loads_in_use(*service.database());
  if (!uses) {
    return uses.error();
  }
  const image_build::FileTable& files = service.builder().image().files();
  for (const database::LoadUse& use : *uses) {
    if (use.load.empty()) {
      faults.push_back({where(use), 0, 0, "no-load",
                        "its phones are told of no load (" + who(use) +
                            "), and keep what they have; set default_load of the model"});
    } else if (file_of_load(files, use.load).empty()) {
      faults.push_back({where(use), 0, 0, "missing-load",
                        "load " + use.load + " is not served (" + who(use) + "): no " + use.load +
                            ".loads is in the asset folder, or it is held back; put its files "
                            "there (dialtone files put), or name another load"});
    }
  }
  return faults;
}

std::string load_warning(Service& service) {
  if (service.options().assets.empty() || service.database() == nullptr) {
    return {};
  }
  const auto uses = database::loads_in_use(*service.database());
  if (!uses) {
    return {};  // that the database cannot be read is said already
  }
  std::uint64_t devices = 0;
  std::set<std::string> loads;
  std::string first;
  for (const database::LoadUse& use : *uses) {
    if (!use.load.empty() && file_of_load(service.builder().image().files(), use.load).empty()) {
      devices += use.devices;
      loads.insert(use.load);
      first = first.empty() ? use.load + " of " + where(use) : first;
    }
  }
  return loads.empty()
             ? std::string()
             : counted(devices, "device") + " would ask for " + counted(loads.size(), "load") +
                   " not served here (" + first + (loads.size() == 1 ? "" : ", ...") +
                   "); dialtone loads check lists them";
}

}  // namespace dialtone::daemon
