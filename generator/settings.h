// SPDX-License-Identifier: Apache-2.0
//
// Sets a field of a shared row by its name, from a text: for the key/value columns of the database
// (sip_profiles.settings, enterprise parameters). The names are those that templates use, from the
// one table in field_table.cc. Cold.
#pragma once

#include "dataplane/base/result.h"
#include "generator/campus.h"

#include <string>
#include <string_view>
#include <vector>

namespace dialtone::generator {

// An unknown name is refused with the nearest known one; so is a value that is not a number in
// range, or not true/false, where the field wants one.
Result<void> set_field(EnterpriseParameters& row, std::string_view name, std::string_view value);
Result<void> set_field(SipProfile& row, std::string_view name, std::string_view value);
Result<void> set_field(CommonPhoneProfile& row, std::string_view name, std::string_view value);
Result<void> set_field(SecurityProfile& row, std::string_view name, std::string_view value);

// What set_field() takes by that name, and what a row says that nobody has set: for lists and
// pages.
struct Setting {
  std::string_view name;
  std::string takes;     // "0 to 65535", "true or false", "a text"
  std::string fallback;  // the default
};

// In the order of field_table.cc; without the name of a row, which is no setting, and what is
// computed.
std::vector<Setting> settings_of(const EnterpriseParameters& row);
std::vector<Setting> settings_of(const SipProfile& row);
std::vector<Setting> settings_of(const CommonPhoneProfile& row);
std::vector<Setting> settings_of(const SecurityProfile& row);

}  // namespace dialtone::generator
