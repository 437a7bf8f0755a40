// SPDX-License-Identifier: Apache-2.0
//
// Writes the rows of devices that were checked, those of many with one statement for each table:
// what is put waits for flush(). Rows that are as they were are not written. Cold; the thread of
// the Database, inside the caller's transaction.
#pragma once

#include "control/database/checked_device.h"
#include "control/database/database.h"
#include "control/database/device_rows.h"
#include "control/database/many_rows.h"
#include "dataplane/base/result.h"

#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <vector>

namespace dialtone::database {

class DeviceWriter {
 public:
  explicit DeviceWriter(Database& database) noexcept;

  // One that is not there yet.
  Result<void> add(CheckedDevice checked);

  // Makes the stored one equal to it; true when that takes anything.
  Result<bool> change(const StoredDevice& stored, const CheckedDevice& checked);

  // Writes all that was put since the last one.
  Result<void> flush();

 private:
  Result<void> make_room(const Device& device);
  Result<void> insert_new();
  bool put_children(std::int64_t id, const Device& old, const Device& device,
                    const DeviceReferences& references);
  bool put_lines(std::int64_t id, const Device& old, const Device& device,
                 const DeviceReferences& references);
  bool put_speed_dials(std::int64_t id, const Device& old, const Device& device);
  bool put_modules(std::int64_t id, const Device& old, const Device& device);
  bool put_vendor(std::int64_t id, const Device& old, const Device& device);

  Database& database_;
  std::size_t waiting_ = 0;            // devices
  std::vector<CheckedDevice> new_;     // they have no id yet
  std::set<std::string> left_logins_;  // device profiles that a waiting change leaves
  ManyRows changed_own_rows_;
  ManyRows new_own_rows_;
  ManyRows gone_lines_;
  ManyRows gone_speed_dials_;
  ManyRows gone_modules_;
  ManyRows gone_vendor_;
  ManyRows lines_;
  ManyRows speed_dials_;
  ManyRows modules_;
  ManyRows vendor_;
  ManyRows times_;
};

}  // namespace dialtone::database
