// SPDX-License-Identifier: Apache-2.0
#include "control/assets/beneath.h"

#include "tests/support/temp_folder.h"

#include <fcntl.h>
#include <gtest/gtest.h>

#include <cerrno>
#include <filesystem>

namespace dialtone::assets {
namespace {

namespace fs = std::filesystem;

using Open = UniqueFd (*)(int, const std::string&, int, mode_t);

// With openat2(), and where the kernel has none.
class BeneathTest : public testing::TestWithParam<Open> {
 protected:
  BeneathTest() {
    outside_.write("secret", "x");
    folder_.write("sub/f", "f");
    fs::create_symlink(outside_.file("secret"), folder_.file("leak"));
    fs::create_symlink("f", folder_.file("sub/inner"));
    fs::create_directory_symlink(outside_.path(), folder_.file("away"));
    fs::create_directory_symlink("sub", folder_.file("near"));
    top_.reset(::open(folder_.path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  }
  // 0: it is opened.
  int error_of(const std::string& path, int flags = O_RDONLY) const {
    const UniqueFd fd = GetParam()(top_.get(), path, flags, 0600);
    return fd.valid() ? 0 : errno;
  }

  test::TempFolder outside_;
  test::TempFolder folder_;
  UniqueFd top_;
};

TEST_P(BeneathTest, WhatLiesBelowIsOpened) {
  EXPECT_EQ(error_of("sub/f"), 0);
  EXPECT_EQ(error_of("sub", O_RDONLY | O_DIRECTORY), 0);
  EXPECT_EQ(error_of("sub/new", O_WRONLY | O_CREAT | O_EXCL), 0);
  EXPECT_TRUE(fs::exists(folder_.file("sub/new")));
  EXPECT_EQ(error_of("sub/none"), ENOENT);
  EXPECT_EQ(error_of("none/f"), ENOENT);
}

TEST_P(BeneathTest, NoSymlinkIsFollowedAndNoPathLeadsUp) {
  for (const char* path : {"leak", "sub/inner", "away/secret", "near/f"}) {
    EXPECT_NE(error_of(path), 0) << path;
  }
  EXPECT_NE(error_of("away", O_RDONLY | O_DIRECTORY), 0);
  EXPECT_NE(error_of("away/new", O_WRONLY | O_CREAT), 0);
  EXPECT_FALSE(fs::exists(outside_.file("new")));
  for (const std::string& path :
       {outside_.file("secret"), std::string("../x"), std::string("a/.."),
        std::string("sub/../sub/f"), std::string("./sub/f"), std::string("sub//f"),
        std::string("sub/"), std::string(), std::string("sub/f\0x", 7)}) {
    EXPECT_EQ(error_of(path), EINVAL) << path;
  }
}

INSTANTIATE_TEST_SUITE_P(Kernels, BeneathTest, testing::Values(&open_beneath, &open_by_steps));

TEST(ParentBeneath, MakesFoldersBelowAndNowhereElse) {
  const test::TempFolder outside;
  const test::TempFolder folder;
  fs::create_directory_symlink(outside.path(), folder.file("away"));
  const auto made = parent_beneath(folder.path(), "a/b/c", /*make=*/true);
  ASSERT_TRUE(made.ok()) << made.error().text;
  EXPECT_EQ(made->leaf, "c");
  EXPECT_TRUE(fs::is_directory(folder.file("a/b")));
  EXPECT_FALSE(parent_beneath(folder.path(), "d/e", /*make=*/false).ok());
  for (const char* path : {"away/x", "away/sub/x", "../x/y", "/tmp/x", "a/../../x"}) {
    EXPECT_FALSE(parent_beneath(folder.path(), path, /*make=*/true).ok()) << path;
  }
  EXPECT_TRUE(fs::is_empty(outside.path()));
}

}  // namespace
}  // namespace dialtone::assets
