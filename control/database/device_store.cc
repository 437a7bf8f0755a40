// SPDX-License-Identifier: Apache-2.0
#include "control/database/device_store.h"

#include "control/database/device_check.h"
#include "control/database/device_name.h"
#include "control/database/device_rows.h"
#include "control/database/references.h"
#include "control/database/text_rules.h"
#include "dataplane/base/diagnostic.h"
#include "dataplane/base/printable.h"
#include "generator/family.h"

#include <algorithm>
#include <limits>

namespace dialtone::database {
namespace {

// The patterns that SQLite's GLOB knows; names are stored in upper case.
constexpr std::string_view kListDevices =
    "SELECT d.id, d.name, m.name, m.protocol, p.name, d.description FROM devices d "
    "LEFT JOIN models m ON m.id = d.model_id LEFT JOIN device_pools p ON p.id = d.pool_id "
    "WHERE glob(?1, d.name) AND (?2 = '' OR p.name = ?2) AND (?3 = '' OR m.name = ?3) ORDER BY "
    "d.id";
constexpr std::string_view kListLines =
    "SELECT l.device_id, l.dn FROM lines l JOIN devices d ON d.id = l.device_id "
    "WHERE glob(?1, d.name) ORDER BY l.device_id, l.idx";

}  // namespace

Result<std::size_t> DeviceStore::count() {
  const auto count = database_.integer("SELECT count(*) FROM devices");
  if (!count) {
    return count.error();
  }
  return static_cast<std::size_t>(count->value_or(0));
}

Result<std::vector<DeviceSummary>> DeviceStore::list(const DeviceFilter& filter) {
  if (!filter.pool.empty()) {
    const auto pool = find_row(database_, SharedRow::kPool, filter.pool);
    if (!pool) {
      return pool.error();
    }
    if (!pool->has_value()) {
      const auto text = unknown_row(database_, SharedRow::kPool, filter.pool);
      return text ? refused(*text) : text.error();
    }
  }
  std::string model;
  if (!filter.model.empty()) {
    const auto models = find_models(database_, filter.model);
    if (!models) {
      return models.error();
    }
    if (models->empty()) {
      const auto text = unknown_model(database_, filter.model);
      return text ? refused(*text) : text.error();
    }
    model = models->front().name;
  }
  const std::string pattern = filter.pattern.empty() ? "*" : upper_case(filter.pattern);
  std::vector<DeviceSummary> devices;
  std::unordered_map<std::int64_t, std::size_t> positions;
  DIALTONE_TRY(database_.for_each(
      kListDevices,
      [&](const Query& row) {
        positions.emplace(row.integer(0), devices.size());
        devices.push_back({std::string(row.text(1)),
                           std::string(row.text(2)),
                           std::string(row.text(3)),
                           std::string(row.text(4)),
                           std::string(row.text(5)),
                           {}});
      },
      pattern, filter.pool, model));
  DIALTONE_TRY(database_.for_each(
      kListLines,
      [&](const Query& row) {
        if (const auto found = positions.find(row.integer(0)); found != positions.end()) {
          devices[found->second].dns.emplace_back(row.text(1));
        }
      },
      pattern));
  std::sort(devices.begin(), devices.end(),
            [](const DeviceSummary& a, const DeviceSummary& b) { return a.name < b.name; });
  return devices;
}

Result<std::optional<Device>> DeviceStore::find(std::string_view name, Purpose purpose) {
  const auto spelled = device_name(name);
  if (!spelled) {
    return spelled.error();
  }
  auto stored = read_stored(database_, *spelled, purpose);
  if (!stored) {
    return stored.error();
  }
  if (!stored->has_value()) {
    return std::optional<Device>();
  }
  if (const auto family = family_of_name(name)) {
    const auto of_model = database_.integer(
        "SELECT 1 FROM models WHERE name = ?1 AND protocol = ?2 AND family = ?3",
        (*stored)->device.model, (*stored)->device.protocol, generator::family_name(*family));
    if (!of_model) {
      return of_model.error();
    }
    if (!of_model->has_value()) {
      return std::optional<Device>();  // it is another one's prefix
    }
  }
  return std::optional(std::move((*stored)->device));
}

Result<void> DeviceStore::for_each(const std::function<Result<void>(const Device&)>& visit) {
  constexpr std::int64_t kAtATime = 1000;
  std::int64_t last = std::numeric_limits<std::int64_t>::min();
  for (;;) {
    auto some = read_stored_behind(database_, last, kAtATime);
    if (!some) {
      return some.error();
    }
    if (some->empty()) {
      return {};
    }
    for (StoredDevice& stored : *some) {
      stored.device.changed_s = stored.changed_s;
      DIALTONE_TRY(visit(stored.device));
    }
    last = some->back().id;
  }
}

Error DeviceStore::no_such_device(std::string_view name) {
  const auto spelled = device_name(name);
  if (!spelled) {
    return spelled.error();
  }
  auto devices = list({});
  if (!devices) {
    return devices.error();
  }
  std::vector<std::string_view> names;
  for (const DeviceSummary& device : *devices) {
    names.push_back(device.name);
  }
  if (std::find(names.begin(), names.end(), *spelled) != names.end()) {
    return refused("'" + excerpt(name) + "' would be of another model than " + *spelled +
                   " is; call it " + *spelled);
  }
  // Two MACs of one maker are alike by nature: only a slip of one digit is worth a hint, so words
  // of a third of their length apart are not.
  const std::string near = nearest_word(*spelled, names);
  std::size_t different = 0;
  for (std::size_t i = 0; i < std::min(near.size(), spelled->size()); ++i) {
    different += near[i] != (*spelled)[i];
  }
  const bool hint = !near.empty() && (different <= 2 || near.size() != spelled->size());
  return refused("no device '" + *spelled + "'" +
                 (hint ? "; did you mean '" + near + "'?" : "; `dialtone device ls` lists them"));
}

Result<void> DeviceStore::check_gateways(const std::string& name, std::vector<Fault>& faults) {
  if (is_restore_) {
    return {};
  }
  if (!gateways_) {
    auto read = GatewayFiles::read(database_);
    if (!read) {
      return read.error();
    }
    gateways_ = *std::move(read);
  }
  if (const std::string_view owner = gateways_->owner(name); !owner.empty()) {
    faults.push_back({"duplicate-name",
                      "the gateway '" + std::string(owner) + "' has the file " + lower_case(name) +
                          ".cnf.xml; give the device another name, or remove that gateway first",
                      "name"});
  }
  return {};
}

Result<DeviceStore::WriteOutcome> DeviceStore::write(const Device& device,
                                                     std::vector<Fault>* faults) {
  const auto name = device_name(device.name);
  auto stored = name ? read_stored(database_, *name, Purpose::kChange)
                     : Result<std::optional<StoredDevice>>(std::nullopt);
  if (!stored) {
    return stored.error();
  }
  const auto outcome = put(*stored ? &**stored : nullptr, device, faults);
  if (outcome) {
    DIALTONE_TRY(flush());
  }
  return outcome;
}

Result<DeviceStore::StoredByName> DeviceStore::read(std::span<const std::string> names) {
  auto found = read_stored(database_, names, Purpose::kChange);
  if (!found) {
    return found.error();
  }
  StoredByName by_name;
  for (StoredDevice& each : *found) {
    std::string name = each.device.name;
    by_name.emplace(std::move(name), std::move(each));
  }
  return by_name;
}

Result<DeviceStore::WriteOutcome> DeviceStore::put(const StoredDevice* stored, const Device& device,
                                                   std::vector<Fault>* faults) {
  std::vector<Fault> found;
  auto checked = check_device(known_, device, hints_, found);
  if (!checked) {
    return checked.error();
  }
  if (is_restore_) {
    std::erase_if(found, [](const Fault& fault) { return fault.code == kBadParameter; });
  }
  if (stored == nullptr) {
    DIALTONE_TRY(check_gateways(checked->device.name, found));
  }
  if (found.empty()) {
    return put_checked(stored, *std::move(checked));
  }
  const std::string& name = checked->device.name;
  Error error = refused((name.empty() ? "" : name + ": ") + found.front().text);
  if (faults != nullptr) {
    *faults = std::move(found);
  }
  return error;
}

Result<DeviceStore::WriteOutcome> DeviceStore::put_checked(const StoredDevice* stored,
                                                           CheckedDevice checked) {
  const std::optional<std::int64_t> login = checked.references.em_profile;
  const std::string name = checked.device.name;
  if (stored != nullptr && stored->device.em_profile != checked.device.em_profile &&
      !stored->device.em_profile.empty()) {
    const auto left = known_.find_row(SharedRow::kEmProfile, stored->device.em_profile);
    if (!left) {
      return left.error();
    }
    if (left->has_value()) {
      known_.note_login(**left, "");
    }
  }
  if (login) {
    known_.note_login(*login, name);
  }
  if (stored == nullptr) {
    DIALTONE_TRY(writer_.add(std::move(checked)));
    return WriteOutcome::kAdded;
  }
  const auto changed = writer_.change(*stored, checked);
  if (!changed) {
    return changed.error();
  }
  return *changed ? WriteOutcome::kUpdated : WriteOutcome::kUnchanged;
}

Result<bool> DeviceStore::remove(std::string_view name) {
  constexpr std::string_view kFind = "SELECT id FROM devices WHERE name = ?1";
  const auto spelled = device_name(name);
  auto id = spelled ? database_.integer(kFind, *spelled)
                    : Result<std::optional<std::int64_t>>(std::nullopt);
  if (id.ok() && !id->has_value()) {
    id = database_.integer(kFind, name);
  }
  if (!id) {
    return id.error();
  }
  if (!id->has_value()) {
    return spelled ? Result<bool>(false) : spelled.error();
  }
  DIALTONE_TRY(database_.run("DELETE FROM devices WHERE id = ?1", **id));
  return true;
}

}  // namespace dialtone::database
