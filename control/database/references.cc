// SPDX-License-Identifier: Apache-2.0
#include "control/database/references.h"

#include "control/database/text_rules.h"
#include "dataplane/base/diagnostic.h"
#include "generator/family.h"

#include <array>

namespace dialtone::database {
namespace {

constexpr std::string_view kMaker = "Cisco ";

struct Kind {
  std::string_view name;
  std::string_view table;
  std::string_view column;
  std::string_view where;  // which rows of the table; with the "AND" of a further condition
};

// In the order of SharedRow.
constexpr auto kKinds = std::to_array<Kind>({
    {"Unified CM node", "cm_nodes", "name", ""},
    {"Unified CM group", "cm_groups", "name", ""},
    {"NTP server", "ntp_servers", "address", ""},
    {"date/time group", "date_time_groups", "name", ""},
    {"SRST reference", "srst_references", "name", ""},
    {"user locale", "locales", "name", "kind = 'user' AND "},
    {"network locale", "locales", "name", "kind = 'network' AND "},
    {"device pool", "device_pools", "name", ""},
    {"common phone profile", "common_profiles", "name", ""},
    {"SIP profile", "sip_profiles", "name", ""},
    {"security profile", "security_profiles", "name", ""},
    {"line profile", "line_profiles", "name", ""},
    {"dial plan", "dial_plans", "name", ""},
    {"softkey template", "softkey_templates", "name", ""},
    {"feature policy", "feature_policies", "name", ""},
    {"device profile", "em_profiles", "name", ""},
    {"gateway", "gateways", "name", ""},
    {"template of gateways", "gateway_templates", "name", ""},
});
static_assert(kKinds.size() == static_cast<std::size_t>(SharedRow::kGatewayTemplate) + 1);

const Kind& kind_of(SharedRow kind) noexcept {
  return kKinds[static_cast<std::size_t>(kind)];
}

Result<std::vector<std::string>> texts(Database& database, std::string_view sql) {
  std::vector<std::string> all;
  DIALTONE_TRY(database.for_each(sql, [&](const Query& row) { all.emplace_back(row.text(0)); }));
  return all;
}

Result<std::string> unknown(std::string_view what, std::string_view word,
                            const Result<std::vector<std::string>>& names) {
  if (!names) {
    return names.error();
  }
  return unknown_word(what, word, {names->begin(), names->end()});
}

}  // namespace

std::string_view kind_name(SharedRow kind) noexcept {
  return kind_of(kind).name;
}

Result<std::optional<std::int64_t>> find_row(Database& database, SharedRow kind,
                                             std::string_view name) {
  const Kind& row = kind_of(kind);
  return database.integer("SELECT id FROM " + std::string(row.table) + " WHERE " +
                              std::string(row.where) + std::string(row.column) + " = ?1",
                          name);
}

Result<std::string> row_name(Database& database, SharedRow kind, std::int64_t id) {
  const Kind& row = kind_of(kind);
  std::string name;
  DIALTONE_TRY(database.for_each(
      "SELECT " + std::string(row.column) + " FROM " + std::string(row.table) + " WHERE id = ?1",
      [&](const Query& found) { name = found.text(0); }, id));
  return name;
}

Result<std::vector<std::string>> row_names(Database& database, SharedRow kind) {
  const Kind& row = kind_of(kind);
  return texts(database, "SELECT " + std::string(row.column) + " FROM " + std::string(row.table) +
                             " WHERE " + std::string(row.where) + "1 = 1 ORDER BY 1");
}

Result<std::string> unknown_row(Database& database, SharedRow kind, std::string_view name,
                                bool hint) {
  if (!hint) {
    return no_such_word(kind_name(kind), name);
  }
  return unknown(kind_name(kind), name, row_names(database, kind));
}

Result<std::vector<ModelRow>> find_models(Database& database, std::string_view name) {
  std::vector<ModelRow> models;
  DIALTONE_TRY(database.for_each(
      "SELECT id, name, protocol, max_lines, family FROM models WHERE lower(name) = lower(?1) "
      "OR lower(name) = 'cisco ' || lower(?1) ORDER BY number, protocol",
      [&](const Query& row) {
        models.push_back({row.integer(0), std::string(row.text(1)), std::string(row.text(2)),
                          static_cast<std::uint32_t>(row.integer(3)),
                          generator::family_of(row.text(4)).value_or(generator::Family::kSep)});
      },
      name));
  return models;
}

Result<std::string> unknown_model(Database& database, std::string_view name, bool hint) {
  if (!hint) {
    return no_such_word("phone model", name);
  }
  auto names = texts(database, "SELECT DISTINCT name FROM models ORDER BY 1");
  if (!names) {
    return names.error();
  }
  // Most people leave the maker out, as find_models() lets them.
  std::vector<std::string> typed = *names;
  for (const std::string& each : *names) {
    if (each.starts_with(kMaker)) {
      typed.push_back(each.substr(kMaker.size()));
    }
  }
  if (const std::string near = nearest_word(name, {typed.begin(), typed.end()}); !near.empty()) {
    return no_such_word("phone model", name) + "; did you mean '" + near + "'?";
  }
  return no_such_word("phone model", name) + "; `dialtone model ls` lists them";
}

}  // namespace dialtone::database
