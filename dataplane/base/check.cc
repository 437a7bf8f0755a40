// SPDX-License-Identifier: Apache-2.0
#include "dataplane/base/check.h"

#include <cstdio>
#include <cstdlib>

namespace dialtone {

void check_failed(const char* expression, const char* file, int line) noexcept {
  std::fprintf(stderr, "%s:%d: internal error: %s does not hold\n", file, line, expression);
  std::abort();
}

}  // namespace dialtone
