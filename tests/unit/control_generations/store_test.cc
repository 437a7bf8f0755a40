// SPDX-License-Identifier: Apache-2.0
//
// What a disk has after a crash at each step, when it is full, and when its bytes have changed.
#include "control/generations/store.h"

#include "tests/support/temp_folder.h"
#include "tests/unit/control_generations/kept_image.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <sys/wait.h>

#include <filesystem>
#include <fstream>

namespace dialtone::generations {
namespace {

namespace fs = std::filesystem;

class StoreTest : public testing::Test {
 protected:
  std::unique_ptr<Store> open(std::size_t most = 20, const BeforeStep& before = {}) {
    auto store = Store::open(path_, most, before);
    EXPECT_TRUE(store.ok());
    return *std::move(store);
  }
  std::vector<std::uint64_t> numbers(const Store& store) {
    std::vector<std::uint64_t> numbers;
    const auto kept = store.list();
    for (const Generation& each : kept->generations) {
      numbers.push_back(each.number);
    }
    return numbers;
  }
  std::size_t objects() const {
    return static_cast<std::size_t>(
        std::distance(fs::directory_iterator(path_ + "/objects"), fs::directory_iterator()));
  }
  // Changes one byte of a file, from its end.
  static void spoil(const fs::path& file, std::streamoff from_end = 1) {
    std::fstream stream(file, std::ios::in | std::ios::out | std::ios::binary);
    stream.seekg(-from_end, std::ios::end);
    const char byte = static_cast<char>(stream.get() ^ 0x55);
    stream.seekp(-from_end, std::ios::end);
    stream.put(byte);
  }

  test::TempFolder folder_;
  std::string path_ = folder_.file("generations");
  KeptImage kept_;
};

TEST_F(StoreTest, WhatWasKeptIsThereAgainWithAllItsFiles) {
  {
    auto store = open();
    ASSERT_TRUE(kept_.keep(*store, 1).ok());
    kept_.change({{"a.txt", "ALPHA"}, {"c.txt", "gamma"}}, {"b.txt"});
    ASSERT_TRUE(kept_.keep(*store, 2).ok());
  }
  auto store = open();
  EXPECT_EQ(numbers(*store), (std::vector<std::uint64_t>{1, 2}));
  const auto second = restored(*store, 2);
  ASSERT_TRUE(second.ok()) << second.error().text;
  EXPECT_EQ(content(*second, "a.txt"), "ALPHA");
  EXPECT_EQ(content(*second, "b.txt"), "(none)");
  EXPECT_EQ(content(*second, "c.txt"), "gamma");
  EXPECT_EQ(second->content_digest(), kept_.image().files().content_digest());
  EXPECT_EQ(content(*restored(*store, 1), "b.txt"), "beta");
}

TEST_F(StoreTest, ARestoredImageGoesOnWithItsObjects) {
  auto store = open();
  kept_.change({{"a.txt", "two"}});
  ASSERT_TRUE(kept_.keep(*store, 1).ok());
  image_build::Image image;
  ASSERT_TRUE(image.restore(*store->load(*store->find(1), {})).ok());
  const auto offer = image.offer(2, {image_build::default_policy(), {}});
  EXPECT_EQ(offer->base->id, kept_.offer(1).base->id);
  EXPECT_EQ(offer->delta->id, kept_.offer(1).delta->id);
  // The same files again are no change, other ones are one.
  EXPECT_EQ(*image.rebase(KeptImage::table({{"a.txt", "two"}, {"b.txt", "beta"}})), 0u);
  ASSERT_TRUE(image.apply({written({{"b.txt", "B"}}), {}}).ok());
  EXPECT_EQ(content(image.files(), "a.txt") + content(image.files(), "b.txt"), "twoB");
}

TEST_F(StoreTest, AChangeWritesItselfAlone) {
  auto store = open();
  kept_.renew({{"large", std::string(1 << 20, 'x')}, {"a.txt", "alpha"}});
  EXPECT_GT(*kept_.keep(*store, 1), std::uint64_t{1} << 20);
  kept_.change({{"a.txt", "ALPHA"}});
  EXPECT_LT(*kept_.keep(*store, 2), std::uint64_t{100} << 10);
}

TEST_F(StoreTest, ACrashAtEachStepLosesNothingThatWasWhole) {
  auto store = open();
  ASSERT_TRUE(kept_.keep(*store, 1).ok());
  kept_.change({{"a.txt", "ALPHA"}});
  for (int crash = 0;; ++crash) {
    SCOPED_TRACE(crash);
    const pid_t child = ::fork();
    if (child == 0) {
      int step = 0;
      const auto dying = Store::open(path_, 1, [&](Step, const std::string&) -> Result<void> {
        if (step++ == crash) {
          ::_exit(1);
        }
        return {};
      });
      ::_exit(kept_.keep(**dying, 2).ok() ? 0 : 2);
    }
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_NE(WEXITSTATUS(status), 2);
    store = open();
    const auto all = numbers(*store);
    ASSERT_FALSE(all.empty());
    for (const std::uint64_t number : all) {
      const auto files = restored(*store, number);
      ASSERT_TRUE(files.ok()) << files.error().text;
      EXPECT_EQ(content(*files, "a.txt"), number == 1 ? "alpha" : "ALPHA");
    }
    if (WEXITSTATUS(status) == 0) {
      EXPECT_EQ(all, (std::vector<std::uint64_t>{2}));
      EXPECT_GT(crash, 12);
      return;
    }
    // The next round begins with the first one alone, as a disk has it.
    fs::remove(path_ + "/" + file_name(2));
    KeptImage first;
    if (all.front() != 1) {
      ASSERT_TRUE(first.keep(*store, 1).ok());
    }
  }
}

TEST_F(StoreTest, AFullDiskAtEachStepIsAnErrorAndNothingElse) {
  auto store = open();
  ASSERT_TRUE(kept_.keep(*store, 1).ok());
  kept_.change({{"a.txt", "ALPHA"}});
  for (int full = 0;; ++full) {
    SCOPED_TRACE(full);
    int step = 0;
    store = open(20, [&](Step next, const std::string&) -> Result<void> {
      const bool takes_room = next == Step::kCreate || next == Step::kWrite || next == Step::kSync;
      return takes_room && step++ == full ? errno_error("writing", ENOSPC) : Result<void>();
    });
    const auto kept = kept_.keep(*store, 2);
    if (kept) {
      EXPECT_GT(full, 3);
      break;
    }
    EXPECT_NE(kept.error().text.find("No space left"), std::string::npos);
    EXPECT_EQ(numbers(*open()), (std::vector<std::uint64_t>{1}));
    EXPECT_EQ(content(*restored(*store, 1), "a.txt"), "alpha");
  }
  EXPECT_EQ(content(*restored(*store, 2), "a.txt"), "ALPHA");
}

TEST_F(StoreTest, TheOldestArePrunedWithTheirObjectsButNotThatOfARollback) {
  auto store = open(3);
  for (std::uint64_t number = 1; number <= 8; ++number) {
    kept_.renew({{"a.txt", std::to_string(number)}, {"b.txt", "x"}});
    ASSERT_TRUE(kept_.keep(*store, number).ok());
    if (number == 2) {
      ASSERT_TRUE(store->pin(2).ok());
    }
  }
  EXPECT_EQ(numbers(*store), (std::vector<std::uint64_t>{2, 6, 7, 8}));
  EXPECT_EQ(objects(), 4u * 2);
  EXPECT_EQ(content(*restored(*store, 2), "a.txt"), "2");
  EXPECT_EQ(*open(3)->pinned(), 2u);
  ASSERT_TRUE(store->pin(0).ok());
  kept_.renew({{"a.txt", "9"}});
  ASSERT_TRUE(kept_.keep(*store, 9).ok());
  EXPECT_EQ(numbers(*store), (std::vector<std::uint64_t>{7, 8, 9}));
  EXPECT_EQ(*store->pinned(), 0u);
}

TEST_F(StoreTest, WhatHasChangedOnDiskIsRefusedWithItsName) {
  auto store = open();
  ASSERT_TRUE(kept_.keep(*store, 1).ok());
  kept_.change({{"a.txt", "ALPHA"}});
  ASSERT_TRUE(kept_.keep(*store, 2).ok());
  spoil(path_ + "/" + file_name(2));
  const auto faults = store->list()->faults;
  ASSERT_EQ(faults.size(), 1u);
  EXPECT_NE(faults[0].text.find("0000000002.generation: its bytes have changed"),
            std::string::npos);
  EXPECT_FALSE(store->find(2).ok());
  EXPECT_TRUE(restored(*store, 1).ok());

  const std::string base = to_hex(kept_.offer(1).base->digest);
  spoil(path_ + "/objects/" + base);
  const auto spoilt = restored(*store, 1);
  ASSERT_FALSE(spoilt.ok());
  EXPECT_NE(spoilt.error().text.find(base + ": its bytes have changed"), std::string::npos);

  // It is out of the way: who still has it in memory writes it again.
  ASSERT_TRUE(kept_.keep(*store, 3).ok());
  EXPECT_EQ(content(*restored(*store, 3), "a.txt"), "ALPHA");
}

TEST_F(StoreTest, AnObjectThatIsCutOrGoneIsRefusedWithItsName) {
  auto store = open();
  ASSERT_TRUE(kept_.keep(*store, 1).ok());
  const std::string segment = to_hex(kept_.offer(1).segments.front()->digest);
  fs::resize_file(path_ + "/objects/" + segment, 100);
  EXPECT_NE(restored(*store, 1).error().text.find(segment + ": it is cut"), std::string::npos);
  EXPECT_NE(restored(*store, 1).error().text.find("No such file"), std::string::npos);
}

TEST_F(StoreTest, NumbersAreRememberedAndStrangeFilesAreLeftAlone) {
  auto store = open();
  EXPECT_EQ(store->reserved(), 0u);
  ASSERT_TRUE(store->reserve(128).ok());
  folder_.write("generations/README", "ours");
  fs::create_directory(path_ + "/0000000009.generation");
  EXPECT_EQ(open()->reserved(), 128u);
  ASSERT_TRUE(kept_.keep(*store, 1).ok());
  EXPECT_EQ(numbers(*store), (std::vector<std::uint64_t>{1}));
  EXPECT_TRUE(fs::exists(path_ + "/README"));
  folder_.write("generations/numbers", "12x\n");
  EXPECT_EQ(store->reserved(), 0u);
}

}  // namespace
}  // namespace dialtone::generations
