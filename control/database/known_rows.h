// SPDX-License-Identifier: Apache-2.0
//
// What checks of devices ask about shared rows, remembered: an import of 20,000 phones asks for the
// same few names in each row. Good for one transaction that changes no shared row; devices that
// take or leave a device profile are told to note_login(). Cold; the thread of the Database.
#pragma once

#include "control/database/database.h"
#include "control/database/references.h"
#include "dataplane/base/result.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dialtone::database {

class KnownRows {
 public:
  explicit KnownRows(Database& database) noexcept : database_(database) {}

  Database& database() noexcept { return database_; }

  // As those of references.h.
  Result<std::optional<std::int64_t>> find_row(SharedRow kind, std::string_view name);
  Result<std::vector<ModelRow>> find_models(std::string_view name);

  // The vendorConfig tags that a model brings; refused when they cannot be read.
  Result<std::size_t> count_tags(const ModelRow& model);

  // The device that a device profile is logged in on; empty: none. And the profile's last line.
  Result<std::string> find_login(std::int64_t profile);
  Result<std::int64_t> last_line(std::int64_t profile);
  void note_login(std::int64_t profile, const std::string& device) { logins_[profile] = device; }

 private:
  Database& database_;
  std::map<std::pair<SharedRow, std::string>, std::optional<std::int64_t>> rows_;
  std::map<std::string, std::vector<ModelRow>, std::less<>> models_;
  std::map<std::int64_t, std::size_t> tags_;         // by model
  std::map<std::int64_t, std::string> logins_;       // by profile
  std::map<std::int64_t, std::int64_t> last_lines_;  // by profile
};

}  // namespace dialtone::database
