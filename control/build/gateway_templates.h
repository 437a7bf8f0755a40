// SPDX-License-Identifier: Apache-2.0
//
// Which template the file of a gateway is made of: the one that it names, else that of its product,
// else ours. One thread.
#pragma once

#include "control/database/database.h"
#include "control/database/gateway_loader.h"
#include "dataplane/base/diagnostic.h"
#include "dataplane/base/result.h"
#include "generator/gateway/gateway.h"
#include "generator/gateway/gateway_template.h"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dialtone::build {

class GatewayTemplates {
 public:
  struct Choice {
    const generator::GatewayTemplate* program;
    bool is_ours;
  };

  Result<void> load(database::Database& database);

  // Good as long as this is. The Error says why, in one line, for a message about the gateway.
  Result<Choice> of(const generator::Gateway& gateway);

 private:
  Result<Choice> compiled(const std::string& name, std::string_view text, bool is_ours);

  std::vector<database::GatewayTemplateRow> rows_;
  std::map<std::string, Result<generator::GatewayTemplate>> programs_;  // those asked for
};

// A person's file, before it is a row: every fault, with line and column.
Diagnostics check_gateway_template(const std::string& file, std::string_view text);

// Ours, by the word of their kind; nothing: there is none of that name.
std::vector<std::string> built_in_template_names();
std::optional<std::string> built_in_template(const std::string& name);

}  // namespace dialtone::build
