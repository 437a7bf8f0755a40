// SPDX-License-Identifier: Apache-2.0
//
// The entries of an index as hostile input, for image_validate.cc, which has checked the index as a
// whole. Cold.
#pragma once

#include "dataplane/abi/image_view.h"
#include "dataplane/base/result.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace dialtone::abi {

// Some lines of an index. Writes its own members alone, so that several may be at work.
class LineCheck {
 public:
  // `image` has the index as its base. Both outlive this.
  LineCheck(const ImageView& image, std::span<const std::span<const std::byte>> segments) noexcept
      : image_(&image), segments_(segments) {}

  // Each entry, its record, and that a search for its name ends at that entry: no file is hidden,
  // and an exact key cannot lead to another name's file. Of names that are hashed, the last has to
  // wait for check_hashed(): the search compares names, of which not all are checked yet.
  Result<void> check(std::uint64_t begin, std::uint64_t end);

  // When check() has passed for all lines of the index.
  Result<void> check_hashed() const;

  std::uint64_t entries() const noexcept { return entries_; }

 private:
  const IndexView& index() const noexcept { return image_->base(); }
  void prefetch(std::uint64_t line) const noexcept;
  Result<void> check_entry(const IndexEntry& entry, std::uint64_t line);
  Result<void> check_reachable(const IndexEntry& entry, std::string_view name,
                               const NameKey& key) const;

  const ImageView* image_;
  std::span<const std::span<const std::byte>> segments_;
  std::uint64_t entries_ = 0;
  std::vector<const IndexEntry*> hashed_;
};

}  // namespace dialtone::abi
