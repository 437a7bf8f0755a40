// SPDX-License-Identifier: Apache-2.0
#include "control/database/gateway_rows.h"

#include "control/database/references.h"
#include "control/database/text_rules.h"
#include "dataplane/base/printable.h"
#include "generator/gateway/gateway_names.h"

#include <set>

namespace dialtone::database {
namespace {

using generator::GatewayKind;

std::string kind_by_name(const std::string& name) {
  for (const GatewayKind kind : generator::kGatewayKinds) {
    const auto stored = generator::gateway_name(kind, name);
    if (kind != GatewayKind::kMgcp && stored && *stored == upper_case(name)) {
      return std::string(word_of(kind));
    }
  }
  return {};
}

}  // namespace

Result<std::optional<GatewayRow>> find_gateway(Database& database, const std::string& text) {
  std::set<std::string> names = {text};
  for (const GatewayKind kind : generator::kGatewayKinds) {
    if (auto name = generator::gateway_name(kind, text)) {
      names.insert(*std::move(name));
    }
  }
  std::optional<GatewayRow> found;
  for (const std::string& name : names) {
    DIALTONE_TRY(database.for_each(
        "SELECT id, name FROM gateways WHERE lower(name) = lower(?1) ORDER BY id",
        [&](const Query& row) {
          if (!found || row.text(1) == text) {
            found = GatewayRow{row.integer(0), std::string(row.text(1))};
          }
        },
        name));
  }
  return found;
}

Result<GatewayRow> need_gateway(Database& database, const std::string& text) {
  auto found = find_gateway(database, text);
  if (!found) {
    return found.error();
  }
  if (!found->has_value()) {
    const auto unknown = unknown_row(database, SharedRow::kGateway, text);
    return unknown ? refused(*unknown) : unknown.error();
  }
  return **std::move(found);
}

Result<NewGateway> new_gateway(const std::string& name, const std::string& kind) {
  const std::string word = kind.empty() ? kind_by_name(name) : kind;
  const auto known = generator::gateway_kind_of(word);
  if (!known) {
    std::string words;
    for (const std::string_view each : generator::kGatewayKindWords) {
      words += (words.empty() ? "" : ", ") + std::string(each);
    }
    return refused((word.empty() ? "a gateway needs a kind"
                                 : "'" + excerpt(word) + "' is no kind of gateway") +
                   ": give kind= one of " + words);
  }
  auto stored = generator::gateway_name(*known, name);
  if (!stored) {
    return stored.error();
  }
  return NewGateway{*std::move(stored), word};
}

}  // namespace dialtone::database
