// SPDX-License-Identifier: Apache-2.0
#include "control/build/gateway_render.h"

#include "control/database/derived.h"
#include "control/database/gateway_endpoints.h"
#include "control/database/gateway_loader.h"
#include "control/database/text_rules.h"
#include "generator/gateway/gateway_names.h"

#include <algorithm>
#include <string_view>
#include <utility>

namespace dialtone::build {

using generator::Gateway;

namespace {

constexpr const char* kDuplicate = "duplicate-name";
constexpr std::size_t kSuffix = std::string_view(".cnf.xml").size();

}  // namespace

Result<GatewayFiles> GatewayRender::all() {
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

Result<GatewayFiles> GatewayRender::some(const std::set<std::int64_t>& ids) {
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

void GatewayRender::drop(std::int64_t id, const GatewayState& state) {
  for (const auto& [name, file] : state.files) {
    rendered_.gone.push_back(name);
  }
  rendered_.states.emplace(id, std::nullopt);
}

// What was there before and is not any more. A name that another gateway or a device has taken
// over is not gone.
Result<GatewayFiles> GatewayRender::finish() {
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
Result<bool> GatewayRender::is_of_device(const std::string& name) const {
  const auto found =
      database_.integer("SELECT 1 FROM devices WHERE name = ?1", device_called_like(name));
  return found ? Result<bool>(found->has_value()) : found.error();
}

std::string GatewayRender::device_called_like(const std::string& name) {
  return database::upper_case(name.substr(0, name.size() - std::min(name.size(), kSuffix)));
}

Result<void> GatewayRender::add(Gateway& gateway, const std::set<std::string>& devices) {
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
Result<void> GatewayRender::add_own(Gateway& gateway, GatewayState& state,
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
std::string GatewayRender::kept_file(std::int64_t id, const std::string& name) const {
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
Result<std::string> GatewayRender::render(Gateway& gateway,
                                          const generator::GatewayTemplate& program) const {
  gateway.stamp = {};
  auto text = program.render(gateway, prepared_);
  if (!text) {
    return text;
  }
  gateway.stamp = database::derived_uuid(*text);
  return program.render(gateway, prepared_);
}

// A file has one owner: false, with a fault, when it has another.
Result<bool> GatewayRender::check_owner(const Gateway& gateway, const std::string& name,
                                        std::vector<generator::GatewayFault>& faults) {
  // Those that are rendered with this one say themselves what they have.
  const auto owner = builder_.owners_.find(name);
  const bool is_known =
      !rendered_.is_all && owner != builder_.owners_.end() && !anew_.contains(owner->second);
  const bool is_gateways = taken_.contains(name) || is_known;
  if (is_gateways) {
    faults.push_back({kDuplicate, "gateway '" + gateway.name + "': another gateway has the file " +
                                      name + "; rename one of them"});
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
void GatewayRender::add_endpoints(const Gateway& gateway, const std::set<std::string>& devices,
                                  GatewayState& state) {
  if (gateway.kind != generator::GatewayKind::kSccp) {
    return;
  }
  for (const generator::GatewayUnit& unit : gateway.units) {
    for (const generator::GatewaySubunit& subunit : unit.subunits) {
      for (const generator::GatewayPort& port : subunit.ports) {
        const std::string spelled = port.endpoint + ".cnf.xml";
        std::string name = generator::canonical_file_name(spelled);
        if (port.endpoint.starts_with("AN") && !name.empty() && !devices.contains(port.endpoint) &&
            taken_.insert(name).second) {
          database::add_endpoint(rows_, gateway, port, rendered_.endpoints);
          state.files.emplace(std::move(name), GatewayState::File{spelled, false, true});
        }
      }
    }
  }
}

// Of what the gateway had before: the file of its own stays as long as there is a fault.
void GatewayRender::forget(const GatewayState& before, bool has_fault, GatewayState& now) {
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

}  // namespace dialtone::build
