// SPDX-License-Identifier: Apache-2.0
//
// The generation that the dataplane serves, to look names up in it as its workers do: the very
// objects that were offered, read by the code of dataplane/abi. Where none is served, what would be
// offered. Keeps those objects alive. One thread.
#pragma once

#include "control/publish/publisher.h"
#include "dataplane/abi/image_view.h"
#include "dataplane/base/result.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace dialtone::publish {

class ServedImage {
 public:
  using Clock = std::chrono::steady_clock;

  // Refused when nothing was ever built.
  static Result<ServedImage> open(const Publisher& publisher);

  ServedImage(ServedImage&&) = default;
  ServedImage& operator=(ServedImage&&) = default;
  ServedImage(const ServedImage&) = delete;  // the view points into this one's own list
  ServedImage& operator=(const ServedImage&) = delete;

  const abi::ImageView& view() const noexcept { return view_; }
  // 0: no dataplane serves it; it is what would be offered.
  std::uint64_t generation() const noexcept { return generation_; }
  // Since its offer, as far as this process has made it; else no tombstone of it is known.
  Clock::duration age() const noexcept { return age_; }

 private:
  ServedImage(image_build::Offer offer, std::uint64_t generation, Clock::duration age);

  image_build::Offer offer_;
  std::vector<const std::byte*> begins_;  // of its segments; the view points here
  abi::ImageView view_;
  std::uint64_t generation_;
  Clock::duration age_;
};

}  // namespace dialtone::publish
