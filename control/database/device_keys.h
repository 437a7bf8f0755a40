// SPDX-License-Identifier: Apache-2.0
//
// A device as keys and texts: "line1.dn", "speeddial5.number", "vendor.webAccess". The keys are the
// arguments of `dialtone device set` and the columns of a CSV; device_key_table.h has the one table
// of them. Cold, pure, any thread.
#pragma once

#include "control/database/device.h"
#include "dataplane/base/result.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace dialtone::database {

// The key in its own spelling (any case is taken, but tags behind "vendor." keep theirs, and "desc"
// for "description"); an unknown one is refused with the nearest known one.
Result<std::string> find_key(std::string_view key);

// "vendor" is all tags at once, a JSON object in their order. An empty value clears. A line, speed
// dial or module of which no text is left vanishes. A value that the key cannot take is refused,
// beginning with the key, and changes nothing.
Result<void> set_key(Device& device, std::string_view key, std::string_view value);

// Those that are not empty, in the order of `dialtone device show`. Setting all of them on an empty
// Device gives an equal one.
std::vector<std::pair<std::string, std::string>> keys_of(const Device& device);

}  // namespace dialtone::database
