// SPDX-License-Identifier: Apache-2.0
//
// The rows that are files of phones and have commands of their own: dial plans, softkey templates,
// feature policies. One table says in what they differ, so that their commands are the same ones.
// The thread of the Database.
#pragma once

#include "control/database/database.h"
#include "control/database/references.h"
#include "control/image/file_table.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace dialtone::daemon {

struct PhoneFileKind {
  std::string_view noun;       // of the command: "dialplan"
  std::string_view what;       // for messages: "dial plan"
  std::string_view table;      // and key of an import: "dial_plans"
  std::string_view column;     // of devices: "dial_plan_id"
  std::string_view em_column;  // of em_profiles; empty: none
  std::string_view profiles;   // the table whose settings may name the file
  std::string_view setting;    // the one that does
  database::SharedRow row;
  std::vector<std::string> (*files_of)(const std::string& name);  // as they are spelled
  // True of a file that belongs to a row of this kind, or looks as if it did.
  bool (*is_one)(std::string_view canonical_name, const abi::FileRecord& record);
};

inline constexpr std::size_t kDialPlanKind = 0;
inline constexpr std::size_t kSoftkeyKind = 1;
inline constexpr std::size_t kFeaturePolicyKind = 2;
const PhoneFileKind& phone_file_kind(std::size_t index) noexcept;

// Who uses the row; all of them must let it go before it can be removed.
struct RowUses {
  std::vector<std::string> devices;
  std::vector<std::string> others;  // "SIP profile 'x'"
};
Result<RowUses> uses_of(database::Database& database, const PhoneFileKind& kind, std::int64_t id,
                        const std::string& name);

// "3 devices (SEP..., SEP..., SEP...) and SIP profile 'x'"; empty: nobody.
std::string to_text(const RowUses& uses);

}  // namespace dialtone::daemon
