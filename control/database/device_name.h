// SPDX-License-Identifier: Apache-2.0
//
// The one spelling of a device's name: "SEP001122334455" for a phone, whichever way its MAC was
// written ("sep0011.2233.4455", "00:11:22:33:44:55"); other devices that are given a file of a
// phone's kind in upper case (facts: cisco-tftp 1.1). Pure, any thread.
#pragma once

#include "dataplane/base/result.h"
#include "generator/shared_rows.h"

#include <optional>
#include <string>
#include <string_view>

namespace dialtone::database {

// Refused with the forms that are possible.
Result<std::string> device_name(std::string_view text);

// A device whose file has another prefix may be called by that: SIP001122334455, ld001122334455,
// gk001122334455 are SEP001122334455, if its model is of that family. Nothing for other spellings.
std::optional<generator::Family> family_of_name(std::string_view text);

}  // namespace dialtone::database
