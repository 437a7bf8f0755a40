// SPDX-License-Identifier: Apache-2.0
#include "control/database/gateway_loader.h"

#include "control/database/row_reader.h"
#include "control/database/tag_text.h"
#include "generator/gateway/gateway_names.h"

#include <algorithm>

namespace dialtone::database {
namespace {

using namespace generator;

class Loader {
 public:
  // `id`: of one gateway; nothing: all of them.
  Loader(Database& database, const CampusRows& rows, std::optional<std::int64_t> id)
      : database_(database), rows_(rows), id_(id) {}

  Result<std::vector<Gateway>> run() {
    DIALTONE_TRY(
        read("SELECT id, pool_id, kind, settings, name, product, domain, description, "
             "load, template, changed_s FROM gateways",
             "id", "id", [&](RowReader& row) { read_gateway(row); }));
    DIALTONE_TRY(children("SELECT gateway_id, unit, product FROM gateway_units", "gateway_id, unit",
                          [](Gateway& gateway, RowReader& row) {
                            GatewayUnit& unit = unit_of(gateway, row.integer());
                            row.into(unit.product);
                          }));
    DIALTONE_TRY(
        children("SELECT gateway_id, unit, subunit, product, begin_port FROM gateway_subunits",
                 "gateway_id, unit, subunit", [](Gateway& gateway, RowReader& row) {
                   GatewayUnit& unit = unit_of(gateway, row.integer());
                   GatewaySubunit& subunit = subunit_of(unit, row.integer());
                   row.into(subunit.product, subunit.begin_port);
                 }));
    DIALTONE_TRY(children(
        "SELECT gateway_id, unit, subunit, port, description, dn, settings FROM gateway_ports",
        "gateway_id, unit, subunit, port",
        [](Gateway& gateway, RowReader& row) { read_port(gateway, row); }));
    for (Gateway& gateway : gateways_) {
      name_endpoints(gateway);
    }
    return std::move(gateways_);
  }

 private:
  template <typename Visit>
  Result<void> read(std::string sql, std::string_view key, std::string_view order, Visit visit) {
    if (id_) {
      sql += " WHERE " + std::string(key) + " = ?1";
    }
    sql += " ORDER BY " + std::string(order);
    const auto each = [&](const Query& query) {
      RowReader row(query);
      visit(row);
    };
    return id_ ? database_.for_each(sql, each, *id_) : database_.for_each(sql, each);
  }

  template <typename Visit>
  Result<void> children(const std::string& sql, std::string_view order, Visit visit) {
    auto gateway = gateways_.begin();
    return read(sql, "gateway_id", order, [&](RowReader& row) {
      const std::int64_t id = row.integer();
      gateway = std::find_if(gateway, gateways_.end(),
                             [&](const Gateway& each) { return each.id >= id; });
      if (gateway != gateways_.end() && gateway->id == id) {
        visit(*gateway, row);
      }
    });
  }

  void read_gateway(RowReader& row) {
    Gateway& gateway = gateways_.emplace_back();
    gateway.id = row.integer();
    gateway.pool = rows_.device_pools[row.integer()];
    const std::string kind(row.text());
    gateway.kind = gateway_kind_of(kind).value_or(GatewayKind::kMgcp);
    read_settings(gateway, "settings", row.text(), gateway.settings);
    row.into(gateway.name, gateway.product, gateway.domain, gateway.description, gateway.load,
             gateway.own_template, gateway.changed_s);
  }

  static void read_settings(Gateway& gateway, const std::string& what, std::string_view json,
                            TagMap& settings) {
    auto tags = parse_tags(json);
    if (tags) {
      settings = *std::move(tags);
    } else if (gateway.unreadable.empty()) {
      gateway.unreadable = what + ": " + tags.error().text;
    }
  }

  static void read_port(Gateway& gateway, RowReader& row) {
    GatewayUnit& unit = unit_of(gateway, row.integer());
    GatewaySubunit& subunit = subunit_of(unit, row.integer());
    GatewayPort& port = subunit.ports.emplace_back();
    row.into(port.port, port.description, port.dn);
    read_settings(gateway,
                  "settings of port" + std::to_string(unit.unit) + "/" +
                      std::to_string(subunit.subunit) + "/" + std::to_string(port.port),
                  row.text(), port.settings);
  }

  // The one of that number, which may have no row of its own, in its place.
  static GatewayUnit& unit_of(Gateway& gateway, std::int64_t number) {
    const auto unit = static_cast<std::uint32_t>(number);
    const auto at = std::find_if(gateway.units.begin(), gateway.units.end(),
                                 [&](const GatewayUnit& each) { return each.unit >= unit; });
    return at != gateway.units.end() && at->unit == unit
               ? *at
               : *gateway.units.insert(at, GatewayUnit{.unit = unit});
  }
  static GatewaySubunit& subunit_of(GatewayUnit& unit, std::int64_t number) {
    const auto subunit = static_cast<std::uint32_t>(number);
    const auto at =
        std::find_if(unit.subunits.begin(), unit.subunits.end(),
                     [&](const GatewaySubunit& each) { return each.subunit >= subunit; });
    return at != unit.subunits.end() && at->subunit == subunit
               ? *at
               : *unit.subunits.insert(at, GatewaySubunit{.subunit = subunit});
  }

  Database& database_;
  const CampusRows& rows_;
  const std::optional<std::int64_t> id_;
  std::vector<Gateway> gateways_;
};

}  // namespace

Result<std::vector<Gateway>> load_gateways(Database& database, const CampusRows& rows) {
  return Loader(database, rows, std::nullopt).run();
}

Result<std::optional<Gateway>> load_gateway(Database& database, const CampusRows& rows,
                                            std::int64_t id) {
  auto gateways = Loader(database, rows, id).run();
  if (!gateways) {
    return gateways.error();
  }
  return gateways->empty() ? std::optional<Gateway>()
                           : std::optional<Gateway>(std::move(gateways->front()));
}

Result<std::vector<GatewayTemplateRow>> load_gateway_templates(Database& database) {
  std::vector<GatewayTemplateRow> templates;
  DIALTONE_TRY(read_rows(database, "SELECT name, product, body FROM gateway_templates ORDER BY id",
                         [&](RowReader& row) -> Result<void> {
                           GatewayTemplateRow& each = templates.emplace_back();
                           row.into(each.name, each.product, each.body);
                           return {};
                         }));
  return templates;
}

}  // namespace dialtone::database
