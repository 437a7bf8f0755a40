// SPDX-License-Identifier: Apache-2.0
//
// The boot order of one kind of device for many of them: names without their MAC, which is put in
// when a file is asked for. Immutable; any thread.
#pragma once

#include "bench/emu/device/boot_order.h"

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
  std::string_view view() const noexcept { return {text_.data(), length_}; }

 private:
  friend class BootScript;
  std::array<char, 47> text_{};
  std::uint8_t length_ = 0;
};

class BootScript {
 public:
  explicit BootScript(BootKind kind);

  std::size_t size() const noexcept { return files_.size(); }
  FileRole role(std::size_t file) const noexcept { return files_[file].role; }
  bool is_if_missing(std::size_t file) const noexcept { return files_[file].if_missing; }
  void write_name(std::size_t file, const wire::MacAddress& mac, FileName& name) const noexcept;

 private:
  struct File {
    std::string before{};  // the MAC
    std::string after{};
    bool has_mac = false;
    bool is_upper = false;
    FileRole role = FileRole::kOther;
    bool if_missing = false;
  };
  std::vector<File> files_;
};

}  // namespace dialtone::emu
