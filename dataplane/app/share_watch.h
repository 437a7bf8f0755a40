// SPDX-License-Identifier: Apache-2.0
//
// Says once when of several workers one gets nearly all frames under load: the others then are of
// no use. Housekeeper only; counters and time come in as values.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace dialtone::app {

class ShareWatch {
 public:
  using Clock = std::chrono::steady_clock;
  static constexpr std::chrono::seconds kSpan{5};
  static constexpr std::uint64_t kFewFrames = 50'000;  // in that time
  static constexpr std::uint64_t kMostPercent = 90;

  struct Finding {
    std::size_t worker;
    std::uint64_t percent;
  };

  // `received`: frames_received of each worker.
  std::optional<Finding> look(std::span<const std::uint64_t> received, Clock::time_point now) {
    if (said_ || (since_ && now - *since_ < kSpan)) {
      return std::nullopt;
    }
    std::optional<Finding> finding;
    if (since_) {
      finding = compare(received);
      said_ = finding.has_value();
    }
    since_ = now;
    before_.assign(received.begin(), received.end());
    return finding;
  }

 private:
  std::optional<Finding> compare(std::span<const std::uint64_t> received) const {
    std::uint64_t all = 0;
    std::uint64_t most = 0;
    std::size_t worker = 0;
    for (std::size_t i = 0; i < received.size(); ++i) {
      const std::uint64_t frames = received[i] - before_[i];
      all += frames;
      if (frames > most) {
        most = frames;
        worker = i;
      }
    }
    return all < kFewFrames || most * 100 <= all * kMostPercent
               ? std::nullopt
               : std::optional(Finding{worker, most * 100 / all});
  }

  std::optional<Clock::time_point> since_;
  std::vector<std::uint64_t> before_;
  bool said_ = false;
};

}  // namespace dialtone::app
