// SPDX-License-Identifier: Apache-2.0
#include "control/daemon/absence.h"

#include "control/build/device_formats.h"
#include "control/daemon/phone_file_kinds.h"
#include "control/database/device_name.h"
#include "control/database/device_store.h"
#include "control/signing/signable.h"
#include "dataplane/abi/canonical_name.h"
#include "dataplane/base/joined.h"

#include <algorithm>
#include <optional>
#include <vector>

namespace dialtone::daemon {
namespace {

using abi::NameClass;

constexpr std::size_t kMostNames = 5'000;  // that are looked at for a slip of the pen

// "...; did you mean 'ringlist.xml'?" of the files that are there and of no device.
std::string near_name(const Service& service, const std::string& name) {
  const std::string near = nearest_word(name, service.builder().common_names(kMostNames));
  return near.empty() ? std::string() : "; did you mean '" + near + "'?";
}

std::string not_in_folder(const Service& service, const AskedFile& file) {
  const std::string& folder = service.options().assets;
  return (folder.empty() ? "this control serves no folder of files (set 'assets' in [control])"
                         : "the asset folder " + folder + " has no such file") +
         near_name(service, file.plain_name);
}

// "...; did you mean 'SEP001122334455.cnf.xml'?" of a device's name without an ending.
std::string near_device(Service& service, const std::string& name) {
  const auto device = database::device_name(name);
  if (service.database() == nullptr || !device) {
    return {};
  }
  const auto states = build::file_states(*service.database(), service.builder().image().files(),
                                         service.builder().build_cnf(), *device);
  if (!states || states->empty()) {
    return {};
  }
  const auto served = std::ranges::find(*states, "served", &build::FileState::state);
  return "; did you mean '" + (served == states->end() ? states->front() : *served).name + "'?";
}

// Its device is in the database and has no fault: which files it should have, then.
std::string why_no_form(Service& service, const AskedFile& file, const database::Device& device) {
  const auto states = build::file_states(*service.database(), service.builder().image().files(),
                                         service.builder().build_cnf(), device.name);
  if (!states) {
    return states.error().text;
  }
  std::string others;
  for (const build::FileState& state : *states) {
    abi::CanonicalName name;
    if (abi::canonicalize(state.name, name) && name.view() == file.plain_name) {
      return state.state == "no encoder"
                 ? device.name + " should have it, and nothing makes it: set 'encoder_cnf', put " +
                       state.name + " into the asset folder, or set build-cnf none"
                 : device.name + " should have it: " + state.state;
    }
    others += (others.empty() ? "" : ", ") + state.name;
  }
  return device.name + " is a " + device.model + " with " + device.protocol +
         ", whose files are others: " + others;
}

std::string why_no_device_file(Service& service, const AskedFile& file) {
  if (service.database() == nullptr) {
    return service.options().database.empty()
               ? "this control has no device database, and " + not_in_folder(service, file)
               : "the database is not open: " + service.database_error();
  }
  const auto device = database::DeviceStore(*service.database()).find(file.device);
  if (!device) {
    return device.error().text;
  }
  if (file.name_class == NameClass::kTrust) {
    return (*device ? std::string() : "no device " + file.device + " is in the database, and ") +
           not_in_folder(service, file) +
           "; without a trust list a phone goes on as in a non-secure cluster";
  }
  return *device ? why_no_form(service, file, **device)
                 : "no device " + file.device + " is in the database, and " +
                       not_in_folder(service, file);
}

std::string why_no_signed_form(const Service& service, const AskedFile& file,
                               const image_build::FileEntry& plain) {
  const build::SignedFiles& signer = service.builder().signed_files();
  if (!service.options().signing) {
    return "no file is signed here: [signing] of the configuration names no key";
  }
  if (signer.key() == nullptr) {
    const Diagnostics& faults = service.signing_faults();
    return "the signing key cannot be used" +
           (faults.empty() ? std::string() : ": " + to_string(faults.front()));
  }
  return signing::is_signable(file.plain_name, plain)
             ? "its signature is still to be made"
             : file.plain_name + " is no file that is signed here";
}

// Which kind of row makes files of such names; nothing: none does.
std::optional<std::size_t> row_kind(const AskedFile& file) {
  const std::string_view name = file.plain_name;
  // Those of Unified CM have the id of a row for a name, ours the row's own.
  const bool may_be_row = file.name_class == NameClass::kOther && name.ends_with(".xml");
  if (file.name_class == NameClass::kDial || (may_be_row && name.starts_with("dr"))) {
    return kDialPlanKind;
  }
  if (file.name_class != NameClass::kSoftkey && !may_be_row) {
    return std::nullopt;
  }
  return name.starts_with("sk")                    ? std::optional(kSoftkeyKind)
         : name.ends_with("fp.xml") || !may_be_row ? std::optional(kFeaturePolicyKind)
                                                   : std::nullopt;
}

std::string why_no_shared_file(Service& service, const AskedFile& file) {
  if (const auto kind = row_kind(file)) {
    const PhoneFileKind& of = phone_file_kind(*kind);
    return "no " + std::string(of.what) + " has this file (dialtone " + std::string(of.noun) +
           " ls), and " + not_in_folder(service, file);
  }
  switch (file.name_class) {
    case NameClass::kGateway:
      return "no device or gateway of that name has a file, and " + not_in_folder(service, file);
    case NameClass::kInventory:
      return "no list of all files is made, and " + not_in_folder(service, file);
    default: {
      const std::string near = near_device(service, file.plain_name);
      return near.empty() ? not_in_folder(service, file)
                          : "that is the name of a device, and no file's" + near;
    }
  }
}

}  // namespace

std::string why_no_name(std::string_view name) {
  if (!name.empty() && (name.front() == '/' || name.front() == '\\')) {
    name.remove_prefix(1);
  }
  if (name.empty()) {
    return "the name is empty";
  }
  if (name.size() > abi::kMaxNameLength) {
    return "the name has " + std::to_string(name.size()) + " bytes; no file has more than " +
           std::to_string(abi::kMaxNameLength);
  }
  if (std::any_of(name.begin(), name.end(),
                  [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; })) {
    return "a control byte is in the name";
  }
  return "a part of the name between slashes is empty, '.' or '..', and leads out of the folder of "
         "served files or nowhere";
}

std::string why_absent(Service& service, const AskedFile& file) {
  const build::Builder& builder = service.builder();
  const image_build::FileTable& newest = builder.image().files();
  if (newest.find(file.name) != nullptr) {
    const std::string why = service.not_served();
    return "the newest build has it, and it is not served yet" + (why.empty() ? "" : ": " + why);
  }
  if (std::string fault = builder.fault_of(file.plain_name); !fault.empty()) {
    return fault;
  }
  const auto load = builder.loads().find(file.name);
  if (load != builder.loads().end() && !load->second.served) {
    return "the load is held back until all that it lists is there: " +
           joined(load->second.missing, "; ");
  }
  if (file.is_signed_form()) {
    if (const image_build::FileEntry* plain = newest.find(file.plain_name)) {
      return why_no_signed_form(service, file, *plain);
    }
  }
  return file.device.empty() ? why_no_shared_file(service, file)
                             : why_no_device_file(service, file);
}

}  // namespace dialtone::daemon
