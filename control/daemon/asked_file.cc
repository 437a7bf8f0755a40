// SPDX-License-Identifier: Apache-2.0
#include "control/daemon/asked_file.h"

#include "control/database/device_name.h"
#include "control/database/text_rules.h"
#include "control/signing/signable.h"

#include <array>

namespace dialtone::daemon {
namespace {

using abi::NameClass;

constexpr std::string_view kConfiguration = ".cnf.xml";
constexpr std::string_view kDefault = "XMLDefault.cnf.xml";

bool strip_end(std::string_view& text, std::string_view end) noexcept {
  const bool has = text.ends_with(end);
  text.remove_suffix(has ? end.size() : 0);
  return has;
}

bool strip_begin(std::string_view& text, std::string_view begin) noexcept {
  const bool has = text.starts_with(begin);
  text.remove_prefix(has ? begin.size() : 0);
  return has;
}

// What is left of a name when all that says which file it is has gone.
std::string_view stem_of(std::string_view name, NameClass name_class) noexcept {
  switch (name_class) {
    case NameClass::kTrust:
      strip_end(name, ".tlv");
      strip_begin(name, "ext_");
      return strip_begin(name, "ctl") || strip_begin(name, "itl") ? name : std::string_view();
    case NameClass::kPhone:
    case NameClass::kGateway:
      strip_end(name, ".enc");
      strip_end(name, kConfiguration);
      return name;
    case NameClass::kPhoneLegacy:
    case NameClass::kSip:
      strip_end(name, ".cnf");
      strip_begin(name, "mgc");  // the same phone with another load
      return name;
    case NameClass::kLd:
    case NameClass::kGk:
    case NameClass::kAta:
      return name;
    default:
      return {};
  }
}

std::string device_of(std::string_view name, NameClass name_class) {
  const std::string_view stem = stem_of(name, name_class);
  const auto device = database::device_name(stem);
  // A gateway may be called by the digits of a MAC alone; no phone's file is.
  const bool is_named =
      device && (name_class != NameClass::kGateway || database::lower_case(*device) == stem);
  return is_named ? *device : std::string();
}

}  // namespace

AskedFile read_asked_file(std::string_view canonical_name) {
  AskedFile file{.name = std::string(canonical_name),
                 .name_class = abi::name_class(canonical_name)};
  std::string_view plain = canonical_name;
  // Loads bring an ending .sgn of their own.
  if (file.name_class != NameClass::kFirmware) {
    strip_end(plain, signing::kSuffix);
  }
  file.plain_name = plain;
  file.device = device_of(plain, file.name_class);
  return file;
}

std::string asked_next(const AskedFile& file) {
  const std::string end(file.is_signed_form() ? signing::kSuffix : std::string_view());
  switch (file.name_class) {
    case NameClass::kTrust:
      return file.device.empty() ? std::string() : file.device + std::string(kConfiguration);
    case NameClass::kPhone:
      if (file.plain_name.ends_with(".enc")) {
        return file.device + std::string(kConfiguration) + end;
      }
      // Only phones register by themselves, and have a default.
      return file.device.starts_with("SEP") ? std::string(kDefault) + end : std::string();
    case NameClass::kSip:
      return file.device.empty() ? std::string() : std::string(kDefault) + end;
    case NameClass::kPhoneLegacy:
      return file.device.empty() ? std::string() : "SEPDefault.cnf";
    case NameClass::kLd:
      return file.device.empty() ? std::string() : "lddefault.cfg";
    case NameClass::kGk:
      return file.device.empty() ? std::string() : "gkdefault.cfg";
    case NameClass::kList:
      return file.name.starts_with("wlan") && file.name != "wlandefault.xml" ? "WLANDefault.xml"
                                                                             : std::string();
    default:
      return {};
  }
}

}  // namespace dialtone::daemon
