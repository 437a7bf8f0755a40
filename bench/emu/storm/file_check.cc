// SPDX-License-Identifier: Apache-2.0
#include "bench/emu/storm/file_check.h"

#include <algorithm>
#include <cstring>

namespace dialtone::emu {
namespace {

bool has_content(const OriginFile& state) noexcept {
  return !state.content.empty() || state.bytes == 0;
}

bool is_at(const OriginFile& state, std::uint64_t offset,
           std::span<const std::byte> part) noexcept {
  return offset <= state.bytes && part.size() <= state.bytes - offset &&
         std::memcmp(state.content.data() + offset, part.data(), part.size()) == 0;
}

}  // namespace

void FileCheck::restart() noexcept {
  same_ = ~0u;
  is_of_any_state_ = true;
  digest_.reset();
}

void FileCheck::add(std::uint64_t offset, std::span<const std::byte> part) {
  if (part.empty() || states_.empty()) {
    return;
  }
  bool is_of_one = false;
  bool wants_digest = false;
  for (std::size_t i = 0; i < states_.size(); ++i) {
    if (!has_content(states_[i])) {
      wants_digest = true;
    } else if (is_at(states_[i], offset, part)) {
      is_of_one = true;
    } else {
      same_ &= ~(1u << i);
    }
  }
  is_of_any_state_ &= is_of_one;
  if (wants_digest) {
    if (!digest_) {
      digest_ = std::make_unique<DigestStream>();
    }
    digest_->update(part);
  }
}

FileVerdict FileCheck::finish(std::uint64_t bytes) const {
  for (std::size_t i = 0; i < states_.size(); ++i) {
    const OriginFile& state = states_[i];
    const bool is_same =
        has_content(state) ? (same_ >> i & 1) != 0 : digest_ && digest_->finish() == state.digest;
    if (is_same && bytes == state.bytes) {
      return FileVerdict::kRight;
    }
  }
  const bool all_known = std::all_of(states_.begin(), states_.end(), has_content);
  return states_.size() > 1 && all_known && is_of_any_state_ ? FileVerdict::kTorn
                                                             : FileVerdict::kWrong;
}

}  // namespace dialtone::emu
