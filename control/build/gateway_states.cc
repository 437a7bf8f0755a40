// SPDX-License-Identifier: Apache-2.0
#include "control/build/gateway_states.h"

#include "control/build/asset_builder.h"
#include "control/database/gateway_loader.h"
#include "generator/gateway/gateway_names.h"
#include "generator/shared/shared_files.h"

namespace dialtone::build {
namespace {

using generator::Gateway;
using generator::GatewayKind;

FileState state_of(const std::string& spelled, const image_build::FileTable& files,
                   const GatewayBuilder& built) {
  const std::string name = generator::canonical_file_name(spelled);
  if (!is_built(files, name)) {
    return {spelled, "not built"};
  }
  const GatewayState::File* file = built.find(name);
  return {spelled, file != nullptr && file->unverified ? "unverified" : "served"};
}

// Of a gateway's own: what is served under its name may be the file of a device or of another
// gateway, which is a fault of the build.
FileState own_state(const Gateway& gateway, const image_build::FileTable& files,
                    const GatewayBuilder& built) {
  const std::string spelled = generator::gateway_file_name(gateway);
  const std::string name = generator::canonical_file_name(spelled);
  const image_build::FileEntry* file = files.find(name);
  const bool is_others =
      file != nullptr && (file->record().file_class != abi::FileClass::kGateway ||
                          built.is_of_other(name, gateway.id));
  return is_others ? FileState{spelled, "not built"} : state_of(spelled, files, built);
}

}  // namespace

Result<std::vector<GatewaySummary>> list_gateways(database::Database& database,
                                                  const image_build::FileTable& files,
                                                  const GatewayBuilder& built) {
  std::vector<GatewaySummary> all;
  DIALTONE_TRY(database.for_each(
      "SELECT g.name, g.kind, g.product, g.domain, g.description, p.name, g.template, "
      "(SELECT count(*) FROM gateway_ports o WHERE o.gateway_id = g.id), g.id "
      "FROM gateways g JOIN device_pools p ON p.id = g.pool_id ORDER BY g.name",
      [&](const database::Query& row) {
        Gateway gateway;
        gateway.name = row.text(0);
        gateway.kind = generator::gateway_kind_of(row.text(1)).value_or(GatewayKind::kMgcp);
        gateway.domain = row.text(3);
        gateway.id = row.integer(8);
        all.push_back({gateway.name, std::string(row.text(1)), std::string(row.text(2)),
                       std::string(row.text(4)), std::string(row.text(5)), std::string(row.text(6)),
                       row.integer(7), own_state(gateway, files, built)});
      }));
  return all;
}

Result<std::vector<FileState>> gateway_files(database::Database& database, std::int64_t id,
                                             const image_build::FileTable& files,
                                             const GatewayBuilder& built) {
  std::vector<FileState> all;
  const auto gateway = database::load_gateway(database, {}, id);
  if (!gateway) {
    return gateway.error();
  }
  if (!gateway->has_value()) {
    return all;
  }
  all.push_back(own_state(**gateway, files, built));
  if ((*gateway)->kind != GatewayKind::kSccp) {
    return all;
  }
  for (const generator::GatewayUnit& unit : (*gateway)->units) {
    for (const generator::GatewaySubunit& subunit : unit.subunits) {
      for (const generator::GatewayPort& port : subunit.ports) {
        all.push_back(state_of(port.endpoint + ".cnf.xml", files, built));
      }
    }
  }
  return all;
}

}  // namespace dialtone::build
