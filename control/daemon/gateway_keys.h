// SPDX-License-Identifier: Apache-2.0
//
// A gateway as keys and values, as people write it: over the row of a JSON import, which is what is
// stored. Pure; any thread.
//   kind product domain description pool load template settings.NAME
//   unit0.product  subunit0/1.product  subunit0/1.begin_port
//   ports0/1 = 0-3,7  port0/1/3.dn  port0/1/3.description  port0/1/3.settings.NAME
#pragma once

#include "control/api/message.h"
#include "dataplane/base/result.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace dialtone::daemon {

// An empty value clears a key; of a product also what is below it. Values are checked by the
// import. Refused: no key, or no list of ports.
Result<void> set_gateway_key(api::Json& row, std::string_view key, const std::string& value);

// Those that say something, in the order in which they can be given back.
std::vector<std::pair<std::string, std::string>> gateway_keys_of(const api::Json& row);

}  // namespace dialtone::daemon
