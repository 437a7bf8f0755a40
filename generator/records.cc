// SPDX-License-Identifier: Apache-2.0
#include "generator/records.h"

#include "dataplane/base/check.h"

#include <algorithm>

namespace dialtone::generator {
namespace {

constexpr std::size_t kBlockBytes = 256 * 1024;

template <typename T>
T& add(std::vector<T>& all, RecordRange& range) {
  if (range.count == 0) {
    range.begin = static_cast<std::uint32_t>(all.size());
  }
  DIALTONE_CHECK(range.begin + range.count == all.size());
  ++range.count;
  return all.emplace_back();
}

constexpr bool is_letter(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

}  // namespace

void DeviceBatch::clear() noexcept {
  devices_.clear();
  lines_.clear();
  speed_dials_.clear();
  overrides_.clear();
  modules_.clear();
  block_ = 0;
  used_ = 0;
}

void DeviceBatch::make_room(std::size_t bytes) {
  while (block_ < blocks_.size() && blocks_[block_].size - used_ < bytes) {
    ++block_;
    used_ = 0;
  }
  if (block_ == blocks_.size()) {
    const std::size_t size = std::max(kBlockBytes, bytes);
    blocks_.push_back({std::make_unique<char[]>(size), size});
    used_ = 0;
  }
}

DeviceRecord& DeviceBatch::add_device() {
  return devices_.emplace_back();
}

LineRecord& DeviceBatch::add_line(std::size_t device) {
  return add(lines_, devices_.at(device).lines);
}

SpeedDial& DeviceBatch::add_speed_dial(std::size_t device) {
  return add(speed_dials_, devices_.at(device).speed_dials);
}

TagOverride& DeviceBatch::add_override(std::size_t device) {
  return add(overrides_, devices_.at(device).overrides);
}

AddOnModule& DeviceBatch::add_module(std::size_t device) {
  return add(modules_, devices_.at(device).modules);
}

bool is_tag_name(std::string_view name) noexcept {
  constexpr std::size_t kMaxTagName = 64;
  if (name.empty() || name.size() > kMaxTagName || !is_letter(name[0])) {
    return false;
  }
  return std::all_of(name.begin(), name.end(), [](char c) {
    return is_letter(c) || (c >= '0' && c <= '9') || c == '-' || c == '.';
  });
}

}  // namespace dialtone::generator
