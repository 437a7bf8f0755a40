// SPDX-License-Identifier: Apache-2.0
//
// The first rows of a new database: what the first device and the first import refer to.
#pragma once

#include "control/database/database.h"
#include "dataplane/base/result.h"

namespace dialtone::database {

// Names that a device gets when it names none.
inline constexpr const char* kDefaultPool = "Default";
inline constexpr const char* kDefaultCommonProfile = "Standard Common Phone Profile";
inline constexpr const char* kDefaultSipProfile = "Standard SIP Profile";
inline constexpr const char* kDefaultSecurityProfile = "Standard non-secure";

// In the caller's transaction. The shared rows on empty tables; the models that the catalogue has
// and the table has not.
Result<void> seed_shared_rows(Database& database);
Result<void> seed_models(Database& database);

}  // namespace dialtone::database
