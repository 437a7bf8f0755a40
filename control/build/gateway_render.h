// SPDX-License-Identifier: Apache-2.0
//
// One rendering of gateways' files, of all or of some, against what a GatewayBuilder remembers;
// private to it. Use once. One thread; reads the database.
#pragma once

#include "control/build/gateway_builder.h"
#include "control/build/gateway_templates.h"

#include <cstdint>
#include <set>
#include <string>
#include <vector>

namespace dialtone::build {

class GatewayRender {
 public:
  GatewayRender(const GatewayBuilder& builder, database::Database& database,
                const database::CampusRows& rows, const generator::PreparedCampus& prepared)
      : builder_(builder), database_(database), rows_(rows), prepared_(prepared) {}

  Result<GatewayFiles> all();
  Result<GatewayFiles> some(const std::set<std::int64_t>& ids);

 private:
  void drop(std::int64_t id, const GatewayState& state);
  Result<GatewayFiles> finish();
  Result<bool> is_of_device(const std::string& name) const;
  static std::string device_called_like(const std::string& name);
  Result<void> add(generator::Gateway& gateway, const std::set<std::string>& devices);
  Result<void> add_own(generator::Gateway& gateway, GatewayState& state,
                       std::vector<generator::GatewayFault>& faults);
  std::string kept_file(std::int64_t id, const std::string& name) const;
  Result<std::string> render(generator::Gateway& gateway,
                             const generator::GatewayTemplate& program) const;
  Result<bool> check_owner(const generator::Gateway& gateway, const std::string& name,
                           std::vector<generator::GatewayFault>& faults);
  void add_endpoints(const generator::Gateway& gateway, const std::set<std::string>& devices,
                     GatewayState& state);
  void forget(const GatewayState& before, bool has_fault, GatewayState& now);

  const GatewayBuilder& builder_;
  database::Database& database_;
  const database::CampusRows& rows_;
  const generator::PreparedCampus& prepared_;
  GatewayTemplates templates_;
  std::set<std::int64_t> anew_;  // gateways that are rendered now, unless all are
  std::set<std::string> taken_;  // names of files
  GatewayFiles rendered_;
};

}  // namespace dialtone::build
