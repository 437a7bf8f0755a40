// SPDX-License-Identifier: Apache-2.0
#include "bench/emu/tftp/option_ack.h"

#include "dataplane/base/whole_number.h"

#include <strings.h>

#include <cstdint>
#include <string_view>

namespace dialtone::emu {
namespace {

// Cuts a NUL-ended text off the front.
std::optional<std::string_view> take_text(std::string_view& rest) noexcept {
  const std::size_t end = rest.find('\0');
  if (end == std::string_view::npos) {
    return std::nullopt;
  }
  const std::string_view text = rest.substr(0, end);
  rest.remove_prefix(end + 1);
  return text;
}

bool is(std::string_view name, std::string_view option) noexcept {
  return name.size() == option.size() &&
         ::strncasecmp(name.data(), option.data(), option.size()) == 0;
}

// Between `least` and what was asked for, and for the first time.
bool grant(std::uint64_t value, std::uint16_t least, std::uint16_t asked, bool& seen,
           std::uint16_t& granted) noexcept {
  if (seen || value < least || value > asked) {
    return false;
  }
  seen = true;
  granted = static_cast<std::uint16_t>(value);
  return true;
}

}  // namespace

std::optional<Granted> parse_option_ack(std::span<const std::byte> body,
                                        const AskedFor& asked) noexcept {
  std::string_view rest(reinterpret_cast<const char*>(body.data()), body.size());
  Granted granted;
  bool has_block_size = false;
  bool has_window = false;
  while (!rest.empty()) {
    const auto name = take_text(rest);
    const auto text = name ? take_text(rest) : std::nullopt;
    const auto value = text ? whole_number<std::uint64_t>(*text) : std::nullopt;
    if (!value) {
      return std::nullopt;
    }
    bool right = false;
    if (is(*name, "blksize")) {
      right = grant(*value, 8, asked.block_size, has_block_size, granted.block_size);
    } else if (is(*name, "windowsize")) {
      right = grant(*value, 1, asked.window, has_window, granted.window);
    } else if (is(*name, "tsize")) {
      right = asked.size && !granted.size;
      granted.size = *value;
    }
    if (!right) {
      return std::nullopt;
    }
  }
  return granted;
}

}  // namespace dialtone::emu
