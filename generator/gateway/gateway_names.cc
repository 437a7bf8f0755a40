// SPDX-License-Identifier: Apache-2.0
#include "generator/gateway/gateway_names.h"

#include "generator/spelling.h"

#include <algorithm>
#include <array>

namespace dialtone::generator {
namespace {

struct Kind {
  std::string_view prefix;  // empty: a host name
  std::size_t digits;       // of the MAC address, its last
};
// In the order of GatewayKind.
constexpr std::array<Kind, kGatewayKindCount> kKinds = {
    {{"", 0}, {"SKIGW", 10}, {"VGC", 12}, {"SAA", 12}, {"SDA", 12}}};

constexpr std::size_t kMacDigits = 12;
constexpr std::size_t kMaxLabel = 63;  // RFC 1035
constexpr std::size_t kMaxHost = 64;
constexpr std::string_view kSuffix = ".cnf.xml";
constexpr std::string_view kEndpoint = "endpoint";

const Kind& kind_of(GatewayKind kind) noexcept {
  return kKinds[static_cast<std::size_t>(kind)];
}

bool is_letter_or_digit(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

// RFC 1123, and '_', which host names of IOS have.
bool is_label(std::string_view label) noexcept {
  return !label.empty() && label.size() <= kMaxLabel && label.front() != '-' &&
         label.back() != '-' && std::all_of(label.begin(), label.end(), [](char c) {
           return is_letter_or_digit(c) || c == '-' || c == '_';
         });
}

bool are_labels(std::string_view name) noexcept {
  for (;;) {
    const std::size_t dot = name.find('.');
    if (!is_label(name.substr(0, dot))) {
      return false;
    }
    if (dot == name.npos) {
      return true;
    }
    name.remove_prefix(dot + 1);
  }
}

bool is_hex(std::string_view text, std::size_t digits) noexcept {
  return text.size() == digits && text.find_first_not_of("0123456789ABCDEF") == text.npos;
}

std::string upper_without_separators(std::string_view text) {
  std::string bare;
  for (const char c : text) {
    if (!is_mac_separator(c)) {
      bare += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    }
  }
  return bare;
}

constexpr std::string_view kLabels =
    "letters, digits, '-' and '_', with '.' between parts of at most 63";

}  // namespace

std::string_view word_of(GatewayKind kind) noexcept {
  return kGatewayKindWords[static_cast<std::size_t>(kind)];
}

std::optional<GatewayKind> gateway_kind_of(std::string_view word) noexcept {
  for (std::size_t i = 0; i < kGatewayKindWords.size(); ++i) {
    if (kGatewayKindWords[i] == word) {
      return static_cast<GatewayKind>(i);
    }
  }
  return std::nullopt;
}

Result<std::string> gateway_name(GatewayKind kind, std::string_view text) {
  const Kind& form = kind_of(kind);
  if (form.prefix.empty()) {
    if (text.size() > kMaxHost) {
      return refused(quoted(text) + " is too long for the host name of a gateway: at most " +
                     std::to_string(kMaxHost) + " characters; put its domain into 'domain'");
    }
    return are_labels(text)
               ? Result<std::string>(std::string(text))
               : refused(quoted(text) + " is no host name of a gateway: " + std::string(kLabels));
  }
  const std::string bare = upper_without_separators(text);
  if (is_hex(bare, kMacDigits)) {
    return std::string(form.prefix) + bare.substr(kMacDigits - form.digits);
  }
  if (bare.starts_with(form.prefix) &&
      is_hex(std::string_view(bare).substr(form.prefix.size()), form.digits)) {
    return bare;
  }
  return refused(quoted(text) + " is no name of a gateway of kind " + std::string(word_of(kind)) +
                 ": give its MAC address, or " + std::string(form.prefix) + " and " +
                 (form.digits == kMacDigits ? "the 12" : "the last 10") +
                 " hexadecimal digits of it");
}

Result<void> check_domain(std::string_view domain) {
  return domain.empty() || are_labels(domain)
             ? Result<void>()
             : refused(quoted(domain) + " is no domain: " + std::string(kLabels));
}

std::string full_name(const Gateway& gateway) {
  return gateway.kind != GatewayKind::kMgcp || gateway.domain.empty()
             ? gateway.name
             : gateway.name + "." + gateway.domain;
}

std::string gateway_file_name(const Gateway& gateway) {
  return full_name(gateway).append(kSuffix);
}

bool is_digital(const GatewaySubunit& subunit) noexcept {
  return subunit.product.find("T1") != std::string::npos ||
         subunit.product.find("E1") != std::string::npos;
}

std::string endpoint_name(const Gateway& gateway, const GatewayUnit& unit,
                          const GatewaySubunit& subunit, const GatewayPort& port) {
  const auto own = std::find_if(port.settings.begin(), port.settings.end(),
                                [](const Tag& tag) { return tag.name == kEndpoint; });
  if (own != port.settings.end() && !own->value.empty()) {
    return own->value;
  }
  const std::string u = std::to_string(unit.unit);
  const std::string s = std::to_string(subunit.subunit);
  const std::string p = std::to_string(port.port);
  if (gateway.kind == GatewayKind::kMgcp) {
    return is_digital(subunit) ? "S" + u + "/SU" + s + "/DS1-" + p + "@" + full_name(gateway)
                               : "AALN/S" + u + "/SU" + s + "/" + p + "@" + full_name(gateway);
  }
  if (gateway.kind != GatewayKind::kSccp) {
    return u + "/" + s + "/" + p;
  }
  const std::string_view prefix = kind_of(gateway.kind).prefix;
  if (unit.unit > 7 || subunit.subunit > 3 || port.port > 127 ||
      gateway.name.size() <= prefix.size()) {
    return {};
  }
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  const std::uint32_t code = unit.unit << 9 | subunit.subunit << 7 | port.port;
  std::string name = "AN" + gateway.name.substr(prefix.size());
  for (const unsigned shift : {8U, 4U, 0U}) {
    name += kDigits[code >> shift & 15U];
  }
  return name;
}

std::string gateway_of_endpoint(std::string_view endpoint) {
  constexpr std::string_view kPrefix = "AN";
  constexpr std::size_t kDigits = 10;
  return endpoint.starts_with(kPrefix) && is_hex(endpoint.substr(kPrefix.size()), kDigits + 3)
             ? "SKIGW" + std::string(endpoint.substr(kPrefix.size(), kDigits))
             : std::string();
}

void name_endpoints(Gateway& gateway) {
  for (GatewayUnit& unit : gateway.units) {
    for (GatewaySubunit& subunit : unit.subunits) {
      for (GatewayPort& port : subunit.ports) {
        port.endpoint = endpoint_name(gateway, unit, subunit, port);
      }
    }
  }
}

}  // namespace dialtone::generator
