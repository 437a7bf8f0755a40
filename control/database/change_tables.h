// SPDX-License-Identifier: Apache-2.0
//
// The one table of tables: under which name a change of a row is logged, and which devices' files
// it touches. The triggers are made from it, and ChangeSet is read with it. A test holds it against
// the schema: to add a table, add it to a new schema_N.sql and a line in change_tables.cc.
#pragma once

#include <span>
#include <string_view>

namespace dialtone::database {

enum class Reach {
  kNothing,      // no file that is built
  kSharedFiles,  // files of shared rows, and no device's
  kDevice,       // this device's files alone
  kGateway,      // this gateway's files alone
  kGateways,     // those of every gateway
  // Files of shared rows, and those of the devices and gateways that `devices_sql` and
  // `gateways_sql` give.
  kShared,
  kParameters,  // every file, if what all files have of it is other than before; else none
  kEverything,  // every file
};

struct ChangeTable {
  std::string_view name;
  std::string_view logged_as;  // itself, or the table of its parent
  std::string_view key;        // the column that is logged as row_id
  Reach reach;
  std::string_view devices_sql;  // kShared: ids of the devices that row ?1 of logged_as touches
  // The same of gateways, whose files have what their device pool has; those of kind sccp have
  // files of phones for their ports besides. Empty: none.
  std::string_view gateways_sql = {};
};

std::span<const ChangeTable> change_tables() noexcept;

}  // namespace dialtone::database
