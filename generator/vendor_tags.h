// SPDX-License-Identifier: Apache-2.0
//
// The tags of vendorConfig that are known of the families with SEP<mac>.cnf.xml, by model. A tag
// that is not among them is written all the same: firmware knows more than we do. Facts:
// cisco-tftp 1.4. Pure functions, any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace dialtone::generator {

// `model`: its number of Unified CM. Names are compared byte by byte, as phones do.
bool is_known_vendor_tag(std::uint32_t model, std::string_view name) noexcept;

// "'webAcess' is no tag of vendorConfig that we know; did you mean 'webAccess'?" A tag of wireless
// phones alone is said to be one.
std::string unknown_vendor_tag(std::uint32_t model, std::string_view name);

}  // namespace dialtone::generator
