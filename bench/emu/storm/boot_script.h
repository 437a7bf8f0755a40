// SPDX-License-Identifier: Apache-2.0
//
// The files of a phone in their order, for many of them: names without their MAC, which is put in
// when a file is asked for. Immutable; any thread.
#pragma once

#include "bench/emu/device/boot_order.h"
#include "dataplane/base/result.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace dialtone::emu {

// The name of a file, made for one device.
class FileName {
 public:
  static constexpr std::size_t kMost = 47;
  std::string_view view() const noexcept { return {text_.data(), length_}; }

 private:
  friend class BootScript;
  std::array<char, kMost> text_{};
  std::uint8_t length_ = 0;
};

class BootScript {
 public:
  explicit BootScript(BootKind kind);
  // "CTLSEP{MAC}.tlv?,SEP{MAC}.cnf.xml,ringlist.xml": {mac} in lower case; behind '?' stands
  // nothing more: the file may be missing, all others are what the phone needs.
  static Result<BootScript> of_list(std::string_view list);
  // At most kMostFiles, as they are; the phone needs none of them.
  static BootScript of_names(const std::vector<std::string>& names);
  static constexpr std::size_t kMostFiles = 1000;

  std::size_t size() const noexcept { return files_.size(); }
  FileRole role(std::size_t file) const noexcept { return files_[file].role; }
  // Whole files that make a phone ready: all of a list, one of a boot order's configurations.
  std::size_t needed() const noexcept { return needed_; }
  bool is_needed(std::size_t file) const noexcept {
    return role(file) == FileRole::kConfig || role(file) == FileRole::kDefault;
  }
  bool is_if_missing(std::size_t file) const noexcept { return files_[file].if_missing; }
  void write_name(std::size_t file, const wire::MacAddress& mac, FileName& name) const noexcept;

 private:
  BootScript() = default;
  struct File {
    std::string before{};  // the MAC
    std::string after{};
    bool has_mac = false;
    bool is_upper = false;
    FileRole role = FileRole::kOther;
    bool if_missing = false;
  };
  void add(const BootFile& file);
  std::vector<File> files_;
  std::size_t needed_ = 1;
};

}  // namespace dialtone::emu
