// SPDX-License-Identifier: Apache-2.0
//
// What a phone's configuration says, as values for claims: whom it registers with, its load, its
// button URLs and locales (facts: cisco-tftp 2). Cold; pure.
#pragma once

#include "control/api/message.h"

#include <optional>
#include <string_view>

namespace dialtone::cli {

// {"load", "cm": [{"name", "port", "priority"}] in the order of the file, "urls": {"directories",
// "messages", "services", "information", "authentication", "idle", "proxy"}, "locale": {"user",
// "network"}}, an empty text for what the file lacks. Nothing when it is no well-formed <device> or
// <Default>.
std::optional<api::Json> configuration_fields(std::string_view xml);

}  // namespace dialtone::cli
