// SPDX-License-Identifier: Apache-2.0
#include "control/database/known_rows.h"

#include "control/database/tag_text.h"

#include <utility>

namespace dialtone::database {

Result<std::optional<std::int64_t>> KnownRows::find_row(SharedRow kind, std::string_view name) {
  std::pair key(kind, std::string(name));
  if (const auto known = rows_.find(key); known != rows_.end()) {
    return known->second;
  }
  auto id = database::find_row(database_, kind, name);
  if (id) {
    rows_.emplace(std::move(key), *id);
  }
  return id;
}

Result<std::vector<ModelRow>> KnownRows::find_models(std::string_view name) {
  if (const auto known = models_.find(name); known != models_.end()) {
    return known->second;
  }
  auto models = database::find_models(database_, name);
  if (models) {
    models_.emplace(name, *models);
  }
  return models;
}

Result<std::size_t> KnownRows::count_tags(const ModelRow& model) {
  if (const auto known = tags_.find(model.id); known != tags_.end()) {
    return known->second;
  }
  auto query = database_.query("SELECT vendor_config FROM models WHERE id = ?1", model.id);
  if (!query) {
    return query.error();
  }
  const auto row = query->step();
  if (!row) {
    return row.error();
  }
  const auto tags = parse_tags(*row ? query->text(0) : std::string_view());
  if (!tags) {
    return refused("models: vendor_config of \"" + model.name + "\": " + tags.error().text);
  }
  return tags_[model.id] = tags->size();
}

Result<std::string> KnownRows::find_login(std::int64_t profile) {
  if (const auto known = logins_.find(profile); known != logins_.end()) {
    return known->second;
  }
  std::string device;
  DIALTONE_TRY(database_.for_each(
      "SELECT name FROM devices WHERE em_profile_id = ?1",
      [&](const Query& row) { device = row.text(0); }, profile));
  return logins_[profile] = device;
}

Result<std::int64_t> KnownRows::last_line(std::int64_t profile) {
  if (const auto known = last_lines_.find(profile); known != last_lines_.end()) {
    return known->second;
  }
  const auto last =
      database_.integer("SELECT max(idx) FROM em_lines WHERE profile_id = ?1", profile);
  if (!last) {
    return last.error();
  }
  return last_lines_[profile] = last->value_or(0);
}

}  // namespace dialtone::database
