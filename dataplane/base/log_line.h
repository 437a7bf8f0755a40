// SPDX-License-Identifier: Apache-2.0
//
// How code that links no log says what happens: a line for a person each. Cold.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

namespace dialtone {

enum class Severity : std::uint8_t { kInfo, kWarning };
using LogLine = std::function<void(Severity, const std::string&)>;

}  // namespace dialtone
