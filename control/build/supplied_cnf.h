// SPDX-License-Identifier: Apache-2.0
//
// .cnf files that an administrator supplies for a whole type: <type>default.cnf in the asset folder
// (12SPdefault.cnf) is served to each device of that type, under its own name, that has no
// SEP<MAC>.cnf of its own. Facts: cisco-tftp 6. Cold; one thread.
#pragma once

#include "control/database/database.h"
#include "control/image/file_table.h"
#include "dataplane/base/result.h"
#include "generator/shared_rows.h"

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace dialtone::build {

// The .cnf of a device, and the file of its type, whose content it gets unless it has one of its
// own; canonical names. An empty `of_type`: it gets none, or the device is no more.
struct TypedCnf {
  std::string name;
  std::string of_type;
};
// Of all devices that get one. In the transaction of the build that they go with, so that both are
// of one moment. None when no type has a file in `files`.
Result<std::vector<TypedCnf>> read_typed_cnf(database::Database& database,
                                             const image_build::FileTable& files,
                                             generator::BuildCnf policy);
// The same of what a change touches: each of the devices `ids`, which gets one or not.
Result<std::vector<TypedCnf>> read_typed_cnf(database::Database& database,
                                             const image_build::FileTable& files,
                                             generator::BuildCnf policy,
                                             std::span<const std::int64_t> ids);

// From the name of a device's .cnf to that of the file of its type; canonical. Also of devices that
// have one of their own: theirs may go.
using CnfOfTypes = std::map<std::string, std::string, std::less<>>;
// What of `typed` differs from `ours`; to an empty name: it is of no type any more.
CnfOfTypes amended_cnf(const std::vector<TypedCnf>& typed, const CnfOfTypes& ours);
void amend(CnfOfTypes& ours, const CnfOfTypes& amendments);

// "12spdefault.cnf" and the like: a change of one touches many other files.
bool is_cnf_of_type(std::string_view name);

}  // namespace dialtone::build
