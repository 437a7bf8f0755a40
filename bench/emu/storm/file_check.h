// SPDX-License-Identifier: Apache-2.0
//
// Holds a file, as it comes, against what it should be. While a generation is published a file may
// be as before or as after: one of the two from its first byte to its last, else it is torn. The
// engine's thread only; takes memory only for a digest's state.
#pragma once

#include "bench/emu/storm/origin.h"
#include "dataplane/base/digest.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

namespace dialtone::emu {

enum class FileVerdict : std::uint8_t {
  kRight,
  kTorn,   // each part is of a state, and not all of the same one; told only where content is known
  kWrong,  // or the origin does not have it
};

class FileCheck {
 public:
  FileCheck() = default;
  explicit FileCheck(std::span<const OriginFile> states) noexcept : states_(states) {}

  // It begins anew.
  void restart() noexcept;
  void add(std::uint64_t offset, std::span<const std::byte> part);
  // Of a file that came whole, with its length.
  FileVerdict finish(std::uint64_t bytes) const;

 private:
  std::span<const OriginFile> states_{};
  std::uint32_t same_ = ~0u;                // bits of the states that it is so far
  bool is_of_any_state_ = true;             // each part
  std::unique_ptr<DigestStream> digest_{};  // where only digests are known
};

}  // namespace dialtone::emu
