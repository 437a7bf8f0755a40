// SPDX-License-Identifier: Apache-2.0
#include "control/build/device_formats.h"
#include "control/daemon/build_warnings.h"
#include "control/daemon/row_change.h"
#include "control/database/device_keys.h"
#include "control/database/device_name.h"
#include "control/database/device_store.h"
#include "control/database/family_parameters.h"
#include "dataplane/abi/canonical_name.h"

#include <algorithm>
#include <set>

namespace dialtone::daemon {
namespace {

using database::Device;
using database::DeviceStore;

api::Json device_json(const Device& device) {
  api::Json json = api::Json::object();
  for (const auto& [key, value] : database::keys_of(device)) {
    json[key] = value;
  }
  return json;
}

// What is wrong with one device, all of it: each fault has its code in the reply, and the error
// says it when there is but one.
class DeviceFaults {
 public:
  DeviceFaults(std::string device, Diagnostics& faults)
      : device_(std::move(device)), faults_(faults) {}

  void add(std::string code, const std::string& text) {
    faults_.push_back({device_, 0, 0, std::move(code), text});
  }
  Error add_only(std::string code, Error error) {
    add(std::move(code), error.text);
    return error;
  }
  bool empty() const noexcept { return faults_.empty(); }

  // Of the faults there are; `only`: as it is said when there is one.
  Error error(const std::string& only) const {
    return refused(faults_.size() == 1 ? only
                                       : device_ + ": " + std::to_string(faults_.size()) +
                                             " faults; nothing was saved");
  }
  const std::string& first() const noexcept { return faults_.front().text; }

 private:
  std::string device_;
  Diagnostics& faults_;
};

// The device as it is, with the pairs put into it. The name is no key here.
Result<std::vector<std::string>> edit(Device& device, const Arguments::Pairs& pairs,
                                      DeviceFaults& faults) {
  std::vector<std::string> changed;
  std::set<std::string> given;
  for (const auto& [spelled, value] : pairs) {
    const auto key = database::find_key(spelled);
    if (key && !given.insert(*key).second) {
      faults.add("bad-value", "'" + *key + "' is given twice; give it once");
      continue;
    }
    const Device before = device;
    if (const auto set = database::set_key(device, spelled, value); !set) {
      faults.add("bad-value", set.error().text);
    } else if (!(before == device)) {
      changed.push_back(*key);
    }
  }
  if (!faults.empty()) {
    return faults.error(faults.first());
  }
  return changed;
}

Result<void> write(DeviceStore& store, const Device& device, DeviceFaults& faults) {
  std::vector<database::Fault> wrong;
  const auto outcome = store.write(device, &wrong);
  for (database::Fault& each : wrong) {
    faults.add(std::move(each.code), each.text);
  }
  return outcome         ? Result<void>()
         : wrong.empty() ? Result<void>(outcome.error())
                         : Result<void>(faults.error(outcome.error().text));
}

struct StoredChange {
  Device device;
  std::vector<std::string> keys;  // that differ now
};

// Reads, edits and writes in the one transaction of the change: what another process commits
// meanwhile is either seen or waits, and is never undone.
Result<StoredChange> store_change(database::Database& database, const RowEdit& change, bool is_new,
                                  Diagnostics& all) {
  DeviceFaults faults(change.name, all);
  DeviceStore store(database);
  // One that is to be added must not replace one of its MAC address, whatever that one's model is.
  const auto looked_for =
      is_new ? database::device_name(change.name) : Result<std::string>(change.name);
  if (!looked_for) {
    return looked_for.error();
  }
  auto found = store.find(*looked_for, database::Purpose::kChange);
  if (!found) {
    return found.error();
  }
  if (is_new && *found) {
    return faults.add_only("device-exists", refused("device '" + (*found)->name +
                                                    "' exists already; change it with device set"));
  }
  if (!is_new && !*found) {
    return faults.add_only("unknown-device", store.no_such_device(change.name));
  }
  Device device = *found ? **found : Device{};
  if (is_new) {
    DIALTONE_TRY(database::set_key(device, "name", change.name));
  }
  auto changed = edit(device, change.pairs, faults);
  if (!changed) {
    return changed.error();
  }
  if (*found && device.name != (*found)->name) {
    return refused("a device keeps its name; add '" + device.name + "' and remove '" +
                   (*found)->name + "'");
  }
  DIALTONE_TRY(write(store, device, faults));
  return StoredChange{std::move(device), *std::move(changed)};
}

Result<Answer> change_device(Service& service, const RowEdit& asked, bool is_new,
                             Diagnostics& faults) {
  auto change = begin_change(service);
  if (!change) {
    return change.error();
  }
  auto stored = store_change(*change->database, asked, is_new, faults);
  if (!stored) {
    return stored.error();
  }
  Answer answer;
  const std::string& name = stored->device.name;
  if (auto unknown = database::unknown_parameters(*change->database, name)) {
    answer.warnings = *std::move(unknown);
  }
  add_unbuilt_warnings(service, stored->device, stored->keys, answer);
  answer.result["device"] = name;
  if (!is_new) {
    answer.result["changed"] = stored->keys;
  }
  auto finished = finish_change(service, *change, asked.wait, std::move(answer));
  // Whatever else was built with it, this device was asked for.
  if (const std::string why = service.builder().fault_of_device(name);
      finished.ok() && !why.empty()) {
    return failed("saved, but a file could not be built: " + why +
                  "; its last good one, if any, is served on");
  }
  return finished;
}

Outcome set_or_add(Service& service, const Request& request, bool is_new) {
  const auto change = read_row_edit(request.arguments);
  if (!change) {
    return Refusal{change.error(), {}};
  }
  Diagnostics faults;
  auto answer = change_device(service, *change, is_new, faults);
  return to_outcome(std::move(answer), std::move(faults));
}

// Each device once, "rm A a" means one. What is no device's name may be that of a row all the same.
std::set<std::string> spelled_names(const std::vector<std::string>& names) {
  std::set<std::string> spelled;
  for (const std::string& name : names) {
    const auto one = database::device_name(name);
    spelled.insert(one ? *one : name);
  }
  return spelled;
}

Result<Answer> remove_all(Service& service, const Arguments& arguments) {
  const auto asked = read_row_removal(arguments);
  if (!asked) {
    return asked.error();
  }
  const std::set<std::string> names = spelled_names(asked->names);
  auto change = begin_change(service);
  if (!change) {
    return change.error();
  }
  DeviceStore store(*change->database);
  for (const std::string& name : names) {
    const auto removed = store.remove(name);
    if (!removed) {
      return removed.error();  // of the database, or the name can be none
    }
    if (!*removed) {
      Error missing = store.no_such_device(name);  // with a code of its own if it could not look
      missing.text += "; nothing was removed";
      return missing;
    }
  }
  Answer answer;
  answer.result["removed"] = names.size();
  return finish_change(service, *change, asked->wait, std::move(answer));
}

Result<Answer> list_all(Service& service, const Arguments& arguments) {
  DIALTONE_TRY(arguments.only({"pattern", "pool", "model"}));
  auto pattern = arguments.name_or("pattern", "");
  auto pool = arguments.name_or("pool", "");
  auto model = arguments.name_or("model", "");
  for (const auto* each : {&pattern, &pool, &model}) {
    if (!*each) {
      return each->error();
    }
  }
  auto database = need_database(service);
  if (!database) {
    return database.error();
  }
  auto devices = DeviceStore(**database).list({*pattern, *pool, *model});
  if (!devices) {
    return devices.error();
  }
  Answer answer;
  api::Json list = api::Json::array();
  for (const database::DeviceSummary& device : *devices) {
    list.push_back({{"name", device.name},
                    {"model", device.model},
                    {"protocol", device.protocol},
                    {"pool", device.pool},
                    {"description", device.description},
                    {"lines", device.dns}});
  }
  answer.result["devices"] = std::move(list);
  return answer;
}

Result<Answer> show(Service& service, const Arguments& arguments) {
  const auto asked = asked_row(service, arguments);
  if (!asked) {
    return asked.error();
  }
  DeviceStore store(*asked->database);
  auto device = store.find(asked->name);
  if (!device) {
    return device.error();
  }
  if (!*device) {
    return store.no_such_device(asked->name);
  }
  Answer answer;
  answer.result["device"] = device_json(**device);
  auto files = build::file_states(*asked->database, service.builder().image().files(),
                                  service.builder().build_cnf(), (*device)->name);
  if (!files) {
    return files.error();
  }
  answer.result["files"] = api::Json::array();
  for (const build::FileState& file : *files) {
    abi::CanonicalName name;
    const std::string why = abi::canonicalize(file.name, name)
                                ? service.builder().fault_of(name.view())
                                : std::string();
    const bool is_missing = !why.empty() && file.state == "no encoder";
    answer.result["files"].push_back(
        {{"name", file.name}, {"state", is_missing ? "not built" : file.state}});
    if (!why.empty() &&
        std::find(answer.warnings.begin(), answer.warnings.end(), why) == answer.warnings.end()) {
      answer.warnings.push_back(why);
    }
  }
  // The one that is all of most devices, as it is stored.
  abi::CanonicalName first;
  if (!files->empty() && abi::canonicalize(files->front().name, first)) {
    answer.result["file"] = first.view();
  }
  return answer;
}

}  // namespace

Outcome list_devices(Service& service, const Request& request) {
  return to_outcome(list_all(service, request.arguments));
}

Outcome show_device(Service& service, const Request& request) {
  return to_outcome(show(service, request.arguments));
}

Outcome set_device(Service& service, const Request& request) {
  return set_or_add(service, request, /*is_new=*/false);
}

Outcome add_device(Service& service, const Request& request) {
  return set_or_add(service, request, /*is_new=*/true);
}

Outcome remove_devices(Service& service, const Request& request) {
  return to_outcome(remove_all(service, request.arguments));
}

}  // namespace dialtone::daemon
