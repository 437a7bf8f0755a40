// SPDX-License-Identifier: Apache-2.0
#include "control/database/schema.h"

#include "control/database/change_tables.h"
#include "control/database/embedded_schema.h"
#include "control/database/seed.h"

#include <array>
#include <string>

namespace dialtone::database {
namespace {

constexpr std::int64_t kApplicationId = 0x4469616c;  // "Dial", for file(1)

// What takes a database from one version to the next. The rows come behind the tables.
struct Step {
  const std::string_view& tables;
  Result<void> (*rows)(Database& database);
};
const std::array<Step, kSchemaVersion> kSteps{{
    {kSchema1Sql, seed_shared_rows},
    {kSchema2Sql, [](Database&) { return Result<void>(); }},
}};

Result<std::int64_t> number(Database& database, std::string_view sql) {
  const auto value = database.integer(sql);
  if (!value) {
    // The first read of a file that is none of SQLite's.
    return value.error().code == ErrorCode::kRefused
               ? refused("database " + database.path() + " is no SQLite database")
               : value.error();
  }
  return value->value_or(0);
}

}  // namespace

Result<std::int64_t> schema_version(Database& database) {
  const auto tables = number(database, "SELECT count(*) FROM sqlite_schema");
  if (!tables) {
    return tables.error();
  }
  const auto application = number(database, "PRAGMA application_id");
  if (!application) {
    return application.error();
  }
  if (*application == 0 && *tables == 0) {
    return 0;
  }
  if (*application != kApplicationId) {
    return refused("database " + database.path() + " belongs to another program");
  }
  auto version = number(database, "PRAGMA user_version");
  if (version.ok() && *version > kSchemaVersion) {
    return refused("database " + database.path() +
                   " was made by a newer version of Dialtone (schema " + std::to_string(*version) +
                   ", this program knows " + std::to_string(kSchemaVersion) +
                   "); use that version");
  }
  return version;
}

Result<void> bring_to_schema(Database& database) {
  auto transaction = Transaction::begin(database);
  if (!transaction) {
    return transaction.error();
  }
  const auto version = schema_version(database);
  if (!version) {
    return version.error();
  }
  if (*version == kSchemaVersion) {
    return {};
  }
  DIALTONE_TRY(drop_triggers(database));
  for (auto step = static_cast<std::size_t>(*version); step < kSteps.size(); ++step) {
    DIALTONE_TRY(database.execute(std::string(kSteps[step].tables)));
    DIALTONE_TRY(kSteps[step].rows(database));
  }
  DIALTONE_TRY(seed_models(database));
  DIALTONE_TRY(create_triggers(database));
  DIALTONE_TRY(database.execute("PRAGMA application_id = " + std::to_string(kApplicationId)));
  DIALTONE_TRY(database.execute("PRAGMA user_version = " + std::to_string(kSchemaVersion)));
  return transaction->commit();
}

}  // namespace dialtone::database
