// SPDX-License-Identifier: Apache-2.0
#include "control/build/gateway_templates.h"

#include "generator/shared/file_rules.h"

#include <algorithm>
#include <utility>

namespace dialtone::build {

Result<void> GatewayTemplates::load(database::Database& database) {
  auto rows = database::load_gateway_templates(database);
  if (!rows) {
    return rows.error();
  }
  rows_ = *std::move(rows);
  return {};
}

Result<GatewayTemplates::Choice> GatewayTemplates::of(const generator::Gateway& gateway) {
  const std::string& name = gateway.own_template;
  const auto row = std::find_if(rows_.begin(), rows_.end(), [&](const auto& each) {
    return name.empty() ? !each.product.empty() && each.product == gateway.product
                        : each.name == name;
  });
  if (row != rows_.end()) {
    return compiled(row->name, row->body, false);
  }
  if (!name.empty()) {
    std::vector<std::string_view> known;
    for (const auto& each : rows_) {
      known.push_back(each.name);
    }
    return known.empty() ? refused("'" + name +
                                   "' is no template, and there is none; clear "
                                   "'template', or add it")
                         : generator::not_among("template of gateways", name, known);
  }
  return compiled("", built_in_gateway_template(gateway.kind), true);
}

// Ours by their kind's text, since they have no name.
Result<GatewayTemplates::Choice> GatewayTemplates::compiled(const std::string& name,
                                                            std::string_view text, bool is_ours) {
  const std::string key = is_ours ? std::string(text) : name;
  auto found = programs_.find(key);
  if (found == programs_.end()) {
    found = programs_.emplace(key, generator::GatewayTemplate::compile(name, text)).first;
  }
  if (!found->second) {
    const std::string& all = found->second.error().text;
    return refused("its template is wrong: " + all.substr(0, all.find('\n')));
  }
  return Choice{&*found->second, is_ours};
}

Diagnostics check_gateway_template(const std::string& file, std::string_view text) {
  Diagnostics faults;
  const auto program = generator::GatewayTemplate::compile(file, text, &faults);
  if (!program && faults.empty()) {
    faults.push_back({file, 0, 0, "failed", program.error().text});
  }
  return faults;
}

std::vector<std::string> built_in_template_names() {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < generator::kGatewayKindCount; ++i) {
    names.emplace_back(word_of(static_cast<generator::GatewayKind>(i)));
  }
  return names;
}

std::optional<std::string> built_in_template(const std::string& name) {
  const auto kind = generator::gateway_kind_of(name);
  return kind ? std::optional(std::string(generator::built_in_gateway_template(*kind)))
              : std::nullopt;
}

}  // namespace dialtone::build
