// SPDX-License-Identifier: Apache-2.0
//
// What becomes of a request: all that its caller needs to know of it.
#pragma once

#include <cstdint>

namespace dialtone::server {

enum class Answer : std::uint8_t {
  kNone,       // nothing goes out: it is dropped, or begins to wait
  kFile,       // DATA 1 or an OACK is in the frame: a transfer goes on
  kError,      // an ERROR is in the frame
  kNoSession,  // of one that has waited: none is free for it yet, and nothing has changed
};

constexpr bool is_sent(Answer answer) noexcept {
  return answer == Answer::kFile || answer == Answer::kError;
}

}  // namespace dialtone::server
