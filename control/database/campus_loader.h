// SPDX-License-Identifier: Apache-2.0
//
// The shared rows of the database as the generator wants them: dense vectors in which rows refer to
// each other by position. Cold; the thread of the Database, in one transaction or snapshot.
#pragma once

#include "control/database/database.h"
#include "dataplane/base/result.h"
#include "generator/campus.h"
#include "generator/records.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace dialtone::database {

// The position of a row in its vector of the Campus: rows are loaded in order of id.
class Positions {
 public:
  // A row that is not there: the renderer refuses the device that refers to it.
  static constexpr std::uint32_t kMissing = generator::kNoRow - 1;

  void add(std::int64_t id) { ids_.push_back(id); }  // ascending
  std::uint32_t operator[](std::int64_t id) const noexcept;
  // For NULL: kNoRow.
  std::uint32_t operator[](std::optional<std::int64_t> id) const noexcept {
    return id ? (*this)[*id] : generator::kNoRow;
  }

 private:
  std::vector<std::int64_t> ids_;
};

struct LineProfile {
  generator::LineRecord settings;  // all but the texts
  std::string auto_answer_mode;
};

struct CampusRows {
  generator::Campus campus;

  Positions models, ntp_servers, date_time_groups, cm_nodes, cm_groups, srst_references;
  Positions device_pools, common_profiles, sip_profiles, security_profiles;
  Positions user_locales, network_locales, line_profiles;
  Positions dial_plans, softkey_templates, feature_policies;

  std::vector<LineProfile> profiles_of_lines;

  bool has_build_cnf = false;  // the parameter is set; else the profile's default holds

  // How the files of these rows are called, by position.
  std::vector<std::string> dial_templates, softkey_files, feature_policy_files;

  // What a pool's phones have when they name none themselves; by position of the pool.
  std::vector<std::uint32_t> pool_user_locales;
  std::vector<std::uint32_t> pool_network_locales;
};

// A setting that cannot be (a hand edit) is refused with its table and row.
Result<CampusRows> load_campus(Database& database);

// Their part that every file may have; of the rest of the campus nothing.
Result<CampusRows> load_parameters(Database& database);

}  // namespace dialtone::database
