// SPDX-License-Identifier: Apache-2.0
//
// A service whose dataplane is well, and the warning of `status` once it is not.
#pragma once

#include "tests/unit/control_daemon/status_fixture.h"

namespace dialtone::daemon {

class Health : public StatusTest {
 protected:
  void SetUp() override { start(); }

  // The only warning; empty: none.
  std::string warning() {
    const Answer answer = ask();
    EXPECT_LE(answer.warnings.size(), 1U);
    return answer.warnings.empty() ? "" : answer.warnings[0];
  }
  void expect_begin(const std::string& text) { EXPECT_EQ(warning().substr(0, text.size()), text); }
};

}  // namespace dialtone::daemon
