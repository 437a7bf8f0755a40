// SPDX-License-Identifier: Apache-2.0
#include "control/image/tombstones.h"

#include "dataplane/abi/name_key.h"

#include <algorithm>

namespace dialtone::image_build {

void Tombstones::add(std::string name, Clock::time_point until) {
  if (absent_.size() == abi::kMaxTombstones) {
    absent_.pop_front();
  }
  absent_.push_back({std::move(name), until});
  ++version_;
}

std::vector<abi::Tombstone> Tombstones::table(Clock::time_point now, std::uint64_t seed,
                                              const FileTable& files) const {
  std::vector<abi::Tombstone> table;
  for (const Absent& absent : absent_) {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(absent.until - now).count();
    if (left > 0 && files.find(absent.name) == nullptr) {
      table.push_back(
          {abi::name_key(absent.name, seed).key,
           static_cast<std::uint32_t>(std::min<std::int64_t>(left, abi::kMaxTombstoneMs)), 0});
    }
  }
  // Of two for one name the one that lasts longer.
  std::ranges::sort(table, [](const abi::Tombstone& a, const abi::Tombstone& b) {
    return a.key != b.key ? a.key < b.key : a.left_ms > b.left_ms;
  });
  const auto same = [](const abi::Tombstone& a, const abi::Tombstone& b) { return a.key == b.key; };
  table.erase(std::unique(table.begin(), table.end(), same), table.end());
  return table;
}

}  // namespace dialtone::image_build
