// SPDX-License-Identifier: Apache-2.0
//
// Parameters of 7940 and 7960 with SIP that no firmware is known to read: they are written as they
// are, and said. (Of 7905, 7912 and ATA 18x they are faults.) Cold; the thread of the Database.
#pragma once

#include "control/database/database.h"
#include "dataplane/base/result.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dialtone::database {

// A sentence for each: of the family and of all devices, or of the one of this name.
Result<std::vector<std::string>> unknown_parameters(Database& database,
                                                    std::string_view device = {});

// Those of all devices for who asks again and again: they are read anew only when the change log
// has grown, since that takes every row of vendor_overrides.
class UnknownParameters {
 public:
  // In force until the next call; as new as what a build of this moment would read.
  Result<const std::vector<std::string>*> of_all(Database& database);

 private:
  std::optional<std::int64_t> read_at_;  // the newest change before the texts were read
  std::vector<std::string> texts_;
};

}  // namespace dialtone::database
