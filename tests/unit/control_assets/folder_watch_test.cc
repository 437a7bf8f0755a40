// SPDX-License-Identifier: Apache-2.0
//
// Real inotify, virtual time: events are read at the moments that a test names.
#include "control/assets/folder_watch.h"

#include "dataplane/base/unique_fd.h"
#include "tests/support/temp_folder.h"
#include "tests/unit/control_assets/scanned_folder.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <sys/stat.h>

#include <filesystem>

namespace dialtone::assets {
namespace {

using std::chrono::milliseconds;
using Clock = FolderWatch::Clock;

class FolderWatchTest : public testing::Test {
 protected:
  FolderWatchTest() {
    folder_.write("below/a", "x");
    watch_.emplace(*FolderWatch::open(folder_.path()));
  }

  // True when a change settles out of what has happened so far.
  bool changed() {
    now_ += milliseconds(10'000);
    watch_->read_events(now_);
    return watch_->take(now_ + milliseconds(2'000));
  }

  test::TempFolder folder_;
  std::optional<FolderWatch> watch_;
  Clock::time_point now_{};
};

TEST_F(FolderWatchTest, NothingHappensNothingIsDue) {
  EXPECT_FALSE(changed());
  EXPECT_EQ(watch_->due(), now_ + milliseconds(1000));  // for a look at the folder itself
}

TEST_F(FolderWatchTest, SeesFilesWrittenMovedAndRemovedAtAnyDepth) {
  folder_.write("new", "x");
  EXPECT_TRUE(changed());
  folder_.write("below/a", "y");
  EXPECT_TRUE(changed());
  std::filesystem::rename(folder_.file("new"), folder_.file("other"));
  EXPECT_TRUE(changed());
  std::filesystem::remove(folder_.file("below/a"));
  EXPECT_TRUE(changed());
  EXPECT_FALSE(changed());
}

TEST_F(FolderWatchTest, AFileThatComesCountsWhenItsWriterClosesIt) {
  UniqueFd slow(::open(folder_.file("new").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0644));
  ASSERT_EQ(::write(slow.get(), "half", 4), 4);
  EXPECT_FALSE(changed());
  slow.reset();
  EXPECT_TRUE(changed());
}

TEST_F(FolderWatchTest, ALinkCountsAtOnceForNobodyClosesIt) {
  std::filesystem::create_symlink("below/a", folder_.file("symlink"));
  EXPECT_TRUE(changed());
  std::filesystem::create_hard_link(folder_.file("below/a"), folder_.file("link"));
  EXPECT_TRUE(changed());
}

TEST_F(FolderWatchTest, AFolderThatComesIsWatchedToo) {
  std::filesystem::create_directories(folder_.file("new/deep"));
  EXPECT_TRUE(changed());
  folder_.write("new/deep/file", "x");
  EXPECT_TRUE(changed());
}

TEST_F(FolderWatchTest, ASubfolderThatMayNotBeReadIsWatchedOnceItMay) {
  folder_.write("locked/a", "x");
  ::chmod(folder_.path().c_str(), 0755);
  ::chmod(folder_.file("locked").c_str(), 0);
  {
    const AsNobody nobody;
    auto watch = FolderWatch::open(folder_.path());
    ASSERT_TRUE(watch.ok()) << watch.error().text;
    watch_.emplace(*std::move(watch));
  }
  EXPECT_FALSE(changed());
  ::chmod(folder_.file("locked").c_str(), 0755);
  EXPECT_TRUE(changed());
  folder_.write("locked/a", "y");
  EXPECT_TRUE(changed());
}

TEST_F(FolderWatchTest, ABurstIsOneChangeOnceItIsOver) {
  folder_.write("1", "x");
  watch_->read_events(now_);
  EXPECT_FALSE(watch_->take(now_ + milliseconds(10)));
  folder_.write("2", "x");
  watch_->read_events(now_ + milliseconds(40));
  EXPECT_FALSE(watch_->take(now_ + milliseconds(60)));
  EXPECT_TRUE(watch_->take(now_ + milliseconds(90)));
  EXPECT_FALSE(watch_->take(now_ + milliseconds(200)));
}

TEST_F(FolderWatchTest, AFolderThatIsNeverQuietIsLookedAtAllTheSame) {
  for (int ms = 0; ms < 1000; ms += 40) {
    folder_.write("busy", std::to_string(ms));
    watch_->read_events(now_ + milliseconds(ms));
    EXPECT_FALSE(watch_->take(now_ + milliseconds(ms)));
  }
  EXPECT_TRUE(watch_->take(now_ + milliseconds(1000)));
}

TEST(FolderWatch, AFolderThatIsNotThereIsAnErrorThatNamesIt) {
  const auto watch = FolderWatch::open("/nowhere/at/all");
  ASSERT_FALSE(watch.ok());
  EXPECT_NE(watch.error().text.find("/nowhere/at/all"), std::string::npos);
}

}  // namespace
}  // namespace dialtone::assets
