// SPDX-License-Identifier: Apache-2.0
//
// Gateways: their rows as keys and values, and the files that they have.
#include "control/build/gateway_states.h"
#include "control/daemon/gateway_keys.h"
#include "control/daemon/row_change.h"
#include "control/database/gateway_rows.h"
#include "control/database/seed.h"
#include "control/import/row_import.h"

#include <fnmatch.h>

#include <set>

namespace dialtone::daemon {
namespace {

using database::Database;
using database::find_gateway;
using database::need_gateway;

Result<api::Json> row_of(Database& database, std::int64_t id) {
  const auto text = importing::export_row(database, "gateways", id);
  return text ? Result<api::Json>(api::Json::parse(*text, nullptr, false)) : text.error();
}

Result<Answer> list(Service& service, const Arguments& arguments) {
  DIALTONE_TRY(arguments.only({"pattern"}));
  const auto pattern = arguments.name_or("pattern", "*");
  if (!pattern) {
    return pattern.error();
  }
  auto database = need_database(service);
  if (!database) {
    return database.error();
  }
  const build::Builder& builder = service.builder();
  const auto all = build::list_gateways(**database, builder.image().files(), *builder.gateways());
  if (!all) {
    return all.error();
  }
  api::Json rows = api::Json::array();
  for (const build::GatewaySummary& each : *all) {
    if (::fnmatch(pattern->c_str(), each.name.c_str(), FNM_CASEFOLD) == 0) {
      rows.push_back({{"name", each.name},
                      {"kind", each.kind},
                      {"product", each.product},
                      {"description", each.description},
                      {"pool", each.pool},
                      {"template", each.own_template},
                      {"ports", each.ports},
                      {"file", each.file.name},
                      {"state", each.file.state}});
    }
  }
  Answer answer;
  answer.result["count"] = rows.size();
  answer.result["gateways"] = std::move(rows);
  return answer;
}

Result<Answer> show(Service& service, const Arguments& arguments) {
  const auto asked = asked_row(service, arguments);
  if (!asked) {
    return asked.error();
  }
  const auto stored = need_gateway(*asked->database, asked->name);
  if (!stored) {
    return stored.error();
  }
  const build::Builder& builder = service.builder();
  const auto row = row_of(*asked->database, stored->id);
  const auto files = build::gateway_files(*asked->database, stored->id, builder.image().files(),
                                          *builder.gateways());
  if (!row || !files) {
    return row ? files.error() : row.error();
  }
  Answer answer;
  api::Json& keys = answer.result["gateway"];
  keys["name"] = stored->name;
  for (const auto& [key, value] : gateway_keys_of(*row)) {
    keys[key] = value;
  }
  answer.result["files"] = api::Json::array();
  for (const build::FileState& file : *files) {
    answer.result["files"].push_back({{"name", file.name}, {"state", file.state}});
  }
  return answer;
}

// A row of that kind and name, in the default device pool.
Result<api::Json> new_row(const RowEdit& request) {
  std::string kind;
  for (const auto& [key, value] : request.pairs) {
    kind = key == "kind" ? value : kind;
  }
  const auto made = database::new_gateway(request.name, kind);
  return made ? Result<api::Json>(api::Json{
                    {"name", made->name}, {"kind", made->kind}, {"pool", database::kDefaultPool}})
              : made.error();
}

// What the pairs change of the row. Each that it does not take is a fault.
std::vector<std::string> edit(api::Json& row, const RowEdit& request, Diagnostics& faults) {
  std::vector<std::string> changed;
  for (const auto& [key, value] : request.pairs) {
    const api::Json before = row;
    if (const auto set = set_gateway_key(row, key, value); !set) {
      faults.push_back({request.name, 0, 0, "bad-value", set.error().text});
    } else if (gateway_keys_of(before) != gateway_keys_of(row)) {
      changed.push_back(key);
    }
  }
  return changed;
}

// Writes the row, and looks at the gateway that it makes. All that is wrong goes to `faults`; an
// Error is one of the database.
Result<void> store(Service& service, Database& database, api::Json& row, Diagnostics& faults) {
  // A list that is not there is not touched by an import; one that was emptied is.
  for (const char* list : {"units", "subunits", "ports"}) {
    if (!row.contains(list)) {
      row[list] = api::Json::array();
    }
  }
  const std::string name = row["name"];
  const std::size_t wrong_keys = faults.size();
  const auto report = importing::import_row(
      database, "gateways", name, row.dump(-1, ' ', false, api::Json::error_handler_t::replace),
      name, faults);
  if (!report) {
    return faults.size() == wrong_keys ? Result<void>(report.error()) : Result<void>();
  }
  const auto stored = find_gateway(database, name);
  if (!stored || !stored->has_value()) {
    return stored ? failed("gateway '" + name + "' is not there after it was written")
                  : stored.error();
  }
  const auto wrong = service.builder().gateways()->faults_of(database, (*stored)->id);
  if (!wrong) {
    return wrong.error();
  }
  for (const generator::GatewayFault& fault : *wrong) {
    // What a key that was not taken would have set is missing for that alone.
    const bool is_missing = fault.code == "missing-unit" || fault.code == "missing-subunit";
    if (wrong_keys == 0 || !is_missing) {
      faults.push_back({name, 0, 0, fault.code, fault.text});
    }
  }
  return {};
}

// The row as it is, or a new one.
Result<api::Json> row_to_change(Database& database, const RowEdit& request, bool is_new,
                                Diagnostics& faults) {
  const auto fault = [&](const char* code, Error error) {
    faults.push_back({request.name, 0, 0, code, error.text});
    return error;
  };
  const auto stored = find_gateway(database, request.name);
  if (!stored) {
    return stored.error();
  }
  if (is_new && stored->has_value()) {
    return fault("gateway-exists", refused("gateway '" + (*stored)->name +
                                           "' exists already; change it with gateway set"));
  }
  if (!is_new && !stored->has_value()) {
    return fault("unknown-gateway", need_gateway(database, request.name).error());
  }
  auto row = is_new ? new_row(request) : row_of(database, (*stored)->id);
  if (!row && is_new) {
    return fault("bad-value", row.error());
  }
  return row;
}

Result<Answer> change(Service& service, const RowEdit& request, bool is_new, Diagnostics& faults) {
  auto change = begin_change(service);
  if (!change) {
    return change.error();
  }
  auto row = row_to_change(*change->database, request, is_new, faults);
  if (!row) {
    return row.error();
  }
  const std::vector<std::string> changed = edit(*row, request, faults);
  DIALTONE_TRY(store(service, *change->database, *row, faults));
  if (!faults.empty()) {
    return refused(faults.size() == 1 ? faults.front().text
                                      : request.name + ": " + std::to_string(faults.size()) +
                                            " faults; nothing was saved");
  }
  Answer answer;
  answer.result["gateway"] = (*row)["name"];
  if (!is_new) {
    answer.result["changed"] = changed;
  }
  return finish_change(service, *change, request.wait, std::move(answer));
}

Outcome set_or_add(Service& service, const Request& request, bool is_new) {
  const auto asked = read_row_edit(request.arguments);
  if (!asked) {
    return Refusal{asked.error(), {}};
  }
  Diagnostics faults;
  auto answer = change(service, *asked, is_new, faults);
  return to_outcome(std::move(answer), std::move(faults));
}

Result<Answer> remove_all(Service& service, const Arguments& arguments) {
  const auto asked = read_row_removal(arguments);
  if (!asked) {
    return asked.error();
  }
  auto change = begin_change(service);
  if (!change) {
    return change.error();
  }
  std::set<std::int64_t> ids;
  for (const std::string& name : asked->names) {
    const auto stored = need_gateway(*change->database, name);
    if (!stored) {
      Error missing = stored.error();
      missing.text += "; nothing was removed";
      return missing;
    }
    ids.insert(stored->id);
  }
  for (const std::int64_t id : ids) {
    DIALTONE_TRY(change->database->run("DELETE FROM gateways WHERE id = ?1", id));
  }
  Answer answer;
  answer.result["removed"] = ids.size();
  return finish_change(service, *change, asked->wait, std::move(answer));
}

}  // namespace

Outcome list_gateways(Service& service, const Request& request) {
  return to_outcome(list(service, request.arguments));
}

Outcome show_gateway(Service& service, const Request& request) {
  return to_outcome(show(service, request.arguments));
}

Outcome set_gateway(Service& service, const Request& request) {
  return set_or_add(service, request, /*is_new=*/false);
}

Outcome add_gateway(Service& service, const Request& request) {
  return set_or_add(service, request, /*is_new=*/true);
}

Outcome remove_gateways(Service& service, const Request& request) {
  return to_outcome(remove_all(service, request.arguments));
}

}  // namespace dialtone::daemon
