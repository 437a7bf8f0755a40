// SPDX-License-Identifier: Apache-2.0
#include "control/database/gateway_files.h"

#include "control/database/text_rules.h"
#include "generator/gateway/gateway_names.h"

namespace dialtone::database {
namespace {

// What a device would be called whose file is that of the gateway.
std::string as_device(std::string_view name, std::string_view kind, std::string_view domain) {
  generator::Gateway gateway;
  gateway.name = name;
  gateway.kind = generator::gateway_kind_of(kind).value_or(generator::GatewayKind::kMgcp);
  gateway.domain = domain;
  return upper_case(generator::full_name(gateway));
}

}  // namespace

Result<GatewayFiles> GatewayFiles::read(Database& database) {
  GatewayFiles files;
  DIALTONE_TRY(database.for_each(
      "SELECT name, kind, domain FROM gateways ORDER BY id", [&](const Query& row) {
        files.owners_.emplace(as_device(row.text(0), row.text(1), row.text(2)), row.text(0));
      }));
  return files;
}

std::string_view GatewayFiles::owner(std::string_view device) const {
  const auto found = owners_.find(upper_case(device));
  return found == owners_.end() ? std::string_view() : std::string_view(found->second);
}

Result<std::string> other_owner(Database& database, std::string_view name) {
  std::string device;
  DIALTONE_TRY(database.for_each(
      "SELECT name, kind, domain FROM gateways WHERE name = ?1",
      [&](const Query& row) { device = as_device(row.text(0), row.text(1), row.text(2)); }, name));
  if (device.empty()) {
    return std::string();
  }
  const auto is_there = database.integer("SELECT 1 FROM devices WHERE name = ?1", device);
  if (!is_there) {
    return is_there.error();
  }
  const std::string file = lower_case(device) + ".cnf.xml";
  if (is_there->has_value()) {
    return "the device " + device + " has the file " + file + "; rename one of them";
  }
  std::string other;
  DIALTONE_TRY(database.for_each(
      "SELECT name, kind, domain FROM gateways WHERE name <> ?1",
      [&](const Query& row) {
        if (as_device(row.text(0), row.text(1), row.text(2)) == device) {
          other = row.text(0);
        }
      },
      name));
  return other.empty()
             ? std::string()
             : "the gateway '" + other + "' has the file " + file + "; rename one of them";
}

}  // namespace dialtone::database
