// SPDX-License-Identifier: Apache-2.0
//
// The files of one device: which it gets, and how they are called. Facts: cisco-tftp 2.3, 3.1, 5.1
// and 6. Hot where a build asks; pure; any thread.
#pragma once

#include "dataplane/abi/canonical_name.h"
#include "generator/shared_rows.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace dialtone::generator {

enum class DeviceFile : std::uint8_t {
  kXml,      // SEP<mac>.cnf.xml, and the same behind any other name
  kSip7960,  // SIP<MAC>.cnf
  kLd,       // ld<mac>
  kGk,       // gk<mac>
  kAta,      // ata<mac>
  kCnf,      // SEP<MAC>.cnf
};
inline constexpr std::size_t kDeviceFileCount = 6;
inline constexpr std::size_t kMaxDeviceFiles = 3;  // of one device: its own, .cnf.xml and .cnf

inline constexpr std::array<DeviceFile, kDeviceFileCount> kAllDeviceFiles = {
    DeviceFile::kXml, DeviceFile::kSip7960, DeviceFile::kLd,
    DeviceFile::kGk,  DeviceFile::kAta,     DeviceFile::kCnf};

// A few of them, in the order of the enum.
class DeviceFileSet {
 public:
  constexpr DeviceFileSet with(DeviceFile file) const noexcept {
    DeviceFileSet set = *this;
    set.bits_ = static_cast<std::uint8_t>(set.bits_ | 1U << static_cast<unsigned>(file));
    return set;
  }
  constexpr DeviceFileSet without(DeviceFile file) const noexcept {
    DeviceFileSet set = *this;
    set.bits_ = static_cast<std::uint8_t>(set.bits_ & ~(1U << static_cast<unsigned>(file)));
    return set;
  }
  constexpr DeviceFileSet without(DeviceFileSet others) const noexcept {
    DeviceFileSet set = *this;
    set.bits_ = static_cast<std::uint8_t>(set.bits_ & ~others.bits_);
    return set;
  }
  static constexpr DeviceFileSet all() noexcept {
    DeviceFileSet set;
    for (const DeviceFile file : kAllDeviceFiles) {
      set = set.with(file);
    }
    return set;
  }
  friend constexpr bool operator==(DeviceFileSet, DeviceFileSet) noexcept = default;
  constexpr bool has(DeviceFile file) const noexcept {
    return (bits_ >> static_cast<unsigned>(file) & 1U) != 0;
  }

 private:
  std::uint8_t bits_ = 0;
};

// What a device of such a model gets. .cnf.xml is made for all that can read it, and for every
// device under BuildCnf::kAll; .cnf as `policy` says.
DeviceFileSet files_of(Family family, bool selective_cnf, BuildCnf policy) noexcept;

// False when the device's name cannot be in the name of such a file: it holds a path, is too long,
// or has no MAC address where one is needed.
bool device_file_name(DeviceFile file, std::string_view device, abi::CanonicalName& name) noexcept;

// As people spell it: SEP<MAC>.cnf.xml, SIP<MAC>.cnf, ld<mac>. Empty where there is none.
std::string spelled_file_name(DeviceFile file, std::string_view device);

}  // namespace dialtone::generator
