// SPDX-License-Identifier: Apache-2.0
#include "control/database/device_name.h"

#include "control/database/text_rules.h"
#include "dataplane/base/printable.h"
#include "generator/device_name.h"
#include "generator/spelling.h"

#include <array>

namespace dialtone::database {
namespace {

struct FamilyPrefix {
  std::string_view prefix;
  generator::Family family;
};
// In upper case, as names are looked at. ata<mac> is an ATA<MAC>, which has a name of its own.
constexpr std::array<FamilyPrefix, 3> kFamilyPrefixes = {{{"SIP", generator::Family::kSip7960},
                                                          {"LD", generator::Family::kLd},
                                                          {"GK", generator::Family::kGk}}};

std::string without_separators(std::string text) {
  std::erase_if(text, generator::is_mac_separator);
  return text;
}

}  // namespace

Result<std::string> device_name(std::string_view text) {
  const std::string name = upper_case(trimmed(text));
  const std::string bare = without_separators(name);
  if (generator::is_mac(bare)) {
    return "SEP" + bare;
  }
  for (const FamilyPrefix& each : kFamilyPrefixes) {
    const std::string_view rest = std::string_view(bare).substr(
        bare.starts_with(each.prefix) ? each.prefix.size() : bare.size());
    if (generator::is_mac(rest)) {
      return "SEP" + std::string(rest);
    }
  }
  const std::string& stored = generator::has_mac_prefix(bare) ? bare : name;
  if (!generator::device_name_fault(stored).empty()) {
    return refused(generator::device_name_fault(trimmed(text)));
  }
  return stored;
}

std::optional<generator::Family> family_of_name(std::string_view text) {
  const std::string bare = without_separators(upper_case(trimmed(text)));
  for (const FamilyPrefix& each : kFamilyPrefixes) {
    if (bare.starts_with(each.prefix) &&
        generator::is_mac(std::string_view(bare).substr(each.prefix.size()))) {
      return each.family;
    }
  }
  return std::nullopt;
}

}  // namespace dialtone::database
