// SPDX-License-Identifier: Apache-2.0
//
// The files that gateways should have, and what is there, for `gateway ls` and `show`. Cold; one
// thread.
#pragma once

#include "control/build/device_formats.h"
#include "control/build/gateway_builder.h"
#include "control/database/database.h"
#include "control/image/file_table.h"
#include "dataplane/base/result.h"

#include <cstdint>
#include <string>
#include <vector>

namespace dialtone::build {

struct GatewaySummary {
  std::string name;
  std::string kind;
  std::string product;
  std::string description;
  std::string pool;
  std::string own_template;
  std::int64_t ports = 0;
  FileState file;  // "served", "unverified", "not built"
};

// In order of name.
Result<std::vector<GatewaySummary>> list_gateways(database::Database& database,
                                                  const image_build::FileTable& files,
                                                  const GatewayBuilder& built);

// Of one gateway, which is there: its own first, then those of its ports.
Result<std::vector<FileState>> gateway_files(database::Database& database, std::int64_t id,
                                             const image_build::FileTable& files,
                                             const GatewayBuilder& built);

}  // namespace dialtone::build
