// SPDX-License-Identifier: Apache-2.0
#include "control/database/gateway_endpoints.h"

#include "control/database/derived.h"

#include <algorithm>

namespace dialtone::database {
namespace {

using namespace generator;

std::uint32_t analog_phone(const CampusRows& rows) {
  const auto& models = rows.campus.models;
  const auto found = std::find_if(models.begin(), models.end(), [](const PhoneModel& model) {
    return model.number == kAnalogPhone && model.protocol == Protocol::kSccp;
  });
  return found == models.end() ? kNoRow : static_cast<std::uint32_t>(found - models.begin());
}

std::uint32_t of_pool(const std::vector<std::uint32_t>& locales, std::uint32_t pool) {
  return pool < locales.size() ? locales[pool] : kNoRow;
}

}  // namespace

void add_endpoint(const CampusRows& rows, const Gateway& gateway, const GatewayPort& port,
                  DeviceBatch& batch) {
  // Of devices that name none; seed.cc makes them.
  constexpr std::int64_t kDefaultRow = 1;
  const std::size_t at = batch.devices().size();
  DeviceRecord& device = batch.add_device();
  device.name = batch.text(port.endpoint);
  device.description =
      batch.text(port.description.empty() ? gateway.description : port.description);
  // No row says when the port itself has changed: a change of its gateway or of another port must
  // not give its phone another stamp, which would start it anew.
  device.changed_s = 0;
  device.model = analog_phone(rows);
  device.pool = gateway.pool;
  device.common_profile = rows.common_profiles[kDefaultRow];
  device.sip_profile = rows.sip_profiles[kDefaultRow];
  device.security_profile = rows.security_profiles[kDefaultRow];
  device.user_locale = of_pool(rows.pool_user_locales, gateway.pool);
  device.network_locale = of_pool(rows.pool_network_locales, gateway.pool);
  device.uuid = derived_uuid("device:" + port.endpoint);
  if (!port.dn.empty()) {
    LineRecord& line = batch.add_line(at);
    line.dn = batch.text(port.dn);
    line.display = device.description;
    line.contact = derived_uuid("line:" + port.endpoint + ":1");
  }
  StampText scratch;
  DeviceRecord& added = batch.devices()[at];
  added.stamp = device_stamp(rows, batch, added, scratch);
}

Result<std::set<std::string>> devices_at_ports(Database& database, const Gateway& gateway) {
  std::set<std::string> names;
  for (const GatewayUnit& unit : gateway.units) {
    for (const GatewaySubunit& subunit : unit.subunits) {
      for (const GatewayPort& port : subunit.ports) {
        const auto found = database.integer("SELECT 1 FROM devices WHERE name = ?1", port.endpoint);
        if (!found) {
          return found.error();
        }
        if (found->has_value()) {
          names.insert(port.endpoint);
        }
      }
    }
  }
  return names;
}

Result<std::set<std::string>> devices_at_ports(Database& database) {
  std::set<std::string> names;
  DIALTONE_TRY(database.for_each("SELECT name FROM devices WHERE name >= 'AN' AND name < 'AO'",
                                 [&](const Query& row) { names.emplace(row.text(0)); }));
  return names;
}

}  // namespace dialtone::database
