// SPDX-License-Identifier: Apache-2.0
//
// The devices of a snapshot for the generator's pipeline, and of a live database for the rebuild of
// a few. read() may be called from many threads; each leases one of the snapshot's connections.
#pragma once

#include "control/database/campus_loader.h"
#include "control/database/snapshot.h"
#include "generator/device_source.h"

#include <cstdint>
#include <span>
#include <vector>

namespace dialtone::database {

class SqliteDeviceSource : public generator::DeviceSource {
 public:
  // `rows` was loaded from snapshot.database(); both outlive this.
  SqliteDeviceSource(Snapshot& snapshot, const CampusRows& rows) noexcept
      : snapshot_(snapshot), rows_(rows) {}

  Result<std::vector<generator::IdRange>> ranges(std::size_t per_range) override;
  Result<void> read(const generator::IdRange& range, generator::DeviceBatch& batch) override;

 private:
  Snapshot& snapshot_;
  const CampusRows& rows_;
};

// Adds the devices of these ids, which ascend; one that is no more is passed over.
Result<void> read_devices(Database& database, const CampusRows& rows,
                          std::span<const std::int64_t> ids, generator::DeviceBatch& batch);

}  // namespace dialtone::database
