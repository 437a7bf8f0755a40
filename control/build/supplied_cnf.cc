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

// Of one statement.
constexpr std::size_t kChosen = 64;

std::string default_of(std::uint32_t model) {
  const std::string_view type = generator::selective_type(model);
  return type.empty() ? std::string() : database::lower_case(type) + "default.cnf";
}

template <typename Is>
bool any_type(Is is) {
  const auto models = generator::model_catalogue();
  return std::any_of(models.begin(), models.end(), [&](const auto& model) {
    return model.selective_cnf && is(default_of(model.number));
  });
}

bool may_give(const image_build::FileTable& files, generator::BuildCnf policy) {
  return policy != generator::BuildCnf::kNone &&
         any_type([&](const std::string& name) { return files.find(name) != nullptr; });
}

std::string of_chosen() {
  std::string sql =
      "SELECT d.name, m.number, m.family, m.selective_cnf FROM devices d "
      "JOIN models m ON m.id = d.model_id WHERE d.id IN (?1";
  for (std::size_t i = 2; i <= kChosen; ++i) {
    sql += ", ?" + std::to_string(i);
  }
  return sql + ")";
}

// A name that no file has: the device has none.
TypedCnf typed_cnf(const database::Query& row, const image_build::FileTable& files,
                   generator::BuildCnf policy) {
  abi::CanonicalName name;
  if (!device_file_name(generator::DeviceFile::kCnf, row.text(0), name)) {
    return {};
  }
  const auto family = generator::family_of(row.text(2)).value_or(generator::Family::kSep);
  const bool is_selective = row.integer(3) != 0;
  std::string of_type = default_of(static_cast<std::uint32_t>(row.integer(1)));
  const bool gets_one = is_selective && files.find(of_type) != nullptr &&
                        files_of(family, is_selective, policy).has(generator::DeviceFile::kCnf);
  return {std::string(name.view()), gets_one ? std::move(of_type) : std::string()};
}

}  // namespace

bool is_cnf_of_type(std::string_view name) {
  return any_type([&](const std::string& of_type) { return of_type == name; });
}

Result<std::vector<TypedCnf>> read_typed_cnf(database::Database& database,
                                             const image_build::FileTable& files,
                                             generator::BuildCnf policy) {
  std::vector<TypedCnf> typed;
  if (!may_give(files, policy)) {
    return typed;
  }
  DIALTONE_TRY(database.for_each(
      "SELECT d.name, m.number, m.family, m.selective_cnf FROM models m "
      "JOIN devices d ON d.model_id = m.id WHERE m.selective_cnf",
      [&](const database::Query& row) {
        if (TypedCnf each = typed_cnf(row, files, policy); !each.of_type.empty()) {
          typed.push_back(std::move(each));
        }
      }));
  return typed;
}

Result<std::vector<TypedCnf>> read_typed_cnf(database::Database& database,
                                             const image_build::FileTable& files,
                                             generator::BuildCnf policy,
                                             std::span<const std::int64_t> ids) {
  std::vector<TypedCnf> typed;
  if (ids.empty() || !may_give(files, policy)) {
    return typed;
  }
  static const std::string sql = of_chosen();
  std::vector<database::Value> values(kChosen);
  for (; !ids.empty(); ids = ids.subspan(std::min(ids.size(), kChosen))) {
    for (std::size_t i = 0; i < kChosen; ++i) {
      values[i] = database::Value(ids[std::min(i, ids.size() - 1)]);
    }
    auto query = database.query_all(sql, values);
    if (!query) {
      return query.error();
    }
    DIALTONE_TRY(query->for_each([&](const database::Query& row) {
      if (TypedCnf each = typed_cnf(row, files, policy); !each.name.empty()) {
        typed.push_back(std::move(each));
      }
    }));
  }
  return typed;
}

CnfOfTypes amended_cnf(const std::vector<TypedCnf>& typed, const CnfOfTypes& ours) {
  CnfOfTypes amendments;
  for (const TypedCnf& each : typed) {
    const auto old = ours.find(each.name);
    if (each.of_type != (old == ours.end() ? std::string() : old->second)) {
      amendments.insert_or_assign(each.name, each.of_type);
    } else {
      amendments.erase(each.name);  // a later one of a name counts
    }
  }
  return amendments;
}

void amend(CnfOfTypes& ours, const CnfOfTypes& amendments) {
  for (const auto& [name, of_type] : amendments) {
    if (of_type.empty()) {
      ours.erase(name);
    } else {
      ours.insert_or_assign(name, of_type);
    }
  }
}

}  // namespace dialtone::build
