// SPDX-License-Identifier: Apache-2.0
//
// Whether the files of a family can have the parameters of a row that an import has written: of the
// family (family_parameters) and of a model (models.vendor_config). Private to this folder. Cold;
// the thread of the Database.
#pragma once

#include "control/import/shared_tables.h"

namespace dialtone::importing {

Result<std::vector<WrongKey>> check_family_parameter(database::Database& database, std::int64_t id);
Result<std::vector<WrongKey>> check_model_parameters(database::Database& database, std::int64_t id);

}  // namespace dialtone::importing
