// SPDX-License-Identifier: Apache-2.0
#include "control/assets/asset_folder.h"
#include "dataplane/abi/name_class.h"

#include <algorithm>
#include <array>

namespace dialtone::assets {
namespace {

struct Rule {
  std::string_view begin;
  std::string_view end;
  abi::FileClass file_class;
};

// The first rule that fits decides. Names are in lower case.
constexpr auto kRules = std::to_array<Rule>({
    {"ctl", ".tlv", abi::FileClass::kTrust},
    {"itl", ".tlv", abi::FileClass::kTrust},
    {"xmldefault", ".cnf.xml", abi::FileClass::kDefaultConfig},
    {"", ".cnf.xml", abi::FileClass::kDeviceConfig},
    {"", ".cnf.xml.sgn", abi::FileClass::kDeviceConfig},
    {"", ".cnf", abi::FileClass::kDeviceConfig},
    {"dialplan", ".xml", abi::FileClass::kDialPlan},
    {"appdialrules", ".xml", abi::FileClass::kDialPlan},
    {"dirlookupdialrules", ".xml", abi::FileClass::kDialPlan},
    {"softkey", ".xml", abi::FileClass::kSoftkey},
    {"", "fp.xml", abi::FileClass::kSoftkey},
    {"ringlist", ".xml", abi::FileClass::kRing},
    {"distinctiveringlist", ".xml", abi::FileClass::kRing},
    {"", ".raw", abi::FileClass::kRing},
    {"", ".rwb", abi::FileClass::kRing},
    {"desktops/", "", abi::FileClass::kBackground},
    {"", "-dictionary.xml", abi::FileClass::kLocale},
    {"", "-font.xml", abi::FileClass::kLocale},
    {"", "-kate.xml", abi::FileClass::kLocale},
    {"", "-tones.xml", abi::FileClass::kLocale},
    {"", ".jar", abi::FileClass::kLocale},
    {"", ".loads", abi::FileClass::kLoad},
    {"", ".sbn", abi::FileClass::kLoad},
    {"", ".sb2", abi::FileClass::kLoad},
    {"", ".sbin", abi::FileClass::kLoad},
    {"", ".bin", abi::FileClass::kLoad},
    {"", ".zup", abi::FileClass::kLoad},
});

}  // namespace

abi::FileClass class_of(std::string_view canonical_name) noexcept {
  const auto found = std::find_if(kRules.begin(), kRules.end(), [&](const Rule& rule) {
    return canonical_name.starts_with(rule.begin) && canonical_name.ends_with(rule.end);
  });
  if (found != kRules.end()) {
    return found->file_class;
  }
  // Behind "dr" and "sk" stands the id of a row, as Unified CM names its files.
  switch (abi::name_class(canonical_name)) {
    case abi::NameClass::kDial:
      return abi::FileClass::kDialPlan;
    case abi::NameClass::kSoftkey:
      return abi::FileClass::kSoftkey;
    default:
      return abi::FileClass::kOther;
  }
}

}  // namespace dialtone::assets
