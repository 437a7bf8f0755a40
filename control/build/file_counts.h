// SPDX-License-Identifier: Apache-2.0
//
// How many built files of each class an image has, kept in step with each build: to read the
// records of all files for it would take milliseconds of whoever asks. A signed form is not counted
// beside what it signs. One thread.
#pragma once

#include "control/image/image.h"

#include <array>
#include <cstdint>
#include <string_view>

namespace dialtone::build {

class FileCounts {
 public:
  std::uint64_t of(abi::FileClass file_class) const noexcept {
    return counts_[static_cast<std::size_t>(file_class)];
  }

  void add(abi::FileClass file_class, std::uint64_t files) noexcept {
    counts_[static_cast<std::size_t>(file_class)] += files;
  }
  // A file that the image gets; one that is not built is not counted.
  void add(std::string_view name, const image_build::FileEntry& entry) noexcept;
  // What `files` have once Image::apply() has taken over the change.
  void follow(const image_build::FileTable& files, const image_build::ImageChange& change);

  bool operator==(const FileCounts&) const = default;

 private:
  void count(std::string_view name, const image_build::FileEntry& entry, bool is_added) noexcept;

  std::array<std::uint64_t, abi::kFileClassCount> counts_{};
};

}  // namespace dialtone::build
