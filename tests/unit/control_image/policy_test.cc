// SPDX-License-Identifier: Apache-2.0
//
// The limits that are served by default.
#include "control/image/policy.h"

#include <gtest/gtest.h>

namespace dialtone::image_build {
namespace {

TEST(Policy, T68_Rfc7440_8_WhoNeverAnswersGetsThreePacketsAtMost) {
  const abi::Policy policy = default_policy();
  EXPECT_LE(1 + policy.first_copies, 3u);
  EXPECT_LE(policy.retransmits, 3u);
}

TEST(Policy, T51_Rfc7440_1_WindowsAreBoundedInBlocksAndBytes) {
  const abi::Policy policy = default_policy();
  EXPECT_GT(policy.max_window, 1u);
  EXPECT_LE(policy.max_window, 64u);
  EXPECT_LE(policy.max_window_bytes, 65536u);
}

}  // namespace
}  // namespace dialtone::image_build
