// SPDX-License-Identifier: Apache-2.0
//
// The devices of a database as documents: read, list, write, remove. Writers hold a Transaction
// around their calls; one that has failed must not be committed. Cold; the thread of the Database,
// which must outlive the store. A name is taken in any spelling (device_name.h).
#pragma once

#include "control/database/checked_device.h"
#include "control/database/database.h"
#include "control/database/device.h"
#include "control/database/device_rows.h"
#include "control/database/device_writer.h"
#include "control/database/gateway_files.h"
#include "control/database/known_rows.h"
#include "dataplane/base/result.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace dialtone::database {

struct DeviceFilter {
  std::string pattern;  // a glob on the name, any case; empty: all
  std::string pool;     // empty: any
  std::string model;    // "Cisco 7965" or "7965"; empty: any
};

struct DeviceSummary {
  std::string name;
  std::string model;
  std::string protocol;
  std::string pool;
  std::string description;
  std::vector<std::string> dns;
};

class DeviceStore {
 public:
  enum class WriteOutcome { kAdded, kUpdated, kUnchanged };

  explicit DeviceStore(Database& database) noexcept
      : database_(database), known_(database), writer_(database) {}

  Result<std::size_t> count();

  // In order of name. A pool or model that does not exist is refused.
  Result<std::vector<DeviceSummary>> list(const DeviceFilter& filter);

  // Nothing when there is none of that name.
  Result<std::optional<Device>> find(std::string_view name, Purpose purpose = Purpose::kRead);

  // All of them in order of id, some at a time, each with the time of its last change. The caller
  // holds a Transaction when they are to be of one moment. An Error of `visit` ends it.
  Result<void> for_each(const std::function<Result<void>(const Device&)>& visit);

  // "no device 'SEP...'; did you mean ...", for the one that find() or remove() did not find.
  Error no_such_device(std::string_view name);

  // Adds the device, or makes the stored one equal to it by writing the rows that differ. Refused:
  // references that lead nowhere, a protocol that the model does not speak, lines beyond the
  // model's buttons, parameters that its file cannot have, what is incomplete, and a new device
  // whose file a gateway has; `faults`, when given, gets all of that.
  Result<WriteOutcome> write(const Device& device, std::vector<Fault>* faults = nullptr);

  // write() for many: those of `names`, which device_name() gave, are read together, by name; each
  // is put with what is stored of it (null: it is new), once; and flush() writes what was put. A
  // put may write what was put before. Shared rows must stay as they are while the store lives.
  using StoredByName = std::unordered_map<std::string, StoredDevice>;
  Result<StoredByName> read(std::span<const std::string> names);
  Result<WriteOutcome> put(const StoredDevice* stored, const Device& device,
                           std::vector<Fault>* faults = nullptr);
  Result<void> flush() { return writer_.flush(); }

  // Whether write() and put() look for what was probably meant, as it does at first. It takes time.
  void give_hints(bool hints) noexcept { hints_ = hints; }

  // From then on write() takes devices whose file a gateway has, or cannot be built for a wrong
  // parameter, as a restore must: they were so.
  void restore() noexcept { is_restore_ = true; }

  // False when there was none. A row that another program has given a name that is none of a device
  // is removed by that very name.
  Result<bool> remove(std::string_view name);

 private:
  Result<WriteOutcome> put_checked(const StoredDevice* stored, CheckedDevice checked);
  Result<void> check_gateways(const std::string& name, std::vector<Fault>& faults);

  Database& database_;
  KnownRows known_;
  DeviceWriter writer_;
  bool hints_ = true;
  bool is_restore_ = false;
  std::optional<GatewayFiles> gateways_;  // as they were when the first new device was written
};

}  // namespace dialtone::database
