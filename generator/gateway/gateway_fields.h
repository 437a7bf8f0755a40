// SPDX-License-Identifier: Apache-2.0
//
// What a template of gateways may name: the fields of the gateway and of what is below it, those of
// its device pool (fields.h), settings by name, and repeated rows. Cold; pure; any thread.
#pragma once

#include "generator/fields.h"
#include "generator/gateway/gateway.h"
#include "generator/render.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dialtone::generator {

// Where the walk through a gateway is.
struct GatewayFrame {
  const Gateway* gateway = nullptr;
  const GatewayUnit* unit = nullptr;
  const GatewaySubunit* subunit = nullptr;
  const GatewayPort* port = nullptr;
  const Tag* setting = nullptr;
  RenderRows rows{};  // of its device pool
};

// The row that a name wants to be open. kPool: one of the campus.
enum class GatewayScope : std::uint8_t { kGateway, kUnit, kSubunit, kPort, kSetting, kPool };

struct GatewayField {
  std::string_view name;  // "port.dn"
  GatewayScope scope;
  bool is_number;                                      // 0 is no value
  void (*put)(const GatewayFrame&, std::string& out);  // appends it, not escaped
};

// {{...}} in a template: one of the three.
struct GatewaySlot {
  GatewayScope scope = GatewayScope::kGateway;
  const GatewayField* own = nullptr;
  const Field* campus = nullptr;
  std::string setting{};  // of the gateway or the port, as `scope` says
};

// Nothing when there is none of that name.
std::optional<GatewaySlot> find_gateway_slot(std::string_view name);
// For "did you mean".
std::vector<std::string_view> gateway_slot_names();

// Appends its value, escaped.
void put_slot(const GatewaySlot& slot, const GatewayFrame& frame, std::string& out);
// <?if?>: it is not empty, not 0 where it is a number, and not false.
bool has_value(const GatewaySlot& slot, const GatewayFrame& frame);

// Rows that an <?each?> repeats. kMembers and kNtpServers are those of the device pool.
enum class GatewayRows : std::uint8_t {
  kUnits,
  kSubunits,
  kPorts,
  kGatewaySettings,
  kPortSettings,
  kMembers,
  kNtpServers,
};

struct GatewayRowsInfo {
  std::string_view name;
  GatewayRows rows;
  GatewayScope outer;  // must be open
  GatewayScope item;
  Scope campus;  // kPool: the scope that it opens
};

// Null when there is none of that name.
const GatewayRowsInfo* find_gateway_rows(std::string_view name) noexcept;
std::vector<std::string_view> gateway_rows_names();

}  // namespace dialtone::generator
