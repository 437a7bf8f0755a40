// SPDX-License-Identifier: Apache-2.0
#include "dataplane/base/result.h"

#include <gtest/gtest.h>

#include <cerrno>
#include <memory>

namespace dialtone {
namespace {

Result<void> pass_on(Result<void> inner) {
  DIALTONE_TRY(inner);
  return failed("was not passed on");
}

TEST(Result, HoldsAValueThatOnlyMoves) {
  Result<std::unique_ptr<int>> result(std::make_unique<int>(7));
  ASSERT_TRUE(result);
  EXPECT_EQ(**std::move(result), 7);
}

TEST(Result, TryReturnsTheFirstError) {
  const Result<void> result = pass_on(refused("no"));
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::kRefused);
  EXPECT_EQ(result.error().text, "no");
}

TEST(Result, ErrnoTellsPermissionFromFailure) {
  EXPECT_EQ(errno_error("opening x", EACCES).code, ErrorCode::kPermission);
  EXPECT_EQ(errno_error("opening x", ENOENT).code, ErrorCode::kFailed);
  EXPECT_EQ(errno_error("opening x", ENOENT).text, "opening x: No such file or directory");
}

TEST(ResultDeathTest, ReadingAnErrorAsAValueAborts) {
  const Result<int> result(failed("no value"));
  EXPECT_DEATH(static_cast<void>(result.value()), "does not hold");
}

}  // namespace
}  // namespace dialtone
