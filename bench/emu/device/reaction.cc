// SPDX-License-Identifier: Apache-2.0
#include "bench/emu/device/reaction.h"

#include <algorithm>
#include <array>
#include <span>

namespace dialtone::emu {
namespace {

constexpr std::uint16_t kNotFound = 1;
constexpr std::uint16_t kAccessViolation = 2;

bool holds(std::string_view text, std::string_view word) noexcept {
  return std::search(text.begin(), text.end(), word.begin(), word.end(),
                     [](char a, char b) { return (a | 0x20) == (b | 0x20); }) != text.end();
}

bool holds_any(std::string_view text, std::span<const std::string_view> words) noexcept {
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return holds(text, word); });
}

}  // namespace

Reaction react(std::uint16_t code, std::string_view text) noexcept {
  constexpr std::array<std::string_view, 4> kLater{"disk full", "delay", "busy", "later"};
  if (code == kNotFound) {
    return Reaction::kNextFile;
  }
  if (holds(text, "allocation exceeded")) {
    return Reaction::kNextServer;
  }
  return holds_any(text, kLater) ? Reaction::kComeBack : Reaction::kGiveUpFile;
}

std::string_view status_message(std::uint16_t code) noexcept {
  switch (code) {
    case kNotFound:
      return "";
    case kAccessViolation:
      return "TFTP access error";
    default:
      return "TFTP error";
  }
}

}  // namespace dialtone::emu
