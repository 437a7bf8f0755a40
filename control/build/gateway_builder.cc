// SPDX-License-Identifier: Apache-2.0
#include "control/build/gateway_builder.h"

#include "control/build/gateway_render.h"
#include "control/database/references.h"
#include "generator/gateway/gateway_names.h"

#include <set>
#include <utility>

namespace dialtone::build {
namespace {

constexpr std::string_view kOwner = "gateway ";

}  // namespace

std::string fault_owner(std::int64_t gateway) {
  return std::string(kOwner) + std::to_string(gateway);
}

bool is_fault_owner(std::string_view device) noexcept {
  return device.starts_with(kOwner);
}

Result<GatewayFiles> GatewayBuilder::all(database::Database& database,
                                         const database::CampusRows& rows,
                                         const generator::PreparedCampus& prepared) const {
  return GatewayRender(*this, database, rows, prepared).all();
}

Result<GatewayFiles> GatewayBuilder::changed(database::Database& database,
                                             const database::CampusRows& rows,
                                             const generator::PreparedCampus& prepared,
                                             const database::ChangeSet& changes,
                                             const std::vector<std::string>& devices) const {
  GatewayRender render(*this, database, rows, prepared);
  if (changes.all_gateways) {
    return render.all();
  }
  std::set<std::int64_t> ids(changes.gateways.begin(), changes.gateways.end());
  for (const std::string& device : devices) {
    if (const auto owner = owners_.find(generator::canonical_file_name(device + ".cnf.xml"));
        owner != owners_.end()) {
      ids.insert(owner->second);
    }
    const std::string name = generator::gateway_of_endpoint(device);
    if (name.empty()) {
      continue;
    }
    const auto id = database::find_row(database, database::SharedRow::kGateway, name);
    if (!id) {
      return id.error();
    }
    if (id->has_value()) {
      ids.insert(**id);
    }
  }
  // Who lacks a name that another one has may get it by any change.
  if (!ids.empty() || !devices.empty()) {
    ids.insert(contested_.begin(), contested_.end());
  }
  return ids.empty() ? GatewayFiles() : render.some(ids);
}

Result<std::vector<generator::GatewayFault>> GatewayBuilder::faults_of(database::Database& database,
                                                                       std::int64_t id) const {
  const auto rows = database::load_campus(database);
  if (!rows) {
    return rows.error();
  }
  const auto prepared = generator::PreparedCampus::prepare(rows->campus);
  if (!prepared) {
    return prepared.error();
  }
  auto rendered = GatewayRender(*this, database, *rows, *prepared).some({id});
  if (!rendered) {
    return rendered.error();
  }
  return std::move(rendered->each_fault);
}

void GatewayBuilder::adopt(const GatewayStates& rendered) {
  const auto forget = [&](std::int64_t id) {
    if (const auto known = known_.find(id); known != known_.end()) {
      for (const auto& [name, file] : known->second.files) {
        counts_.unverified -= file.unverified ? 1 : 0;
        --counts_.files;
        owners_.erase(name);
      }
      known_.erase(known);
      contested_.erase(id);
    }
  };
  for (const auto& [id, state] : rendered) {
    forget(id);
  }
  for (const auto& [id, state] : rendered) {
    if (!state) {
      continue;
    }
    for (const auto& [name, file] : state->files) {
      counts_.unverified += file.unverified ? 1 : 0;
      ++counts_.files;
      owners_[name] = id;
    }
    known_.emplace(id, *state);
    if (state->is_contested) {
      contested_.insert(id);
    }
  }
  counts_.gateways = known_.size();
}

const GatewayState::File* GatewayBuilder::find(const std::string& name) const {
  const auto owner = owners_.find(name);
  if (owner == owners_.end()) {
    return nullptr;
  }
  const auto& files = known_.at(owner->second).files;
  const auto file = files.find(name);
  return file == files.end() ? nullptr : &file->second;
}

bool GatewayBuilder::is_of_other(const std::string& name, std::int64_t gateway) const {
  const auto owner = owners_.find(name);
  return owner != owners_.end() && owner->second != gateway;
}

}  // namespace dialtone::build
