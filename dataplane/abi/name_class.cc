// SPDX-License-Identifier: Apache-2.0
#include "dataplane/abi/name_class.h"

#include "dataplane/abi/name_shape.h"

#include <algorithm>
#include <array>

namespace dialtone::abi {
namespace {

constexpr bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}
constexpr bool is_hex(char c) noexcept {
  return is_digit(c) || (c >= 'a' && c <= 'f');
}

// Takes `end` off `name` when it ends with it.
constexpr bool strip(std::string_view& name, std::string_view end) noexcept {
  if (!name.ends_with(end)) {
    return false;
  }
  name.remove_suffix(end.size());
  return true;
}

// `prefix` and a MAC address.
constexpr bool is_of_mac(std::string_view name, std::string_view prefix) noexcept {
  return name.size() == prefix.size() + kMacDigits && name.starts_with(prefix) &&
         std::all_of(name.begin() + static_cast<std::ptrdiff_t>(prefix.size()), name.end(), is_hex);
}

// `prefix` and the id of a row, as Unified CM names what it builds from one.
constexpr bool is_of_row(std::string_view name, std::string_view prefix) noexcept {
  return name.size() > prefix.size() && name.starts_with(prefix) &&
         std::all_of(name.begin() + static_cast<std::ptrdiff_t>(prefix.size()), name.end(),
                     [](char c) { return is_hex(c) || c == '-'; });
}

constexpr bool contains(std::string_view name, std::string_view part) noexcept {
  return name.find(part) != std::string_view::npos;
}

constexpr bool is_feature_policy(std::string_view stem) noexcept {
  const std::size_t at = stem.find("fp");
  return at != std::string_view::npos && at + 2 < stem.size() && is_digit(stem[at + 2]);
}

// *.cnf.xml
constexpr NameClass configuration_class(std::string_view stem) noexcept {
  if (is_of_mac(stem, "sep") || is_of_mac(stem, "ata") || is_of_mac(stem, "vgc")) {
    return NameClass::kPhone;
  }
  if (stem == "xmldefault") {
    return NameClass::kDefault;
  }
  if (stem == "spdefault") {
    return NameClass::kInventory;
  }
  // Soft clients have names of people behind these.
  constexpr auto kSoftClients = std::to_array<std::string_view>({"csf", "bot", "tct", "tab"});
  for (const std::string_view prefix : kSoftClients) {
    if (stem.size() > prefix.size() && stem.starts_with(prefix)) {
      return NameClass::kPhone;
    }
  }
  return contains(stem, "/") ? NameClass::kOther : NameClass::kGateway;
}

// *.cnf
constexpr NameClass legacy_class(std::string_view stem) noexcept {
  if (is_of_mac(stem, "sip") || is_of_mac(stem, "mgc") || stem == "sipdefault" ||
      stem == "mgcdefault") {
    return NameClass::kSip;
  }
  return is_of_mac(stem, "sep") || stem.ends_with("default") ? NameClass::kPhoneLegacy
                                                             : NameClass::kOther;
}

// Any other *.xml
constexpr NameClass xml_class(std::string_view stem) noexcept {
  if (is_of_row(stem, "dr") || stem == "dialplan") {
    return NameClass::kDial;
  }
  if (is_of_row(stem, "sk") || is_feature_policy(stem)) {
    return NameClass::kSoftkey;
  }
  if (stem.starts_with("ringlist") || stem.starts_with("distinctiveringlist") ||
      stem.starts_with("wlan") || stem == "appdialrules" || stem == "dirlookupdialrules" ||
      (stem.starts_with("desktops/") && stem.ends_with("/list"))) {
    return NameClass::kList;
  }
  if (stem.ends_with("-tones") || contains(stem, "-dictionary") || contains(stem, "-kate") ||
      contains(stem, "-font")) {
    return NameClass::kLocale;
  }
  return stem == "global-settings" ? NameClass::kInventory : NameClass::kOther;
}

// 7905, 7912 and ATA: no extension, or a default.
constexpr NameClass short_class(std::string_view name) noexcept {
  struct Kind {
    std::string_view prefix;
    std::string_view fallback;
    NameClass of_name;
  };
  constexpr auto kKinds = std::to_array<Kind>({{"ld", "lddefault.cfg", NameClass::kLd},
                                               {"gk", "gkdefault.cfg", NameClass::kGk},
                                               {"ata", "atadefault.cfg", NameClass::kAta}});
  for (const Kind& kind : kKinds) {
    if (is_of_mac(name, kind.prefix) || name == kind.fallback) {
      return kind.of_name;
    }
  }
  return NameClass::kOther;
}

constexpr bool is_firmware(std::string_view extension, bool is_signed) noexcept {
  if (is_signed &&
      (extension == "zz" || (extension.starts_with("bin") &&
                             std::all_of(extension.begin() + 3, extension.end(), is_digit)))) {
    return true;
  }
  constexpr auto kExtensions =
      std::to_array<std::string_view>({"loads", "sbn", "sb2", "bin", "sbin", "zup"});
  return std::find(kExtensions.begin(), kExtensions.end(), extension) != kExtensions.end();
}

constexpr NameClass class_by_extension(std::string_view name, std::string_view extension,
                                       bool is_signed) noexcept {
  if (extension == "tlv") {
    return name.starts_with("ctl") || name.starts_with("itl") || name.starts_with("ext_")
               ? NameClass::kTrust
               : NameClass::kOther;
  }
  if (is_firmware(extension, is_signed)) {
    return NameClass::kFirmware;
  }
  if (extension == "jar" || contains(name, "-font")) {
    return NameClass::kLocale;
  }
  if (extension == "raw" || extension == "rwb" ||
      (extension == "png" && name.starts_with("desktops/"))) {
    return NameClass::kMedia;
  }
  if (extension == "txt") {
    return name == "os79xx.txt" ? NameClass::kDefault
           : name == "configfilecachelist.txt" || name == "binfilecachelist.txt"
               ? NameClass::kInventory
               : NameClass::kOther;
  }
  return short_class(name);
}

constexpr NameClass class_of(std::string_view canonical_name) noexcept {
  std::string_view name = canonical_name;
  const bool is_signed = strip(name, ".sgn");
  std::string_view stem = name;
  strip(stem, ".enc");
  if (strip(stem, ".cnf.xml")) {
    return configuration_class(stem);
  }
  stem = name;
  if (strip(stem, ".xml")) {
    return xml_class(stem);
  }
  if (strip(stem, ".cnf")) {
    return legacy_class(stem);
  }
  const std::size_t dot = name.rfind('.');
  return dot == std::string_view::npos ? short_class(name)
                                       : class_by_extension(name, name.substr(dot + 1), is_signed);
}

// The digits of a MAC make no difference.
constexpr std::array<NameClass, kShapeCount> kClassOfShape = [] {
  std::array<NameClass, kShapeCount> out{};
  for (std::size_t prefix = 0; prefix < kShapePrefixes.size(); ++prefix) {
    for (std::size_t suffix = 0; suffix < kShapeSuffixes.size(); ++suffix) {
      std::array<char, 64> name{};
      char* end =
          std::copy(kShapePrefixes[prefix].begin(), kShapePrefixes[prefix].end(), name.data());
      end = std::fill_n(end, kMacDigits, '0');
      end = std::copy(kShapeSuffixes[suffix].begin(), kShapeSuffixes[suffix].end(), end);
      out[shape_of(prefix, suffix)] = class_of({name.data(), end});
    }
  }
  return out;
}();

}  // namespace

NameClass name_class(std::string_view canonical_name) noexcept {
  const auto shape = name_shape(canonical_name);
  return shape ? kClassOfShape[*shape] : class_of(canonical_name);
}

NameClass name_class(std::string_view canonical_name, const NameKey& key) noexcept {
  return key.exact ? kClassOfShape[key.shape] : class_of(canonical_name);
}

std::string_view class_word(NameClass name_class) noexcept {
  constexpr std::array<std::string_view, kNameClassCount> kWords = {
      "other", "trust",  "phone",    "phone_legacy", "sip",      "ld",
      "gk",    "ata",    "default",  "gateway",      "dial",     "softkey",
      "list",  "locale", "firmware", "media",        "inventory"};
  const auto number = static_cast<std::size_t>(name_class);
  return number < kWords.size() ? kWords[number] : "unknown";
}

}  // namespace dialtone::abi
