// SPDX-License-Identifier: Apache-2.0
//
// Device rows into a batch: one cursor over the devices of an id range, or of chosen ids, one over
// each kind of child, merged by device id. This is the read side of a build: 2 us a device of a
// range. The thread of the Database.
#pragma once

#include "control/database/campus_loader.h"
#include "control/database/database.h"
#include "dataplane/base/result.h"
#include "generator/device_source.h"

#include <cstdint>
#include <span>

namespace dialtone::database {

// Adds the devices of `range`, in order of id, with what belongs to them. A reference that leads
// nowhere is left for the renderer to refuse, with the device's name.
Result<void> read_range(Database& database, const CampusRows& rows, const generator::IdRange& range,
                        generator::DeviceBatch& batch);

// The same of these ids, which ascend; one that is no more is passed over.
Result<void> read_devices(Database& database, const CampusRows& rows,
                          std::span<const std::int64_t> ids, generator::DeviceBatch& batch);

}  // namespace dialtone::database
