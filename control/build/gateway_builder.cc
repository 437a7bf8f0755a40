// SPDX-License-Identifier: Apache-2.0
#include "control/build/gateway_builder.h"

#include "control/build/gateway_templates.h"
#include "control/database/derived.h"
#include "control/database/gateway_endpoints.h"
#include "control/database/gateway_loader.h"
#include "control/database/references.h"
#include "control/database/text_rules.h"
#include "generator/gateway/gateway_check.h"
#include "generator/gateway/gateway_names.h"
#include "generator/pipeline.h"

#include <cstring>
#include <set>
#include <utility>

namespace dialtone::build {

using generator::Gateway;
using image_build::FileEntry;

namespace {
constexpr std::string_view kOwner = "gateway ";
constexpr const char* kDuplicate = "duplicate-name";
}  // namespace

std::string fault_owner(std::int64_t gateway) {
  return std::string(kOwner) + std::to_string(gateway);
}

bool is_fault_owner(std::string_view device) noexcept {
  return device.starts_with(kOwner);
}

// One call of a GatewayBuilder.
class GatewayRender {
 public:
  GatewayRender(const GatewayBuilder& builder, database::Database& database,
                const database::CampusRows& rows, const generator::PreparedCampus& prepared)
      : builder_(builder), database_(database), rows_(rows), prepared_(prepared) {}

  Result<GatewayFiles> all() {
    rendered_.is_all = true;
    auto gateways = database::load_gateways(database_, rows_);
    if (!gateways) {
      return gateways.error();
    }
    if (!gateways->empty()) {
      auto devices = database::devices_at_ports(database_);
      if (!devices) {
        return devices.error();
      }
      DIALTONE_TRY(templates_.load(database_));
      for (Gateway& gateway : *gateways) {
        DIALTONE_TRY(add(gateway, *devices));
      }
    }
    for (const auto& [id, state] : builder_.known_) {
      if (!rendered_.states.contains(id)) {
        drop(id, state);
      }
    }
    return finish();
  }

  Result<GatewayFiles> some(const std::set<std::int64_t>& ids) {
    anew_ = ids;
    DIALTONE_TRY(templates_.load(database_));
    for (const std::int64_t id : ids) {
      auto gateway = database::load_gateway(database_, rows_, id);
      if (!gateway) {
        return gateway.error();
      }
      if (!gateway->has_value()) {
        if (const auto known = builder_.known_.find(id); known != builder_.known_.end()) {
          drop(id, known->second);
        }
        continue;
      }
      auto devices = database::devices_at_ports(database_, **gateway);
      if (!devices) {
        return devices.error();
      }
      DIALTONE_TRY(add(**gateway, *devices));
    }
    return finish();
  }

 private:
  void drop(std::int64_t id, const GatewayState& state) {
    for (const auto& [name, file] : state.files) {
      rendered_.gone.push_back(name);
    }
    rendered_.states.emplace(id, std::nullopt);
  }

  // What was there before and is not any more. A name that another gateway or a device has taken
  // over is not gone.
  Result<GatewayFiles> finish() {
    std::vector<std::string> gone;
    for (std::string& name : rendered_.gone) {
      const auto of_device = taken_.contains(name) ? Result<bool>(true) : is_of_device(name);
      if (!of_device) {
        return of_device.error();
      }
      if (!*of_device) {
        gone.push_back(std::move(name));
      }
    }
    rendered_.gone = std::move(gone);
    return std::move(rendered_);
  }

  // `name` is that of a file.
  Result<bool> is_of_device(const std::string& name) const {
    const auto found =
        database_.integer("SELECT 1 FROM devices WHERE name = ?1", device_called_like(name));
    return found ? Result<bool>(found->has_value()) : found.error();
  }
  static std::string device_called_like(const std::string& name) {
    return database::upper_case(name.substr(0, name.size() - std::min(name.size(), kSuffix)));
  }

  Result<void> add(Gateway& gateway, const std::set<std::string>& devices) {
    GatewayState state;
    std::vector<generator::GatewayFault> faults;
    DIALTONE_TRY(add_own(gateway, state, faults));
    add_endpoints(gateway, devices, state);
    if (const auto known = builder_.known_.find(gateway.id); known != builder_.known_.end()) {
      forget(known->second, !faults.empty(), state);
    }
    rendered_.states.insert_or_assign(gateway.id, std::move(state));
    return {};
  }

  // The file of the gateway itself, or why there is none.
  Result<void> add_own(Gateway& gateway, GatewayState& state,
                       std::vector<generator::GatewayFault>& faults) {
    const auto program = templates_.of(gateway);
    generator::OwnSettings own;
    if (!program) {
      faults.push_back({"bad-template", "gateway '" + gateway.name + "': " + program.error().text});
    } else if (!program->is_ours) {
      own = program->program->settings();
    }
    for (generator::GatewayFault& fault : generator::check_gateway(gateway, own)) {
      faults.push_back(std::move(fault));
    }
    const std::string spelled = generator::gateway_file_name(gateway);
    std::string name = generator::canonical_file_name(spelled);
    const auto is_free = check_owner(gateway, name, faults);
    if (!is_free) {
      return is_free.error();
    }
    if (faults.empty()) {
      auto text = render(gateway, *program->program);
      if (text) {
        state.files[name] = {spelled, program->is_ours, false};
        taken_.insert(name);
        rendered_.files.push_back(
            {spelled, *std::move(text), abi::FileClass::kGateway, gateway.changed_s});
        return {};
      }
      faults.push_back({"bad-pool", text.error().text});
    }
    std::string all;
    for (const generator::GatewayFault& fault : faults) {
      state.is_contested = state.is_contested || fault.code == kDuplicate;
      all += (all.empty() ? "" : "; ") + fault.text;
    }
    rendered_.faults.push_back(
        {kept_file(gateway.id, *is_free ? name : ""), std::move(all), fault_owner(gateway.id)});
    rendered_.each_fault.insert(rendered_.each_fault.end(), faults.begin(), faults.end());
    return {};
  }

  // The file that a gateway with a fault keeps: the one that it had, under whatever name, else that
  // of `name`, which an earlier process may have built. Another's file is kept for none.
  std::string kept_file(std::int64_t id, const std::string& name) const {
    if (const auto known = builder_.known_.find(id); known != builder_.known_.end()) {
      for (const auto& [before, file] : known->second.files) {
        if (!file.is_port) {
          return before;
        }
      }
    }
    return name.empty() ? fault_owner(id) : name;
  }

  // The stamp is of all that stands in the file, so that a gateway which compares it sees whatever
  // has changed (cisco-tftp 1.6).
  Result<std::string> render(Gateway& gateway, const generator::GatewayTemplate& program) const {
    gateway.stamp = {};
    auto text = program.render(gateway, prepared_);
    if (!text) {
      return text;
    }
    gateway.stamp = database::derived_uuid(*text);
    return program.render(gateway, prepared_);
  }

  // A file has one owner: false, with a fault, when it has another.
  Result<bool> check_owner(const Gateway& gateway, const std::string& name,
                           std::vector<generator::GatewayFault>& faults) {
    // Those that are rendered with this one say themselves what they have.
    const auto owner = builder_.owners_.find(name);
    const bool is_known =
        !rendered_.is_all && owner != builder_.owners_.end() && !anew_.contains(owner->second);
    const bool is_gateways = taken_.contains(name) || is_known;
    if (is_gateways) {
      faults.push_back({kDuplicate, "gateway '" + gateway.name +
                                        "': another gateway has the file " + name +
                                        "; rename one of them"});
    }
    const auto of_device = is_of_device(name);
    if (!of_device) {
      return of_device.error();
    }
    if (*of_device) {
      faults.push_back({kDuplicate, "gateway '" + gateway.name + "': the device " +
                                        device_called_like(name) + " has the file " + name +
                                        "; rename one of them"});
    }
    return !is_gateways && !*of_device;
  }

  // A port without an endpoint, or with that of another, is a fault of the gateway's own file.
  void add_endpoints(const Gateway& gateway, const std::set<std::string>& devices,
                     GatewayState& state) {
    if (gateway.kind != generator::GatewayKind::kSccp) {
      return;
    }
    for (const generator::GatewayUnit& unit : gateway.units) {
      for (const generator::GatewaySubunit& subunit : unit.subunits) {
        for (const generator::GatewayPort& port : subunit.ports) {
          const std::string spelled = port.endpoint + ".cnf.xml";
          std::string name = generator::canonical_file_name(spelled);
          if (port.endpoint.starts_with("AN") && !name.empty() &&
              !devices.contains(port.endpoint) && taken_.insert(name).second) {
            database::add_endpoint(rows_, gateway, port, rendered_.endpoints);
            state.files.emplace(std::move(name), GatewayState::File{spelled, false, true});
          }
        }
      }
    }
  }

  // Of what the gateway had before: the file of its own stays as long as there is a fault.
  void forget(const GatewayState& before, bool has_fault, GatewayState& now) {
    for (const auto& [name, file] : before.files) {
      if (now.files.contains(name)) {
        continue;
      }
      if (has_fault && !file.is_port) {
        now.files.emplace(name, file);
      } else {
        rendered_.gone.push_back(name);
      }
    }
  }

  static constexpr std::size_t kSuffix = std::string_view(".cnf.xml").size();

  const GatewayBuilder& builder_;
  database::Database& database_;
  const database::CampusRows& rows_;
  const generator::PreparedCampus& prepared_;
  GatewayTemplates templates_;
  std::set<std::int64_t> anew_;  // gateways that are rendered now, unless all are
  std::set<std::string> taken_;  // names of files
  GatewayFiles rendered_;
};

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

void GatewayBuilder::adopt(const GatewayFiles& rendered) {
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
  for (const auto& [id, state] : rendered.states) {
    forget(id);
  }
  for (const auto& [id, state] : rendered.states) {
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

Result<void> write_gateways(const GatewayFiles& gateways, const generator::TemplateSet& templates,
                            const generator::PreparedCampus& prepared, abi::SegmentWriter& writer,
                            NamedFiles& files, std::vector<FileFault>& faults) {
  for (const generator::SharedFile& file : gateways.files) {
    auto entry = write_shared_file(file, generator::canonical_file_name(file.name), writer);
    if (!entry) {
      return entry.error();
    }
    files.emplace_back(generator::canonical_file_name(file.name), *std::move(entry));
  }
  for (const generator::DeviceRecord& device : gateways.endpoints.devices()) {
    const auto rendered =
        generator::render_device(templates, prepared, gateways.endpoints, device, writer);
    if (!rendered && rendered.error().code == ErrorCode::kRefused) {
      faults.push_back({generator::canonical_file_name(std::string(device.name) + ".cnf.xml"),
                        rendered.error().text});
      continue;
    }
    if (!rendered) {
      return rendered.error();
    }
    for (const generator::RenderedFile& file : *rendered) {
      files.emplace_back(file.name.view(), FileEntry{nullptr, file.place});
    }
  }
  faults.insert(faults.end(), gateways.faults.begin(), gateways.faults.end());
  return {};
}

}  // namespace dialtone::build
