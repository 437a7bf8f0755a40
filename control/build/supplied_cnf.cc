// SPDX-License-Identifier: Apache-2.0
#include "control/build/supplied_cnf.h"

#include "control/database/text_rules.h"
#include "generator/device_files.h"
#include "generator/family.h"
#include "generator/model_catalogue.h"

#include <algorithm>
#include <utility>

namespace dialtone::build {
namespace {

std::string default_of(std::uint32_t model) {
  const std::string_view type = generator::selective_type(model);
  return type.empty() ? std::string() : database::lower_case(type) + "default.cnf";
}

}  // namespace

bool is_cnf_name(std::string_view name) noexcept {
  return name.ends_with(".cnf");
}

Result<std::vector<TypedCnf>> read_typed_cnf(database::Database& database,
                                             const image_build::FileTable& files,
                                             generator::BuildCnf policy) {
  std::vector<TypedCnf> typed;
  const auto models = generator::model_catalogue();
  const bool any = std::any_of(models.begin(), models.end(), [&](const auto& model) {
    return model.selective_cnf && files.find(default_of(model.number)) != nullptr;
  });
  if (!any || policy == generator::BuildCnf::kNone) {
    return typed;
  }
  DIALTONE_TRY(database.for_each(
      "SELECT d.name, m.number, m.family, m.selective_cnf FROM models m "
      "JOIN devices d ON d.model_id = m.id WHERE m.selective_cnf",
      [&](const database::Query& row) {
        const auto family = generator::family_of(row.text(2)).value_or(generator::Family::kSep);
        std::string of_type = default_of(static_cast<std::uint32_t>(row.integer(1)));
        abi::CanonicalName name;
        if (files_of(family, row.integer(3) != 0, policy).has(generator::DeviceFile::kCnf) &&
            device_file_name(generator::DeviceFile::kCnf, row.text(0), name) &&
            files.find(of_type) != nullptr) {
          typed.push_back({std::string(name.view()), std::move(of_type)});
        }
      }));
  return typed;
}

SuppliedCnf supplied_cnf(const std::vector<TypedCnf>& typed, const image_build::FileTable& files,
                         const SuppliedCnf& ours) {
  SuppliedCnf supplied;
  for (const TypedCnf& each : typed) {
    if (files.find(each.of_type) != nullptr &&
        (files.find(each.name) == nullptr || ours.contains(each.name))) {
      supplied.emplace(each.name, each.of_type);
    }
  }
  return supplied;
}

}  // namespace dialtone::build
