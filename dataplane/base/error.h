// SPDX-License-Identifier: Apache-2.0
//
// Errors of the cold path. An Error is for a person: what is wrong, where, and the cure, in one
// line. Its code is also the exit code of every program of the project, and stable:
// docs/reference.md lists them. The hot path uses verdicts and drop reasons instead.
#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace dialtone {

enum class ErrorCode : int {
  kFailed = 1,       // it did not work; nothing more specific is known
  kUsage = 2,        // the command line or the configuration is wrong
  kRefused = 3,      // the input is wrong; the old state is kept and served
  kAssertion = 4,    // a threshold or an assertion was missed
  kUnreachable = 5,  // the daemon does not answer
  kTimeout = 6,      // it did not end in time
  kPermission = 7,   // the user may not do this
};

std::string_view to_string(ErrorCode code) noexcept;

struct Error {
  ErrorCode code = ErrorCode::kFailed;
  std::string text;
};

// "opening /x: No such file or directory": `what` and the text of errno `number`.
// EACCES and EPERM become kPermission, everything else kFailed.
Error errno_error(std::string_view what, int number);

inline Error failed(std::string text) {
  return {ErrorCode::kFailed, std::move(text)};
}
inline Error refused(std::string text) {
  return {ErrorCode::kRefused, std::move(text)};
}
inline Error usage(std::string text) {
  return {ErrorCode::kUsage, std::move(text)};
}

}  // namespace dialtone
