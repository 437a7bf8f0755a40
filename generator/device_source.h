// SPDX-License-Identifier: Apache-2.0
//
// Where a build reads its devices: control implements it over SQLite, tests over memory. All calls
// of one build see one snapshot.
#pragma once

#include "dataplane/base/result.h"
#include "generator/records.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace dialtone::generator {

// Row ids first..last, both included.
struct IdRange {
  std::int64_t first = 0;
  std::int64_t last = 0;
};

class DeviceSource {
 public:
  virtual ~DeviceSource() = default;

  // Cuts all devices into ascending ranges that do not overlap, of about `per_range` devices each.
  // Called once for a build, from one thread.
  virtual Result<std::vector<IdRange>> ranges(std::size_t per_range) = 0;

  // Adds the devices of `range`, in ascending order of id, with all that belongs to them, to
  // `batch`, which is empty. Called from many threads at once: an implementation over a database
  // keeps a connection for each. An Error says which device is at fault, where it is one.
  virtual Result<void> read(const IdRange& range, DeviceBatch& batch) = 0;
};

}  // namespace dialtone::generator
