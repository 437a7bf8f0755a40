// SPDX-License-Identifier: Apache-2.0
//
// The JSON of an import, in bounds: what the library would take without a word, or with much time
// and memory, is a fault. Private to this folder, since it shows nlohmann. Pure, any thread.
#pragma once

#include "control/import/fault_list.h"

#include <nlohmann/json.hpp>

#include <cstddef>
#include <optional>
#include <string_view>

namespace dialtone::importing {

using Json = nlohmann::ordered_json;

// No campus has as many; and what is found by its key in an object is looked for one by one.
inline constexpr std::size_t kMaxJsonKeys = 1024;         // of one object
inline constexpr std::size_t kMaxJsonValues = 1'000'000;  // of a file

// Nothing, with a fault, for what is no JSON ("bad-json", with line and column), nests too deeply
// ("too-deep") or is too large ("too-large"). A key that is twice in an object ("duplicate-key") is
// a fault too, but the rest is there to be looked at.
std::optional<Json> read_json(std::string_view text, FaultList& faults);

}  // namespace dialtone::importing
