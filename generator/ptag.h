// SPDX-License-Identifier: Apache-2.0
//
// The parameters of ld<mac> (7905), gk<mac> (7912) and ata<mac> (ATA 18x): tag, type and size of
// each, and whether a text is a value of it. Facts: cisco-tftp 5.1 and 5.2. Tags mean different
// things to different families, so each has a table. Hot for devices of these families: no
// allocation unless something is wrong. Pure; any thread.
#pragma once

#include "dataplane/base/result.h"
#include "generator/campus.h"
#include "generator/shared_rows.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace dialtone::generator {

enum class PtagType : std::uint8_t {
  kAddress,      // a.b.c.d
  kNumber,       // of 32 bits, in decimal
  kHex,          // of 32 bits, in decimal or, with 0x, in hexadecimal
  kBoolean,      // 0 or 1
  kDigits,       // digits and dots
  kText,         // printable ASCII
  kShorts,       // numbers of 16 bits, with commas between them: size / 2 of them at most
  kAddressPort,  // a.b.c.d.port
};

// Which firmware reads a parameter; only ATA 18x come with more than one.
enum PtagContext : std::uint8_t { kPtagSip = 2, kPtagSccp = 8, kPtagAny = 15 };

struct Ptag {
  std::uint16_t tag;
  PtagType type;
  std::string_view name;
  std::uint16_t size;  // bytes of the value
  std::uint8_t context = kPtagAny;
};

bool has_ptags(Family family) noexcept;
std::span<const Ptag> ptags(Family family) noexcept;
bool has_ptag(Family family, std::string_view name) noexcept;
std::vector<std::string_view> ptag_names(Family family);

// Why no firmware of `context`, of PtagContext, takes the parameter with this value; empty: one
// does.
std::string ptag_fault(Family family, unsigned context, std::string_view name,
                       std::string_view value);

// Whose a profile is: the cure of a wrong value depends on it.
enum class ProfileOf : std::uint8_t { kDevice, kFamily };

// A whole profile in its text form: "#txt", then Name:Value lines and comments. The Error has all
// faults, each with the parameter, what it takes and what to do.
Result<void> check_profile(Family family, Protocol protocol, std::string_view text,
                           ProfileOf of = ProfileOf::kDevice);

}  // namespace dialtone::generator
