// SPDX-License-Identifier: Apache-2.0
//
// What kind of file a canonical name asks for, whether it is served or not: misses are counted by
// it too. The name alone decides (facts: cisco-tftp 9.7), so a file with a name of the
// administrator's own, as a dial plan may have, is kOther. The signed twin (.sgn) of a file has the
// class of the file. Hot: some compares, no allocation.
#pragma once

#include "dataplane/abi/name_key.h"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace dialtone::abi {

enum class NameClass : std::uint8_t {
  kOther,
  kTrust,        // ctlsep<mac>.tlv, itlfile.tlv
  kPhone,        // sep<mac>.cnf.xml, .cnf.xml.enc; ata, vgc, csf, bot, tct, tab likewise
  kPhoneLegacy,  // sep<mac>.cnf, sepdefault.cnf and other <type>default.cnf
  kSip,          // sip<mac>.cnf, sipdefault.cnf, mgc<mac>.cnf: 7940 and 7960
  kLd,           // ld<mac>, lddefault.cfg: 7905
  kGk,           // gk<mac>, gkdefault.cfg: 7912
  kAta,          // ata<mac>, atadefault.cfg: ATA 186 and 188
  kDefault,      // xmldefault.cnf.xml, os79xx.txt
  kGateway,      // any other .cnf.xml
  kDial,         // dr<id>.xml, dialplan.xml
  kSoftkey,      // sk<id>.xml, and feature policies: <name>fp<number>...xml
  kList,         // ringlist.xml, desktops/.../list.xml, appdialrules.xml, wlan...xml
  kLocale,       // .jar, tones, dictionaries, fonts
  kFirmware,     // .loads, .sbn, .bin
  kMedia,        // .raw, .rwb, pictures of desktops
  kInventory,    // configfilecachelist.txt, global-settings.xml
};
inline constexpr std::size_t kNameClassCount = 17;

NameClass name_class(std::string_view canonical_name) noexcept;

// The same for who has the name's key: those of phones cost one read.
NameClass name_class(std::string_view canonical_name, const NameKey& key) noexcept;

// "phone_legacy", as in the names of its counters; "unknown" for what is no class.
std::string_view class_word(NameClass name_class) noexcept;

}  // namespace dialtone::abi
