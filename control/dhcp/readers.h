// SPDX-License-Identifier: Apache-2.0
//
// The readers of scopes.h, one for each server, and what they share. Private to this folder.
#pragma once

#include "control/dhcp/scopes.h"

#include <string>
#include <string_view>
#include <vector>

namespace dialtone::dhcp {

Result<Configuration> read_kea(const std::string& text);
Result<Configuration> read_isc(const std::string& text);
Configuration read_dnsmasq(const std::string& text);
Configuration read_ios(const std::string& text);

// Parts between separators, without the blanks and quotes around each; no empty ones.
std::vector<std::string> parts_of(std::string_view text, std::string_view separators);
// Without blanks and double quotes around it.
std::string bare(std::string_view text);

// What `inner` does not say itself is as `outer` says it.
void inherit(Scope& inner, const Scope& outer);

}  // namespace dialtone::dhcp
