// SPDX-License-Identifier: Apache-2.0
//
// Writes files one after the other into as many segments as they need, so that a folder of more
// than 4 GiB is no special case. One thread.
//
//   SegmentStack stack;
//   auto room = stack.begin("ringlist.xml", size);     // Result<span>
//   stack.commit(read_into(*room), meta);
//   auto files = stack.finish();                       // name and place of each
#pragma once

#include "control/image/file_table.h"
#include "control/image/memfd_space.h"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace dialtone::image_build {

class SegmentStack {
 public:
  using Files = FileTable::Files;

  // Below this, huge pages would mostly be empty.
  static constexpr std::uint64_t kHugeFrom = std::uint64_t{4} << 20;

  // `total` is what is expected in all: large segments lie on huge pages when some are free.
  explicit SegmentStack(std::uint64_t total = 0, bool huge_pages = false)
      : is_much_(total >= kHugeFrom), huge_(huge_pages && is_much_) {}

  // As abi::SegmentWriter. A file of nearly 4 GiB or more is refused. When huge pages run out or
  // cannot be had at all, the rest goes to ordinary ones.
  Result<std::span<std::byte>> begin(std::string_view canonical_name, std::size_t max_length);
  void commit(std::size_t length, const abi::FileMeta& meta);

  // Seals what was written. Nothing more after it. Once a segment could not be sealed, its files
  // are lost: from then on begin() and this return the reason.
  Result<Files> finish();

 private:
  Result<void> open_segment();
  Result<void> close_segment();

  bool is_much_;
  bool huge_;
  std::unique_ptr<MemfdSpace> space_;
  std::unique_ptr<abi::SegmentWriter> writer_;
  std::string name_;       // of the file begun
  std::size_t first_ = 0;  // of the open segment, in files_
  Files files_;
  std::optional<Error> lost_;  // why a segment could not be sealed
};

}  // namespace dialtone::image_build
