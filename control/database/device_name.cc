// SPDX-License-Identifier: Apache-2.0
#include "control/database/device_name.h"

#include "control/database/text_rules.h"
#include "dataplane/base/printable.h"
#include "generator/spelling.h"

#include <algorithm>
#include <array>

namespace dialtone::database {
namespace {

constexpr std::size_t kMacDigits = 12;
constexpr std::size_t kMaxName = 64;

// Followed by a MAC. SKIGW and AN take parts of one, and a code.
constexpr std::array<std::string_view, 3> kMacPrefixes = {"SEP", "ATA", "VGC"};
// Followed by what the administrator likes.
constexpr std::array<std::string_view, 6> kFreePrefixes = {"CSF", "BOT",   "TCT",
                                                           "TAB", "SKIGW", "AN"};

struct FamilyPrefix {
  std::string_view prefix;
  generator::Family family;
};
// In upper case, as names are looked at. ata<mac> is an ATA<MAC>, which has a name of its own.
constexpr std::array<FamilyPrefix, 3> kFamilyPrefixes = {{{"SIP", generator::Family::kSip7960},
                                                          {"LD", generator::Family::kLd},
                                                          {"GK", generator::Family::kGk}}};

bool is_mac(std::string_view text) noexcept {
  return text.size() == kMacDigits && text.find_first_not_of("0123456789ABCDEF") == text.npos;
}

std::string without_separators(std::string text) {
  std::erase_if(text, generator::is_mac_separator);
  return text;
}

bool is_plain(std::string_view text) noexcept {
  return text.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-") == text.npos;
}

}  // namespace

Result<std::string> device_name(std::string_view text) {
  const std::string name = upper_case(trimmed(text));
  const std::string bare = without_separators(name);
  if (is_mac(bare)) {
    return "SEP" + bare;
  }
  for (const std::string_view prefix : kMacPrefixes) {
    if (!bare.starts_with(prefix)) {
      continue;
    }
    if (is_mac(std::string_view(bare).substr(prefix.size()))) {
      return bare;
    }
    return refused("'" + excerpt(text) + "' is no device name: " + std::string(prefix) +
                   " is followed by the 12 hexadecimal digits of the MAC address");
  }
  for (const FamilyPrefix& each : kFamilyPrefixes) {
    const std::string_view rest = std::string_view(bare).substr(
        bare.starts_with(each.prefix) ? each.prefix.size() : bare.size());
    if (is_mac(rest)) {
      return "SEP" + std::string(rest);
    }
  }
  const bool is_free =
      std::any_of(kFreePrefixes.begin(), kFreePrefixes.end(), [&](std::string_view prefix) {
        return name.starts_with(prefix) && name.size() > prefix.size();
      });
  if (is_free && is_plain(name) && name.size() <= kMaxName) {
    return name;
  }
  return refused("'" + excerpt(text) +
                 "' is no device name: give a MAC address (SEP001122334455, 00:11:22:33:44:55), or "
                 "a name that begins with ATA, VGC, CSF, BOT, TCT, TAB, SKIGW or AN");
}

std::optional<generator::Family> family_of_name(std::string_view text) {
  const std::string bare = without_separators(upper_case(trimmed(text)));
  for (const FamilyPrefix& each : kFamilyPrefixes) {
    if (bare.starts_with(each.prefix) &&
        is_mac(std::string_view(bare).substr(each.prefix.size()))) {
      return each.family;
    }
  }
  return std::nullopt;
}

}  // namespace dialtone::database
