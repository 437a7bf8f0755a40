// SPDX-License-Identifier: Apache-2.0
//
// CHECK states what only a bug of ours can break; it is never used on packets, files, or what
// another process sent (those are Results or drop reasons). It prints the place and aborts.
#pragma once

namespace dialtone {

[[noreturn]] void check_failed(const char* expression, const char* file, int line) noexcept;

}  // namespace dialtone

#define DIALTONE_CHECK(expression)                               \
  do {                                                           \
    if (!(expression)) [[unlikely]] {                            \
      ::dialtone::check_failed(#expression, __FILE__, __LINE__); \
    }                                                            \
  } while (false)

#ifdef NDEBUG
#define DIALTONE_DCHECK(expression) static_cast<void>(0)
#else
#define DIALTONE_DCHECK(expression) DIALTONE_CHECK(expression)
#endif
