// SPDX-License-Identifier: Apache-2.0
//
// model ls: what `model` of a device takes, and what each model brings.
#include "control/daemon/commands.h"

namespace dialtone::daemon {
namespace {

Result<Answer> list(Service& service, const Arguments& arguments) {
  DIALTONE_TRY(arguments.only({}));
  auto database = need_database(service);
  if (!database) {
    return database.error();
  }
  Answer answer;
  api::Json models = api::Json::array();
  DIALTONE_TRY((*database)->for_each(
      "SELECT m.name, m.protocol, m.number, m.family, m.max_lines, m.default_load, "
      "(SELECT count(*) FROM devices d WHERE d.model_id = m.id) FROM models m "
      "ORDER BY m.name, m.protocol",
      [&](const database::Query& row) {
        models.push_back({{"name", row.text(0)},
                          {"protocol", row.text(1)},
                          {"number", row.integer(2)},
                          {"family", row.text(3)},
                          {"lines", row.integer(4)},
                          {"default_load", row.text(5)},
                          {"devices", row.integer(6)}});
      }));
  answer.result["models"] = std::move(models);
  return answer;
}

}  // namespace

Outcome list_models(Service& service, const Request& request) {
  return to_outcome(list(service, request.arguments));
}

}  // namespace dialtone::daemon
