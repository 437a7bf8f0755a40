// SPDX-License-Identifier: Apache-2.0
//
// From the name of a shared row to its id, with a message for a name that is none. Cold; the thread
// of the Database.
#pragma once

#include "control/database/database.h"
#include "dataplane/base/result.h"
#include "generator/campus.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dialtone::database {

enum class SharedRow {
  kCmNode,
  kCmGroup,
  kNtpServer,
  kDateTimeGroup,
  kSrst,
  kUserLocale,
  kNetworkLocale,
  kPool,
  kCommonProfile,
  kSipProfile,
  kSecurityProfile,
  kLineProfile,
  kDialPlan,
  kSoftkeyTemplate,
  kFeaturePolicy,
  kEmProfile,
  kGateway,
  kGatewayTemplate,
};

// "device pool", for messages.
std::string_view kind_name(SharedRow kind) noexcept;

// Nothing when there is no row of that name. Names are compared byte by byte.
Result<std::optional<std::int64_t>> find_row(Database& database, SharedRow kind,
                                             std::string_view name);

// The name of row `id`; empty when there is none.
Result<std::string> row_name(Database& database, SharedRow kind, std::int64_t id);

Result<std::vector<std::string>> row_names(Database& database, SharedRow kind);

// "'Londn' is no device pool; did you mean 'London'?" Reads all names of the kind, but not without
// a hint.
Result<std::string> unknown_row(Database& database, SharedRow kind, std::string_view name,
                                bool hint = true);

struct ModelRow {
  std::int64_t id = 0;
  std::string name;
  std::string protocol;
  std::uint32_t max_lines = 0;
  generator::Family family = generator::Family::kSep;
};

// The rows of the model that `name` names, one for each protocol: "Cisco 7965" or "7965", any case.
Result<std::vector<ModelRow>> find_models(Database& database, std::string_view name);
Result<std::string> unknown_model(Database& database, std::string_view name, bool hint = true);

}  // namespace dialtone::database
