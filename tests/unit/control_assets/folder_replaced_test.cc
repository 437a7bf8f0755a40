// SPDX-License-Identifier: Apache-2.0
//
// The watched folder goes, comes back, or another takes its place. Real inotify, virtual time.
#include "control/assets/folder_watch.h"
#include "tests/support/temp_folder.h"

#include <gtest/gtest.h>

#include <filesystem>

namespace dialtone::assets {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;
using Clock = FolderWatch::Clock;

class FolderReplacedTest : public testing::Test {
 protected:
  FolderReplacedTest() {
    folder_.write("one/sub/a", "x");
    folder_.write("two/sub/a", "x");
    fs::create_directory_symlink("one", folder_.file("current"));
  }

  void watch(const char* name) {
    watch_.emplace(*FolderWatch::open(folder_.file(name)));
    EXPECT_FALSE(changed());
  }

  // True when a change settles out of what has happened so far.
  bool changed() {
    now_ += milliseconds(10'000);
    watch_->read_events(now_);
    EXPECT_LE(watch_->due(), now_ + milliseconds(1'000));
    return watch_->take(now_ + milliseconds(2'000));
  }

  bool sees(const char* name) {
    folder_.write(name, "y");
    return changed();
  }

  test::TempFolder folder_;
  std::optional<FolderWatch> watch_;
  Clock::time_point now_{};
};

TEST_F(FolderReplacedTest, AnotherFolderOfThatNameIsFollowed) {
  watch("one");
  fs::rename(folder_.file("one"), folder_.file("old"));
  fs::rename(folder_.file("two"), folder_.file("one"));
  EXPECT_TRUE(changed());
  EXPECT_FALSE(changed());
  EXPECT_FALSE(sees("old/sub/a"));
  EXPECT_TRUE(sees("one/sub/a"));
  EXPECT_TRUE(sees("one/b"));
}

TEST_F(FolderReplacedTest, ASymlinkThatIsSwitchedIsFollowed) {
  watch("current");
  EXPECT_TRUE(sees("one/sub/a"));
  fs::create_directory_symlink("two", folder_.file("next"));
  fs::rename(folder_.file("next"), folder_.file("current"));
  EXPECT_TRUE(changed());
  EXPECT_FALSE(changed());
  EXPECT_FALSE(sees("one/sub/a"));
  EXPECT_TRUE(sees("two/sub/a"));
}

TEST_F(FolderReplacedTest, OneThatIsGoneIsWaitedFor) {
  watch("one");
  fs::remove_all(folder_.file("one"));
  EXPECT_TRUE(changed());
  EXPECT_LT(watch_->fd(), 0);
  EXPECT_FALSE(changed());
  folder_.write("one", "a file");
  EXPECT_FALSE(changed());
  fs::remove(folder_.file("one"));
  fs::create_directory(folder_.file("one"));
  EXPECT_TRUE(changed());
  EXPECT_FALSE(changed());
  EXPECT_TRUE(sees("one/b"));
}

TEST_F(FolderReplacedTest, LooksAreASecondApart) {
  watch("current");
  fs::remove(folder_.file("current"));
  fs::create_directory_symlink("two", folder_.file("current"));
  watch_->read_events(now_ + milliseconds(999));
  EXPECT_FALSE(watch_->take(now_ + milliseconds(999)));
  EXPECT_EQ(watch_->due(), now_ + milliseconds(1000));
  watch_->read_events(now_ + milliseconds(1000));
  EXPECT_EQ(watch_->due(), now_ + milliseconds(1050));
  EXPECT_TRUE(watch_->take(now_ + milliseconds(1050)));
}

TEST_F(FolderReplacedTest, AFolderThatCameWhileEventsWereLostIsWatched) {
  watch("one");
  int queue = 0;
  std::ifstream("/proc/sys/fs/inotify/max_queued_events") >> queue;
  ASSERT_GT(queue, 0);
  if (queue > 1'000'000) {
    GTEST_SKIP() << "the queue of this machine holds " << queue << " events";
  }
  for (int i = 0; i < queue / 4 + 1; ++i) {  // two events each
    fs::rename(folder_.file("one/sub/a"), folder_.file("one/sub/b"));
    fs::rename(folder_.file("one/sub/b"), folder_.file("one/sub/a"));
  }
  fs::create_directories(folder_.file("one/new/deep"));
  EXPECT_TRUE(changed());
  EXPECT_TRUE(sees("one/new/deep/file"));
}

TEST_F(FolderReplacedTest, TheTreeIsOpenedAgainOnceASecondAtMost) {
  watch("one");
  fs::remove_all(folder_.file("one"));
  fs::create_directories(folder_.file("one"));
  watch_->read_events(now_ + milliseconds(100));
  fs::remove_all(folder_.file("one"));
  fs::create_directories(folder_.file("one"));
  watch_->read_events(now_ + milliseconds(200));
  EXPECT_TRUE(watch_->take(now_ + milliseconds(300)));
  watch_->read_events(now_ + milliseconds(1099));
  EXPECT_FALSE(watch_->take(now_ + milliseconds(1099)));
  watch_->read_events(now_ + milliseconds(1100));
  EXPECT_TRUE(watch_->take(now_ + milliseconds(1150)));
}

}  // namespace
}  // namespace dialtone::assets
