// SPDX-License-Identifier: Apache-2.0
//
// What PostgreSQL's errors mean for a person, in the words that SQLite's have.
#pragma once

#include "dataplane/base/result.h"

#include <libpq-fe.h>

#include <string>
#include <string_view>

namespace dialtone::database {

// "database NAME cannot be reached: WHY; dialtone-control tries again by itself". kFailed.
Error unreachable_error(const std::string& name, std::string_view why);

// "database NAME: MESSAGE, in: DOING". A lock that was waited for in vain is kTimeout, a right that
// the role has not is kPermission, a constraint or a value that cannot be is kRefused.
Error postgres_error(const std::string& name, const PGresult* result, std::string_view doing);

}  // namespace dialtone::database
