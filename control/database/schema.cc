// SPDX-License-Identifier: Apache-2.0
#include "control/database/schema.h"

#include "control/database/embedded_schema.h"
#include "control/database/seed.h"

#include <array>
#include <string>

namespace dialtone::database {
namespace {

// What takes a database from one version to the next. The rows come behind the tables.
struct Step {
  const std::string_view& tables;
  Result<void> (*rows)(Database& database);
};
const std::array<Step, kSchemaVersion> kSteps{{
    {kSchema1Sql, seed_shared_rows},
    {kSchema2Sql, [](Database&) { return Result<void>(); }},
    {kSchema3Sql, [](Database&) { return Result<void>(); }},
    {kSchema4Sql, [](Database&) { return Result<void>(); }},
    {kSchema5Sql, [](Database&) { return Result<void>(); }},
}};

}  // namespace

Result<std::int64_t> schema_version(Database& database) {
  auto version = database.dialect().schema_version(database);
  if (version.ok() && *version > kSchemaVersion) {
    return refused("database " + database.name() +
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
  const Dialect& dialect = database.dialect();
  DIALTONE_TRY(dialect.drop_triggers(database));
  DIALTONE_TRY(dialect.begin_schema(database, *version));
  for (auto step = static_cast<std::size_t>(*version); step < kSteps.size(); ++step) {
    DIALTONE_TRY(database.execute(dialect.tables(kSteps[step].tables)));
    DIALTONE_TRY(kSteps[step].rows(database));
  }
  DIALTONE_TRY(seed_models(database));
  DIALTONE_TRY(dialect.create_triggers(database));
  DIALTONE_TRY(dialect.end_schema(database, kSchemaVersion));
  return transaction->commit();
}

}  // namespace dialtone::database
