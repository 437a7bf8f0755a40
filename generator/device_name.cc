// SPDX-License-Identifier: Apache-2.0
#include "generator/device_name.h"

#include "generator/spelling.h"

#include <algorithm>
#include <array>

namespace dialtone::generator {
namespace {

constexpr std::size_t kMaxName = 64;

// Followed by a MAC. SKIGW and AN take parts of one, and a code.
constexpr std::array<std::string_view, 3> kMacPrefixes = {"SEP", "ATA", "VGC"};
// Followed by what the administrator likes.
constexpr std::array<std::string_view, 6> kFreePrefixes = {"CSF", "BOT",   "TCT",
                                                           "TAB", "SKIGW", "AN"};

constexpr char upper(char c) noexcept {
  return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}

bool begins_with(std::string_view name, std::string_view prefix) noexcept {
  return name.size() >= prefix.size() &&
         std::equal(prefix.begin(), prefix.end(), name.begin(),
                    [](char wanted, char c) { return wanted == upper(c); });
}

// Null: it has none of them.
const std::string_view* mac_prefix(std::string_view name) noexcept {
  const auto* found =
      std::find_if(kMacPrefixes.begin(), kMacPrefixes.end(),
                   [&](std::string_view prefix) { return begins_with(name, prefix); });
  return found == kMacPrefixes.end() ? nullptr : found;
}

bool is_plain(std::string_view text) noexcept {
  return std::all_of(text.begin(), text.end(), [](char each) {
    const char c = upper(each);
    return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
  });
}

bool is_free(std::string_view name) noexcept {
  return name.size() <= kMaxName && is_plain(name) &&
         std::any_of(kFreePrefixes.begin(), kFreePrefixes.end(), [&](std::string_view prefix) {
           return begins_with(name, prefix) && name.size() > prefix.size();
         });
}

}  // namespace

bool is_mac(std::string_view text) noexcept {
  return text.size() == kMacDigits && std::all_of(text.begin(), text.end(), [](char each) {
           const char c = upper(each);
           return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'F');
         });
}

bool has_mac_prefix(std::string_view name) noexcept {
  return mac_prefix(name) != nullptr;
}

std::string device_name_fault(std::string_view name) {
  if (const std::string_view* prefix = mac_prefix(name)) {
    return is_mac(name.substr(prefix->size()))
               ? std::string()
               : quoted(name) + " is no device name: " + std::string(*prefix) +
                     " is followed by the 12 hexadecimal digits of the MAC address";
  }
  return is_free(name)
             ? std::string()
             : quoted(name) +
                   " is no device name: give a MAC address (SEP001122334455, 00:11:22:33:44:55), "
                   "or a name that begins with ATA, VGC, CSF, BOT, TCT, TAB, SKIGW or AN";
}

}  // namespace dialtone::generator
