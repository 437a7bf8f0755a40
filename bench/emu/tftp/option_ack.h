// SPDX-License-Identifier: Apache-2.0
//
// What an OACK grants (RFC 2347), read as a strict client reads it: it has no rules in common with
// the code that wrote it. Pure functions, any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace dialtone::emu {

// What a request asks for; 0 and false: it does not.
struct AskedFor {
  std::uint16_t block_size = 0;
  std::uint16_t window = 0;
  bool size = false;
  bool stray_nul = false;  // behind the mode, as phones of 2000 send it (cisco-tftp 9.4)

  bool any() const noexcept { return block_size != 0 || window != 0 || size; }
};

struct Granted {
  std::uint16_t block_size = 512;
  std::uint16_t window = 1;
  std::optional<std::uint64_t> size;
};

// `body` is what follows the opcode. Nothing: an option that was not asked for, one that stands
// there twice, a value that is no number or more than was asked for, or a NUL that is missing.
std::optional<Granted> parse_option_ack(std::span<const std::byte> body,
                                        const AskedFor& asked) noexcept;

}  // namespace dialtone::emu
