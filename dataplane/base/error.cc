// SPDX-License-Identifier: Apache-2.0
#include "dataplane/base/error.h"

#include <cerrno>
#include <system_error>

namespace dialtone {

std::string_view to_string(ErrorCode code) noexcept {
  switch (code) {
    case ErrorCode::kFailed:
      return "failed";
    case ErrorCode::kUsage:
      return "usage";
    case ErrorCode::kRefused:
      return "refused";
    case ErrorCode::kAssertion:
      return "assertion";
    case ErrorCode::kUnreachable:
      return "unreachable";
    case ErrorCode::kTimeout:
      return "timeout";
    case ErrorCode::kPermission:
      return "permission";
  }
  return "unknown";
}

Error errno_error(std::string_view what, int number) {
  const bool permission = number == EACCES || number == EPERM;
  return {permission ? ErrorCode::kPermission : ErrorCode::kFailed,
          std::string(what) + ": " + std::generic_category().message(number)};
}

}  // namespace dialtone
