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

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace dialtone::build {

// The .cnf of a device, and the file of its type, whose content it gets unless it has one of its
// own; canonical names.
struct TypedCnf {
  std::string name;
  std::string of_type;
};
// In the transaction of the build that they go with, so that both are of one moment. None when no
// type has a file in `files`.
Result<std::vector<TypedCnf>> read_typed_cnf(database::Database& database,
                                             const image_build::FileTable& files,
                                             generator::BuildCnf policy);

// From the name of a device's .cnf to that of the file whose content it gets; canonical. `ours`: of
// those in `files`, names that an earlier call has given.
using SuppliedCnf = std::map<std::string, std::string, std::less<>>;
SuppliedCnf supplied_cnf(const std::vector<TypedCnf>& typed, const image_build::FileTable& files,
                         const SuppliedCnf& ours);

// "12spdefault.cnf" and the like: a change of one touches other files.
bool is_cnf_name(std::string_view name) noexcept;

}  // namespace dialtone::build
