// SPDX-License-Identifier: Apache-2.0
//
// The administrator's own templates of gateways' files, and ours to begin with.
#include "control/build/gateway_templates.h"
#include "control/daemon/attachment.h"
#include "control/daemon/row_change.h"
#include "control/database/references.h"
#include "control/import/row_import.h"
#include "dataplane/base/counted.h"

namespace dialtone::daemon {
namespace {

using database::Database;
using database::SharedRow;

Result<Answer> list(Service& service, const Arguments& arguments) {
  DIALTONE_TRY(arguments.only({}));
  auto database = need_database(service);
  if (!database) {
    return database.error();
  }
  api::Json rows = api::Json::array();
  DIALTONE_TRY((*database)->for_each(
      "SELECT t.name, t.product, t.description, (SELECT count(*) FROM gateways g "
      "WHERE g.template = t.name OR (g.template = '' AND t.product <> '' "
      "AND g.product = t.product)) FROM gateway_templates t ORDER BY t.name",
      [&](const database::Query& row) {
        rows.push_back({{"name", row.text(0)},
                        {"product", row.text(1)},
                        {"description", row.text(2)},
                        {"gateways", row.integer(3)}});
      }));
  Answer answer;
  answer.result["templates"] = std::move(rows);
  answer.result["built_in"] = build::built_in_template_names();
  return answer;
}

// Nothing: there is no such row.
Result<std::optional<std::string>> body_of(Database& database, const std::string& name) {
  std::optional<std::string> body;
  DIALTONE_TRY(database.for_each(
      "SELECT body FROM gateway_templates WHERE name = ?1",
      [&](const database::Query& row) { body = std::string(row.text(0)); }, name));
  return body;
}

Result<Answer> show(Service& service, const Arguments& arguments) {
  const auto asked = asked_row(service, arguments);
  if (!asked) {
    return asked.error();
  }
  auto body = body_of(*asked->database, asked->name);
  if (!body) {
    return body.error();
  }
  Answer answer;
  answer.result["name"] = asked->name;
  answer.result["built_in"] = !body->has_value();
  if (body->has_value()) {
    answer.result["body"] = **std::move(body);
    return answer;
  }
  auto ours = build::built_in_template(asked->name);
  if (!ours) {
    const auto text =
        database::unknown_row(*asked->database, SharedRow::kGatewayTemplate, asked->name);
    return text ? refused(*text + "; ours are called mgcp, sccp, vg248, saa and sda")
                : text.error();
  }
  answer.result["body"] = *std::move(ours);
  return answer;
}

struct SetRequest {
  std::string name;
  std::string file;  // for messages
  std::string product;
  api::Json row;
  bool wait = true;
};

// The text of the template has no fault.
Result<SetRequest> read_set(const Request& request, Diagnostics& faults) {
  const Arguments& arguments = request.arguments;
  DIALTONE_TRY(arguments.only({"name", "file", "product", "description", "wait"}));
  auto name = arguments.text("name");
  auto file = arguments.text("file");
  auto product = arguments.text_or("product", "");
  auto description = arguments.text_or("description", "");
  for (const auto* each : {&name, &file, &product, &description}) {
    if (!*each) {
      return each->error();
    }
  }
  const auto wait = arguments.flag("wait", true);
  if (!wait) {
    return wait.error();
  }
  const auto text = read_attachment(request, *file);
  if (!text) {
    return text.error();
  }
  faults = build::check_gateway_template(*file, *text);
  if (!faults.empty()) {
    return refused(*file + " has " + counted(faults.size(), "fault") + "; nothing was changed");
  }
  api::Json row = {{"name", *name}, {"body", *text}};
  for (const auto& [key, value] :
       {std::pair("product", &product), std::pair("description", &description)}) {
    if (arguments.has(key)) {
      row[key] = **value;
    }
  }
  return SetRequest{*std::move(name), *std::move(file), *std::move(product), std::move(row), *wait};
}

Result<void> check_product(Database& database, const SetRequest& asked) {
  if (asked.product.empty()) {
    return {};
  }
  std::string other;
  DIALTONE_TRY(database.for_each(
      "SELECT name FROM gateway_templates WHERE product = ?1 AND name <> ?2",
      [&](const database::Query& found) { other = found.text(0); }, asked.product, asked.name));
  return other.empty() ? Result<void>()
                       : refused("template '" + other + "' is that of product '" + asked.product +
                                 "' already; clear its product first");
}

Result<Answer> set(Service& service, const Request& request, Diagnostics& faults) {
  const auto asked = read_set(request, faults);
  if (!asked) {
    return asked.error();
  }
  auto change = begin_change(service);
  if (!change) {
    return change.error();
  }
  DIALTONE_TRY(check_product(*change->database, *asked));
  const auto report = importing::import_row(
      *change->database, "gateway_templates", asked->name,
      asked->row.dump(-1, ' ', false, api::Json::error_handler_t::replace), asked->file, faults);
  if (!report) {
    return report.error();
  }
  Answer answer;
  answer.result["name"] = asked->name;
  answer.result["change"] = report->added != 0     ? "added"
                            : report->updated != 0 ? "updated"
                                                   : "unchanged";
  return finish_change(service, *change, asked->wait, std::move(answer));
}

Result<Answer> remove(Service& service, const Arguments& arguments, Diagnostics& faults) {
  const auto asked = read_named_row(arguments);
  if (!asked) {
    return asked.error();
  }
  const std::string& name = asked->name;
  auto change = begin_change(service);
  if (!change) {
    return change.error();
  }
  const auto id = find_row(*change->database, SharedRow::kGatewayTemplate, name);
  if (!id) {
    return id.error();
  }
  if (!id->has_value()) {
    const auto text = unknown_row(*change->database, SharedRow::kGatewayTemplate, name);
    return text ? refused(*text) : text.error();
  }
  std::string user;
  DIALTONE_TRY(change->database->for_each(
      "SELECT name FROM gateways WHERE template = ?1 ORDER BY name DESC",
      [&](const database::Query& row) { user = row.text(0); }, name));
  if (!user.empty()) {
    Error error = refused("template '" + name + "' is used by gateway '" + user +
                          "'; give it another one first");
    faults.push_back({name, 0, 0, "in-use", error.text});
    return error;
  }
  DIALTONE_TRY(change->database->run("DELETE FROM gateway_templates WHERE id = ?1", **id));
  Answer answer;
  answer.result["removed"] = 1;
  return finish_change(service, *change, asked->wait, std::move(answer));
}

}  // namespace

Outcome list_gateway_templates(Service& service, const Request& request) {
  return to_outcome(list(service, request.arguments));
}

Outcome show_gateway_template(Service& service, const Request& request) {
  return to_outcome(show(service, request.arguments));
}

Outcome set_gateway_template(Service& service, const Request& request) {
  Diagnostics faults;
  auto answer = set(service, request, faults);
  return to_outcome(std::move(answer), std::move(faults));
}

Outcome remove_gateway_template(Service& service, const Request& request) {
  Diagnostics faults;
  auto answer = remove(service, request.arguments, faults);
  return to_outcome(std::move(answer), std::move(faults));
}

}  // namespace dialtone::daemon
