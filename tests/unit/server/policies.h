// SPDX-License-Identifier: Apache-2.0
//
// A case that is run with each of two policies: without limits, where all that is seen is the
// protocol's, and with what control ships, where admission has a word as well.
#pragma once

#include "control/image/policy.h"
#include "tests/support/test_image.h"

#include <gtest/gtest.h>

#include <string>

namespace dialtone::test {

enum class Limits { kNone, kShipped };

inline abi::Policy policy_with(Limits limits) {
  return limits == Limits::kShipped ? image_build::default_policy() : unlimited_policy();
}

// For INSTANTIATE_TEST_SUITE_P: the cases end with /Unlimited and /Shipped.
inline auto both_policies() {
  return testing::Values(Limits::kNone, Limits::kShipped);
}
inline std::string name_of_policy(const testing::TestParamInfo<Limits>& info) {
  return info.param == Limits::kShipped ? "Shipped" : "Unlimited";
}

}  // namespace dialtone::test
