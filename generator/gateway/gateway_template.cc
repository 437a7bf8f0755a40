// SPDX-License-Identifier: Apache-2.0
#include "generator/gateway/gateway_template.h"

#include "generator/embedded_templates.h"
#include "generator/shared_row_binder.h"

namespace dialtone::generator {
namespace {

using Nodes = std::vector<GatewayNode>;

void put_nodes(const Nodes& nodes, GatewayFrame& frame, std::string& out);

template <typename Row>
void put_rows(const std::vector<Row>& rows, const Row* GatewayFrame::*open, const Nodes& body,
              GatewayFrame& frame, std::string& out) {
  for (const Row& row : rows) {
    frame.*open = &row;
    put_nodes(body, frame, out);
  }
}

std::size_t count_of(GatewayRows rows, const GatewayFrame& frame) noexcept {
  switch (rows) {
    case GatewayRows::kUnits:
      return frame.gateway->units.size();
    case GatewayRows::kSubunits:
      return frame.unit->subunits.size();
    case GatewayRows::kPorts:
      return frame.subunit->ports.size();
    case GatewayRows::kGatewaySettings:
      return frame.gateway->settings.size();
    case GatewayRows::kPortSettings:
      return frame.port->settings.size();
    case GatewayRows::kMembers:
      return frame.rows.items[static_cast<std::size_t>(Collection::kMembers)].count;
    case GatewayRows::kNtpServers:
      return frame.rows.items[static_cast<std::size_t>(Collection::kNtps)].count;
  }
  return 0;
}

void put_campus_rows(Collection collection, Scope scope, const Nodes& body, GatewayFrame& frame,
                     std::string& out) {
  const ItemList& items = frame.rows.items[static_cast<std::size_t>(collection)];
  const std::byte* row = items.first;
  for (std::uint32_t i = 0; i < items.count; ++i, row += items.stride) {
    frame.rows.rows[static_cast<std::size_t>(scope)] = row;
    put_nodes(body, frame, out);
  }
}

void put_each(const GatewayNode& node, GatewayFrame& frame, std::string& out) {
  switch (node.rows->rows) {
    case GatewayRows::kUnits:
      return put_rows(frame.gateway->units, &GatewayFrame::unit, node.body, frame, out);
    case GatewayRows::kSubunits:
      return put_rows(frame.unit->subunits, &GatewayFrame::subunit, node.body, frame, out);
    case GatewayRows::kPorts:
      return put_rows(frame.subunit->ports, &GatewayFrame::port, node.body, frame, out);
    case GatewayRows::kGatewaySettings:
      return put_rows(frame.gateway->settings, &GatewayFrame::setting, node.body, frame, out);
    case GatewayRows::kPortSettings:
      return put_rows(frame.port->settings, &GatewayFrame::setting, node.body, frame, out);
    case GatewayRows::kMembers:
      return put_campus_rows(Collection::kMembers, Scope::kMember, node.body, frame, out);
    case GatewayRows::kNtpServers:
      return put_campus_rows(Collection::kNtps, Scope::kNtp, node.body, frame, out);
  }
}

void put_nodes(const Nodes& nodes, GatewayFrame& frame, std::string& out) {
  for (const GatewayNode& node : nodes) {
    switch (node.kind) {
      case GatewayNode::Kind::kText:
        out += node.text;
        break;
      case GatewayNode::Kind::kSlot:
        put_slot(node.slot, frame, out);
        break;
      case GatewayNode::Kind::kEach:
        put_each(node, frame, out);
        break;
      case GatewayNode::Kind::kIf: {
        const bool holds = node.rows != nullptr ? count_of(node.rows->rows, frame) != 0
                                                : has_value(node.slot, frame);
        put_nodes(holds != node.negate ? node.body : node.otherwise, frame, out);
        break;
      }
    }
  }
}

void add_settings(const Nodes& nodes, OwnSettings& settings) {
  for (const GatewayNode& node : nodes) {
    if (!node.slot.setting.empty()) {
      (node.slot.scope == GatewayScope::kPort ? settings.port : settings.gateway)
          .push_back(node.slot.setting);
    }
    add_settings(node.body, settings);
    add_settings(node.otherwise, settings);
  }
}

}  // namespace

Result<std::string> GatewayTemplate::render(const Gateway& gateway,
                                            const PreparedCampus& campus) const {
  const CampusTables& tables = campus.tables();
  if (gateway.pool >= tables.rows.device_pools.size()) {
    return refused(
        "gateway '" + gateway.name +
        "': its device pool is a row that is not there; set 'pool' to one that is there");
  }
  GatewayFrame frame;
  frame.gateway = &gateway;
  bind_common_rows(tables, frame.rows);
  bind_owner(tables, Scope::kPool, gateway.pool, frame.rows);
  std::string out;
  put_nodes(nodes_, frame, out);
  return out;
}

OwnSettings GatewayTemplate::settings() const {
  OwnSettings settings;
  add_settings(nodes_, settings);
  return settings;
}

std::string_view built_in_gateway_template(GatewayKind kind) noexcept {
  switch (kind) {
    case GatewayKind::kMgcp:
      return kGatewayMgcpXml;
    case GatewayKind::kSccp:
      return kGatewaySccpXml;
    case GatewayKind::kVg248:
    case GatewayKind::kSaa:
    case GatewayKind::kSda:
      break;
  }
  return kGatewayOlderXml;
}

}  // namespace dialtone::generator
