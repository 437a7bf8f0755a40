// SPDX-License-Identifier: Apache-2.0
#include "control/generations/keeper.h"

#include "tests/support/temp_folder.h"
#include "tests/unit/control_generations/kept_image.h"

#include <gtest/gtest.h>

#include <atomic>

namespace dialtone::generations {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

class KeeperTest : public testing::Test {
 protected:
  void open(const BeforeStep& before = {}) { store_ = *Store::open(path_, 20, before); }
  void publish(Keeper& keeper, std::uint64_t number) {
    kept_.change({{"a.txt", std::to_string(number)}});
    Generation generation = kept_.generation(number);
    generation.segments.clear();  // the keeper puts them in
    keeper.note_number(number);
    keeper.keep(std::move(generation), kept_.offer(number));
  }
  static void wait_for_trouble(const Keeper& keeper) {
    while (keeper.state().trouble.empty()) {
      std::this_thread::sleep_for(milliseconds(1));
    }
  }

  test::TempFolder folder_;
  std::string path_ = folder_.file("generations");
  std::unique_ptr<Store> store_;
  KeptImage kept_;
};

TEST_F(KeeperTest, WritesBehindTheBackOfWhoPublishes) {
  open();
  Keeper keeper(*store_);
  for (std::uint64_t number = 1; number <= 5; ++number) {
    publish(keeper, number);
  }
  ASSERT_TRUE(keeper.wait_idle(seconds(20)));
  const KeeperState state = keeper.state();
  EXPECT_EQ(state.kept, 5u);
  EXPECT_EQ(state.pending + state.skipped, 0u);
  EXPECT_GT(state.last_bytes, 0u);
  EXPECT_EQ(state.trouble, "");
  EXPECT_EQ(store_->list()->generations.size(), 5u);
  EXPECT_EQ(content(*restored(*store_, 3), "a.txt"), "3");
}

TEST_F(KeeperTest, AFullDiskIsATextAndWhatIsOldMakesWay) {
  // The file of reserved numbers still finds room: its trouble is another, and makes no way.
  open([](Step step, const std::string& name) -> Result<void> {
    return step == Step::kWrite && name != "numbers" ? errno_error("writing", ENOSPC)
                                                     : Result<void>();
  });
  Keeper keeper(*store_, std::chrono::hours(1));  // none is written again meanwhile
  publish(keeper, 1);
  wait_for_trouble(keeper);
  EXPECT_NE(keeper.state().trouble.find("No space left"), std::string::npos);
  publish(keeper, 2);
  publish(keeper, 3);
  EXPECT_EQ(keeper.state().pending, 1u);
  EXPECT_EQ(keeper.state().skipped, 2u);
  EXPECT_TRUE(store_->list()->generations.empty());
}

TEST_F(KeeperTest, ADiskThatHasRoomAgainIsGivenTheNewest) {
  std::atomic<bool> full = true;
  open([&](Step step, const std::string&) -> Result<void> {
    return full && step == Step::kWrite ? errno_error("writing", ENOSPC) : Result<void>();
  });
  {
    Keeper keeper(*store_, milliseconds(10));
    publish(keeper, 1);
    wait_for_trouble(keeper);
    publish(keeper, 2);
    full = false;
    for (int i = 0; i < 2000 && keeper.state().pending != 0; ++i) {
      std::this_thread::sleep_for(milliseconds(10));
    }
    EXPECT_EQ(keeper.state().trouble, "");
  }
  EXPECT_EQ(content(*restored(*store_, 2), "a.txt"), "2");
}

TEST_F(KeeperTest, NumbersAreReservedAheadAndGivenBackAtTheEnd) {
  open();
  {
    Keeper keeper(*store_);
    keeper.note_number(7);
    while (store_->reserved() < 7) {
      std::this_thread::sleep_for(milliseconds(1));
    }
    EXPECT_GT(store_->reserved(), 7u) << "a process that is killed has not said what it offered";
  }
  EXPECT_EQ(store_->reserved(), 7u) << "one that was stopped has";
}

TEST_F(KeeperTest, EndsWithWhatWasPublished) {
  open();
  {
    Keeper keeper(*store_);
    publish(keeper, 1);
  }
  EXPECT_EQ(content(*restored(*store_, 1), "a.txt"), "1");
}

}  // namespace
}  // namespace dialtone::generations
