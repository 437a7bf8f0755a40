// SPDX-License-Identifier: Apache-2.0
//
// Dial plans, softkey templates and feature policies: their lists, and one of them.
#include "control/cli/amounts.h"
#include "control/cli/fields.h"
#include "control/cli/render.h"
#include "control/cli/table.h"

namespace dialtone::cli {
namespace {

using api::Json;

std::string joined(const Json& list, const char* between) {
  std::string out;
  for (const Json& item : list) {
    out += (out.empty() ? "" : between) + line_of(item);
  }
  return out;
}

}  // namespace

bool is_of_phone_files(const std::string& command) {
  return command.starts_with("dialplan ") || command.starts_with("softkey ") ||
         command.starts_with("featurepolicy ");
}

Rendered render_phone_files(const Json& result, const Style& style) {
  Table table({{"NAME"}, {"FILES"}, {"DEVICES", Align::kRight}, {"OTHERS"}});
  bool is_empty = true;
  if (result.is_object()) {
    for (const auto& [key, rows] : result.items()) {
      for (const Json& row : key == "orphans" || !rows.is_array() ? Json::array() : rows) {
        is_empty = false;
        table.add({text_at(row, "name"), joined(list_at(row, "files"), ","),
                   text_at(row, "devices"), joined(list_at(row, "others"), ", ")});
      }
    }
  }
  Rendered rendered;
  if (is_empty) {
    rendered.warnings.push_back("there is none");
  } else {
    rendered.out = table.render(style);
  }
  for (const Json& orphan : list_at(result, "orphans")) {
    rendered.warnings.push_back(text_at(orphan, "name") + ": " + text_at(orphan, "why"));
  }
  return rendered;
}

// What is used where goes to standard error: the output is a file for `set`.
std::string render_phone_file(const Json& result) {
  return at(result, "row").dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

Rendered render_preview(const Invocation& asked, const Json& result) {
  Rendered rendered;
  const Json& files = list_at(result, "files");
  const std::string name = text_at(asked.arguments, "name");
  if (flag_at(result, "everything")) {
    rendered.out = name + ": every file would be built anew; nothing was changed\n";
    return rendered;
  }
  for (const Json& file : files) {
    rendered.out += line_of(file) + '\n';
  }
  rendered.out += name + ": would be " + text_at(result, "change") + ", and " +
                  counted(files.size(), "file") + " would differ; nothing was changed\n";
  return rendered;
}

}  // namespace dialtone::cli
