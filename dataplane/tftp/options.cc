// SPDX-License-Identifier: Apache-2.0
#include "dataplane/tftp/options.h"

#include <array>
#include <optional>

namespace dialtone::tftp {
namespace {

struct Rule {
  std::string_view name;
  std::uint64_t least;
  std::uint64_t most;
};

// In the order of Option.
constexpr std::array<Rule, kOptionCount> kRules = {{
    // A size above the bound is asked for by clients that mean "as large as you can": they get
    // less, which RFC 2348 allows; a size below it has no smaller answer, and is left out.
    {"blksize", kMinBlockSize, UINT32_MAX},
    {"blksize2", kMinBlockSize, UINT32_MAX},
    // The value of a read request is 0, but some clients send what they know: it says nothing.
    {"tsize", 0, UINT64_MAX},
    {"timeout", 1, 255},
    {"utimeout", kMinTimeoutUs, 255'000'000},
    {"windowsize", 1, 65535},
    {"rollover", 0, 1},
}};

constexpr char lower(char letter) noexcept {
  return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter | 0x20) : letter;
}

bool is_name(std::string_view text, std::string_view name) noexcept {
  if (text.size() != name.size()) {
    return false;
  }
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (lower(text[i]) != name[i]) {
      return false;
    }
  }
  return true;
}

// Digits and nothing else: no sign, no blank, no 0x, nothing behind, no wrap at 2^64.
std::optional<std::uint64_t> number(std::string_view text) noexcept {
  if (text.empty() || (text.size() > 1 && text[0] == '0')) {
    return std::nullopt;  // the OACK has to repeat a timeout as it was written
  }
  std::uint64_t value = 0;
  for (const char digit : text) {
    if (digit < '0' || digit > '9' || __builtin_mul_overflow(value, 10, &value) ||
        __builtin_add_overflow(value, static_cast<std::uint64_t>(digit - '0'), &value)) {
      return std::nullopt;
    }
  }
  return value;
}

// The text up to the next NUL, and `text` moves behind it; nothing when there is no NUL.
std::optional<std::string_view> next(std::string_view& text) noexcept {
  const std::size_t end = text.find('\0');
  if (end == std::string_view::npos) {
    return std::nullopt;
  }
  const std::string_view field = text.substr(0, end);
  text.remove_prefix(end + 1);
  return field;
}

}  // namespace

std::string_view option_name(Option option) noexcept {
  return kRules[static_cast<std::size_t>(option)].name;
}

bool parse_options(std::string_view text, AskedOptions& out) noexcept {
  std::uint32_t seen = 0;
  for (;;) {
    const auto name = next(text);
    if (!name || name->empty()) {
      return true;
    }
    const auto value = next(text);
    if (!value) {
      return true;
    }
    for (std::size_t i = 0; i < kOptionCount; ++i) {
      if (!is_name(*name, kRules[i].name)) {
        continue;
      }
      if ((seen & 1u << i) != 0) {
        return false;
      }
      seen |= 1u << i;
      const auto asked = number(*value);
      if (asked && *asked >= kRules[i].least && *asked <= kRules[i].most) {
        out.set(static_cast<Option>(i), *asked);
      }
      break;
    }
  }
}

}  // namespace dialtone::tftp
