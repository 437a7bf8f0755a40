// SPDX-License-Identifier: Apache-2.0
#include "control/import/parameter_rows.h"

#include "control/database/tag_text.h"
#include "generator/family.h"
#include "generator/list_parameters.h"

namespace dialtone::importing {

Result<std::vector<WrongKey>> check_family_parameter(database::Database& database,
                                                     std::int64_t id) {
  std::vector<WrongKey> wrong;
  DIALTONE_TRY(database.for_each(
      "SELECT family, name, value FROM family_parameters WHERE id = ?1",
      [&](const database::Query& row) {
        const auto family = generator::family_of(row.text(0)).value_or(generator::Family::kSep);
        std::string why = generator::family_parameter_fault(family, row.text(1), row.text(2));
        if (!why.empty()) {
          wrong.push_back({"value", std::move(why)});
        }
      },
      id));
  return wrong;
}

Result<std::vector<WrongKey>> check_model_parameters(database::Database& database,
                                                     std::int64_t id) {
  std::vector<WrongKey> wrong;
  DIALTONE_TRY(database.for_each(
      "SELECT family, protocol, vendor_config FROM models WHERE id = ?1",
      [&](const database::Query& row) {
        const auto family = generator::family_of(row.text(0)).value_or(generator::Family::kSep);
        const auto protocol =
            row.text(1) == "SIP" ? generator::Protocol::kSip : generator::Protocol::kSccp;
        const auto tags = database::parse_tags(row.text(2));
        for (std::size_t i = 0; tags && i < tags->size(); ++i) {
          const generator::Tag& tag = (*tags)[i];
          std::string why = generator::parameter_fault(family, protocol, tag.name, tag.value);
          if (!why.empty()) {
            wrong.push_back({"vendor_config", std::move(why)});
          }
        }
      },
      id));
  return wrong;
}

}  // namespace dialtone::importing
