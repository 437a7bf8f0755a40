// SPDX-License-Identifier: Apache-2.0
//
// What cannot be looked at is not gone: it is served on.
#include "dataplane/base/unique_fd.h"
#include "tests/unit/control_assets/scanned_folder.h"

#include <fcntl.h>

#include <sys/stat.h>

#include <filesystem>

namespace dialtone::assets {
namespace {

namespace fs = std::filesystem;

class UnreadableTest : public ScannedFolder {
 protected:
  UnreadableTest() {
    mode("", 0755);
    for (const char* name : {"a/1", "locked/2", "locked/deep/3", "z/4"}) {
      folder_.write(name, "x");
    }
  }
  ~UnreadableTest() override { mode("locked", 0755); }

  void mode(const char* name, mode_t mode) { ::chmod(folder_.file(name).c_str(), mode); }

  bool can_be_kept_out() {
    mode("locked", 0);
    const AsNobody nobody;
    const UniqueFd fd(::open(folder_.file("locked").c_str(), O_RDONLY | O_CLOEXEC));
    return !fd.valid();
  }

  image_build::ImageChange scan_as_nobody() {
    const AsNobody nobody;
    return scan();
  }
};

TEST_F(UnreadableTest, OneSubfolderIsAFaultAndNoOtherFileSuffers) {
  if (!can_be_kept_out()) {
    GTEST_SKIP() << "this process reads everything, whatever its user";
  }
  EXPECT_EQ(put(scan_as_nobody()), (Texts{"a/1=x", "z/4=x"}));
  ASSERT_EQ(faults_.size(), 1u);
  EXPECT_EQ(faults_[0].file, folder_.file("locked"));
  EXPECT_EQ(faults_[0].code, "unreadable");
  EXPECT_NE(faults_[0].text.find("chmod"), std::string::npos) << faults_[0].text;
  mode("locked", 0755);
  EXPECT_EQ(put(scan_as_nobody()), (Texts{"locked/2=x", "locked/deep/3=x"}));
  EXPECT_TRUE(faults_.empty());
}

TEST_F(UnreadableTest, WhatWasReadFromASubfolderIsServedOn) {
  if (!can_be_kept_out()) {
    GTEST_SKIP() << "this process reads everything, whatever its user";
  }
  mode("locked", 0755);
  scan();
  // 0444: its names are seen, its files are not.
  for (const mode_t closed : {0000, 0444}) {
    mode("locked", closed);
    folder_.write("a/1", "changed" + std::to_string(closed));
    const auto change = scan_as_nobody();
    EXPECT_EQ(put(change), (Texts{"a/1=changed" + std::to_string(closed)}));
    EXPECT_EQ(change.gone, Texts{});
    ASSERT_FALSE(faults_.empty());
    EXPECT_NE(faults_[0].text.find("is served"), std::string::npos) << faults_[0].text;
  }
  mode("locked", 0755);
  fs::remove(folder_.file("locked/deep/3"));
  const auto change = scan_as_nobody();
  EXPECT_EQ(put(change), Texts{});
  EXPECT_EQ(change.gone, (Texts{"locked/deep/3"}));
}

TEST_F(UnreadableTest, OfAFolderWithASimilarNameNothingIsTakenOver) {
  if (!can_be_kept_out()) {
    GTEST_SKIP() << "this process reads everything, whatever its user";
  }
  mode("locked", 0755);
  folder_.write("locked2/5", "x");
  folder_.write("lockeD-6", "x");
  scan();
  mode("locked", 0);
  fs::remove_all(folder_.file("locked2"));
  fs::remove(folder_.file("lockeD-6"));
  EXPECT_EQ(scan_as_nobody().gone, (Texts{"locked-6", "locked2/5"}));
}

TEST_F(UnreadableTest, TheFolderItselfIsAnErrorAndChangesNothing) {
  if (!can_be_kept_out()) {
    GTEST_SKIP() << "this process reads everything, whatever its user";
  }
  mode("locked", 0755);
  scan();
  mode("", 0);
  {
    const AsNobody nobody;
    EXPECT_FALSE(assets_.scan(before_, faults_).ok());
  }
  mode("", 0755);
  const auto change = scan();
  EXPECT_TRUE(change.put.empty() && change.gone.empty());
}

TEST_F(UnreadableTest, ALoopOfSymlinksInAFilesPlaceKeepsItsContent) {
  scan();
  fs::remove(folder_.file("a/1"));
  fs::create_symlink("2", folder_.file("a/1"));
  fs::create_symlink("1", folder_.file("a/2"));
  const auto change = scan();
  EXPECT_EQ(put(change), Texts{});
  EXPECT_EQ(change.gone, Texts{});
  EXPECT_EQ(faults_.size(), 2u);
}

TEST_F(ScannedFolder, AFileThatNoSegmentHoldsIsAFaultAndNoOtherSuffers) {
  folder_.write("small", "x");
  folder_.write("large", "");
  fs::resize_file(folder_.file("large"), std::uintmax_t{1} << 32);  // a hole: it takes no room
  EXPECT_EQ(put(scan()), Texts{"small=x"});
  ASSERT_EQ(faults_.size(), 1u);
  EXPECT_EQ(faults_[0].file, folder_.file("large"));
  EXPECT_NE(faults_[0].text.find("at most 4 GiB"), std::string::npos) << faults_[0].text;
}

}  // namespace
}  // namespace dialtone::assets
