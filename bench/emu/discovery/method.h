// SPDX-License-Identifier: Apache-2.0
//
// The ways in which a device learns of its TFTP server, and which of them it believes first.
// Facts: cisco-tftp 12.1; features 46 to 67. Pure functions, any thread.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace dialtone::emu {

enum class Method : std::uint8_t {
  kLocal,       // an address set on the gateway, or on an old phone
  kAlternate,   // a phone's own setting "Alternate TFTP": yes
  kCiscoCm1,    // the DNS name CiscoCM1 of the device's domain
  kSiaddr,      // Next-Server of the BOOTP header
  kOption150,   // addresses (RFC 5859)
  kSname,       // a host name in the BOOTP header
  kOption66,    // a host name or one address (RFC 2132 9.4)
  kSubOption1,  // DHCPv6 vendor options of enterprise 9: addresses, as option 150
  kSubOption2,  // a host name, as option 66
  kNvram,       // what served last time, when nothing else answers
};

// As in a timeline and behind `via`: "CiscoCM1", "150", "subopt2".
std::string_view method_name(Method method) noexcept;

// Whom a device believes, first to last. None of them says anything: kNvram.
enum class Precedence : std::uint8_t {
  kGateway,  // and phones with firmware before 8.0(4)
  kPhone,    // from firmware 8.0(4) on
  kIpv6,
};
std::span<const Method> methods_of(Precedence precedence) noexcept;

}  // namespace dialtone::emu
