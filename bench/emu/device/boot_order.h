// SPDX-License-Identifier: Apache-2.0
//
// Which files a device asks for after power-on, in the order of its firmware. Facts: cisco-tftp 9.2
// and 2.3. Pure functions, any thread.
#pragma once

#include "dataplane/wire/mac_address.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace dialtone::emu {

// What a file is to its device.
enum class FileRole : std::uint8_t {
  kTrust,    // CTL and ITL: that they are not there is normal
  kConfig,   // the device's own
  kDefault,  // for devices that have none of their own
  kLoad,     // firmware, and the list of its parts
  kOther,    // what phones share: ring lists, dial plans, SIPDefault.cnf
};
std::string_view role_name(FileRole role) noexcept;

struct BootFile {
  std::string name;
  FileRole role = FileRole::kOther;
  bool if_missing = false;  // only when the one before it was not there
};

// Devices whose firmware boots alike.
enum class BootKind : std::uint8_t {
  kPhone,            // 7941 and later: CTL, ITL, SEP<MAC>.cnf.xml
  kPhone7940Sccp,    // 7940 and 7960
  kPhone7940Sip,     // SIPDefault.cnf and SIP<MAC>.cnf
  kPhone7905,        // ld<mac>
  kPhone7912,        // gk<mac>
  kPhone7905Sccp,    // 7902, 7905 and 7912: SEP<mac>.cnf.xml in lower case
  kPhoneWireless,    // 792x
  kPhoneBefore2004,  // 7910, 7940 and 7960 of cm3: no trust lists
  kPhoneCnf,         // 12 SP+ and its like: SEP<MAC>.cnf
  kAta,              // 187 and later: ATA<MAC>.cnf.xml
  kGateway,          // <name>.cnf.xml
};

struct Model {
  std::string_view name;  // as `--model` has it: "7941"
  std::uint32_t number;   // by which a call manager knows it (cisco-tftp 2.2)
  BootKind sccp;
  std::optional<BootKind> sip;  // none: there is no such firmware
};
std::span<const Model> models() noexcept;
const Model* find_model(std::string_view name) noexcept;

// 12 hexadecimal digits, as names have them.
std::string mac_digits(const wire::MacAddress& mac, bool upper);

// "SEP001122334455": under which a device of this kind is known.
std::string device_name(BootKind kind, const wire::MacAddress& mac);

// The same device for its call manager: a phone is SEP<MAC> there, whatever its files are called.
std::string registered_name(BootKind kind, const wire::MacAddress& mac);

// `name` is of a gateway: without ".cnf.xml".
std::vector<BootFile> boot_order(BootKind kind, const wire::MacAddress& mac,
                                 std::string_view name = {});

}  // namespace dialtone::emu
