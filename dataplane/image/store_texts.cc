// SPDX-License-Identifier: Apache-2.0
#include "dataplane/image/store_texts.h"

#include "dataplane/base/counted.h"

namespace dialtone::image {
namespace {

std::string milliseconds(std::chrono::microseconds time) {
  const auto us = static_cast<std::uint64_t>(time.count());
  std::string digits = std::to_string(us % 1000);
  digits.insert(0, 3 - digits.size(), '0');
  return std::to_string(us / 1000) + '.' + digits + " ms";
}

}  // namespace

std::string waits_for_text(const std::vector<LiveGeneration>& live) {
  std::string text;
  for (std::size_t i = 0; i + 1 < live.size(); ++i) {
    const LiveGeneration& old = live[i];
    text += (text.empty() ? "generation " : ", generation ") + std::to_string(old.number) + " (" +
            counted(old.transfers, "transfer") + ", " + std::to_string(old.bytes >> 10) +
            " KiB, replaced " + std::to_string(old.waiting.count()) + " s ago)";
  }
  return text;
}

std::string event_text(const StoreEvent& event, const abi::Manifest& served) {
  const std::string number = std::to_string(event.generation);
  switch (event.kind) {
    case StoreEvent::Kind::kPublished:
      return "published generation " + number + ": " + counted(served.file_count, "file") + ", " +
             counted(served.segment_count, "segment") + ", " + milliseconds(event.took);
    case StoreEvent::Kind::kOverdue:
      return "ending the transfers that still read generation " + number +
             ": a newer one waits for it, and it was replaced " +
             std::to_string(event.took.count() / 1'000'000) + " s ago (drain_deadline_s)";
    case StoreEvent::Kind::kRetired:
      break;
  }
  return "retired generation " + number + " after " + milliseconds(event.took);
}

}  // namespace dialtone::image
