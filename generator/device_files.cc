// SPDX-License-Identifier: Apache-2.0
#include "generator/device_files.h"

#include <algorithm>

namespace dialtone::generator {
namespace {

struct Form {
  std::string_view prefix;  // in front of the MAC address; empty: of the device's whole name
  std::string_view suffix;
  bool lower;  // the MAC address
};
// In the order of DeviceFile.
constexpr std::array<Form, kDeviceFileCount> kForms = {{{"", ".cnf.xml", false},
                                                        {"SIP", ".cnf", false},
                                                        {"ld", "", true},
                                                        {"gk", "", true},
                                                        {"ata", "", true},
                                                        {"SEP", ".cnf", false}}};

constexpr std::size_t kMacDigits = 12;
constexpr std::size_t kPrefix = 3;  // SEP, ATA: letters in front of the MAC

// Empty: the name holds none.
std::string_view mac_of(std::string_view device) noexcept {
  if (device.size() != kPrefix + kMacDigits) {
    return {};
  }
  const std::string_view mac = device.substr(kPrefix);
  return mac.find_first_not_of("0123456789ABCDEFabcdef") == mac.npos ? mac : std::string_view();
}

char lower(char c) noexcept {
  return c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c;
}

// The length; 0 for none. `out` has room for abi::kMaxNameLength.
std::size_t spell(DeviceFile file, std::string_view device, char* out) noexcept {
  const Form& form = kForms[static_cast<std::size_t>(file)];
  const std::string_view stem = file == DeviceFile::kXml ? device : mac_of(device);
  // The name may hold no path: it becomes part of one.
  if (stem.empty() || form.prefix.size() + stem.size() + form.suffix.size() > abi::kMaxNameLength ||
      stem.find_first_of("/\\") != stem.npos) {
    return 0;
  }
  char* end = std::copy(form.prefix.begin(), form.prefix.end(), out);
  end = form.lower ? std::transform(stem.begin(), stem.end(), end, lower)
                   : std::copy(stem.begin(), stem.end(), end);
  end = std::copy(form.suffix.begin(), form.suffix.end(), end);
  return static_cast<std::size_t>(end - out);
}

DeviceFile own_file(Family family) noexcept {
  switch (family) {
    case Family::kSip7960:
      return DeviceFile::kSip7960;
    case Family::kLd:
      return DeviceFile::kLd;
    case Family::kGk:
      return DeviceFile::kGk;
    case Family::kAta:
      return DeviceFile::kAta;
    case Family::kSep:
    case Family::kCnf:
      break;
  }
  return DeviceFile::kXml;
}

}  // namespace

DeviceFileSet files_of(Family family, bool selective_cnf, BuildCnf policy) noexcept {
  DeviceFileSet files = DeviceFileSet().with(own_file(family));
  const bool all = policy == BuildCnf::kAll;
  if (all) {
    files = files.with(DeviceFile::kXml);
  }
  return all || (policy == BuildCnf::kSelective && selective_cnf) ? files.with(DeviceFile::kCnf)
                                                                  : files;
}

bool device_file_name(DeviceFile file, std::string_view device, abi::CanonicalName& name) noexcept {
  std::array<char, abi::kMaxNameLength> spelled;
  const std::size_t length = spell(file, device, spelled.data());
  return length != 0 && abi::canonicalize({spelled.data(), length}, name);
}

std::string spelled_file_name(DeviceFile file, std::string_view device) {
  std::array<char, abi::kMaxNameLength> spelled;
  return {spelled.data(), spell(file, device, spelled.data())};
}

}  // namespace dialtone::generator
