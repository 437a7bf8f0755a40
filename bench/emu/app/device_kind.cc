// SPDX-License-Identifier: Apache-2.0
#include "bench/emu/app/device_kind.h"

#include <algorithm>
#include <array>
#include <string>

namespace dialtone::emu {
namespace {

struct GatewayType {
  std::string_view name;
  std::uint32_t number;  // of its model (cisco-tftp 2.2)
  bool can_do_without_dhcp;
  std::string_view prefix;  // of its name, in front of its MAC (cisco-tftp 2.3); empty: it has any
};
constexpr std::array<GatewayType, 5> kGatewayTypes{{{"access-analog", 30, false, "SAA"},
                                                    {"access-digital", 40, false, "SDA"},
                                                    {"cat6k", 43, true, "SDA"},
                                                    {"mgcp", 120, true, ""},
                                                    {"sccp", 48, true, "VGC"}}};
constexpr GatewayType kAnyGateway{"", 0, true, "SDA"};

const GatewayType* find_gateway_type(std::string_view name) {
  const auto* found = std::find_if(kGatewayTypes.begin(), kGatewayTypes.end(),
                                   [&](const GatewayType& type) { return type.name == name; });
  return found == kGatewayTypes.end() ? nullptr : found;
}

void read_gateway_type(const DeviceOptions& options, OptionReader& reader, DevicePlan& plan) {
  if (options.type.empty()) {
    return;
  }
  const GatewayType* type = find_gateway_type(options.type);
  if (type == nullptr) {
    std::string known;
    for (const GatewayType& each : kGatewayTypes) {
      known += (known.empty() ? "" : ", ") + std::string(each.name);
    }
    reader.wrong("--type: '" + options.type + "' is not known; known are " + known);
    return;
  }
  plan.number = type->number;
}

}  // namespace

void read_kind(const DeviceOptions& options, OptionReader& reader, DevicePlan& plan) {
  if (options.is_gateway) {
    plan.kind = BootKind::kGateway;
    read_gateway_type(options, reader, plan);
    plan.name = options.name;
    if (options.name.size() > 200) {
      reader.wrong("--name: a name has at most 200 characters");
    }
    return;
  }
  plan.model = options.model;
  const Model* model = find_model(options.model);
  if (model == nullptr) {
    std::string known;
    for (const Model& each : models()) {
      known += (known.empty() ? "" : ", ") + std::string(each.name);
    }
    reader.wrong("--model: '" + options.model + "' is not known; known are " + known);
    return;
  }
  if (options.sip && !model->sip) {
    reader.wrong("--sip: there is no SIP firmware for a " + options.model);
    return;
  }
  plan.kind = options.sip ? *model->sip : model->sccp;
  plan.number = model->number;
  plan.is_sip = options.sip;
  if (plan.kind == BootKind::kPhone7940Sccp && options.profile == "cm3") {
    plan.kind = BootKind::kPhoneBefore2004;
  }
}

void name_gateway(const DeviceOptions& options, OptionReader& reader, DevicePlan& plan) {
  if (!options.is_gateway || !plan.name.empty()) {
    return;
  }
  const GatewayType* type = options.type.empty() ? &kAnyGateway : find_gateway_type(options.type);
  if (type == nullptr) {
    return;  // which is said already
  }
  if (type->prefix.empty()) {
    reader.wrong("--name: a gateway of MGCP has one, as in the database; its file is NAME.cnf.xml");
    return;
  }
  plan.name = std::string(type->prefix) + mac_digits(plan.host.mac, true);
}

DeviceDefaults defaults_of(const DeviceOptions& options) {
  const GatewayType* type = options.is_gateway ? find_gateway_type(options.type) : nullptr;
  return {.dhcp = true, .can_be_off = type == nullptr || type->can_do_without_dhcp};
}

std::string_view refusal_code(const DeviceOptions& options) {
  const bool is_off = options.no_dhcp || !options.address.empty();
  return is_off && !defaults_of(options).can_be_off ? kDhcpFixed : "bad-option";
}

}  // namespace dialtone::emu
