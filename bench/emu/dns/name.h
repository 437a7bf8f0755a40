// SPDX-License-Identifier: Apache-2.0
//
// Names as DNS packets have them (RFC 1035 3.1), and DHCPv6 after them (RFC 8415 section 10):
// labels, each behind its length, and a length of 0 at the end. Pure functions, any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace dialtone::emu {

inline constexpr std::size_t kMaxLabel = 63;

enum class NameEnd : std::uint8_t {
  kWhole,
  kPointer,  // the rest stands elsewhere (RFC 1035 4.1.4); the second byte of where is not taken
  kBroken,   // it is cut off, or has a label that is too long
};

// Takes a name off the front of `bytes`, with dots between its labels in `text`.
NameEnd take_name(std::string_view& bytes, std::string& text);

}  // namespace dialtone::emu
