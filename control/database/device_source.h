// SPDX-License-Identifier: Apache-2.0
//
// The devices of a snapshot for the generator's pipeline, all of them or chosen ones. read() may be
// called from many threads; each leases one of the snapshot's connections.
#pragma once

#include "control/database/campus_loader.h"
#include "control/database/snapshot.h"
#include "generator/device_source.h"

#include <cstdint>
#include <span>
#include <vector>

namespace dialtone::database {

class AllDeviceSource : public generator::DeviceSource {
 public:
  // `rows` was loaded from snapshot.database(); both outlive this.
  AllDeviceSource(Snapshot& snapshot, const CampusRows& rows) noexcept
      : snapshot_(snapshot), rows_(rows) {}

  Result<std::vector<generator::IdRange>> ranges(std::size_t per_range) override;
  Result<void> read(const generator::IdRange& range, generator::DeviceBatch& batch) override;

 private:
  Snapshot& snapshot_;
  const CampusRows& rows_;
};

class ChosenDeviceSource : public generator::DeviceSource {
 public:
  // `ids` ascend, and outlive this as the others do; one that is no more is passed over.
  ChosenDeviceSource(Snapshot& snapshot, const CampusRows& rows,
                     std::span<const std::int64_t> ids) noexcept
      : snapshot_(snapshot), rows_(rows), ids_(ids) {}

  Result<std::vector<generator::IdRange>> ranges(std::size_t per_range) override;
  // Of the ids, those of the range.
  Result<void> read(const generator::IdRange& range, generator::DeviceBatch& batch) override;

 private:
  Snapshot& snapshot_;
  const CampusRows& rows_;
  std::span<const std::int64_t> ids_;
};

}  // namespace dialtone::database
