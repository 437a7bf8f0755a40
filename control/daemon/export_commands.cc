// SPDX-License-Identifier: Apache-2.0
#include "control/daemon/commands.h"
#include "control/import/export.h"

namespace dialtone::daemon {
namespace {

using Write = Result<importing::Export> (*)(database::Database&);

Result<Answer> write_out(Service& service, const Arguments& arguments, Write write) {
  DIALTONE_TRY(arguments.only({}));
  auto database = need_database(service);
  if (!database) {
    return database.error();
  }
  auto transaction = database::Transaction::begin_read(**database);
  if (!transaction) {
    return transaction.error();
  }
  auto exported = write(**database);
  if (!exported) {
    return exported.error();
  }
  auto content = api::text_memfd(exported->text);
  if (!content) {
    return content.error();
  }
  Answer answer;
  answer.warnings = std::move(exported->warnings);
  if (exported->text.size() > api::kMaxImport) {
    answer.warnings.push_back("it has more than the " + std::to_string(api::kMaxImport >> 20) +
                              " MiB that an import takes at once; split it");
  }
  answer.result["rows"] = exported->rows;
  answer.result["offset"] = 0;
  answer.result["length"] = exported->text.size();
  answer.attachments.push_back(*std::move(content));
  return answer;
}

}  // namespace

Outcome export_csv_file(Service& service, const Request& request) {
  return to_outcome(write_out(service, request.arguments, importing::export_csv));
}

Outcome export_json_file(Service& service, const Request& request) {
  return to_outcome(write_out(service, request.arguments, importing::export_json));
}

}  // namespace dialtone::daemon
