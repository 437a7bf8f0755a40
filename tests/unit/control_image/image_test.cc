// SPDX-License-Identifier: Apache-2.0
//
// Every offer that control makes is read here as the dataplane reads it: through the validator and
// ImageView, never through control's own tables.
#include "control/image/image.h"

#include "control/image/policy.h"
#include "control/image/segment_stack.h"
#include "tests/support/offer_reader.h"

#include <fcntl.h>
#include <gtest/gtest.h>

#include <cstring>
#include <string>
#include <utility>
#include <vector>

namespace dialtone::image_build {
namespace {

using test::OfferReader;
using Named = std::vector<std::pair<std::string, std::string>>;

SegmentStack::Files written(const Named& files) {
  SegmentStack stack;
  for (const auto& [name, content] : files) {
    auto room = stack.begin(name, content.size());
    EXPECT_TRUE(room.ok()) << room.error().text;
    std::copy(content.begin(), content.end(), reinterpret_cast<char*>(room->data()));
    stack.commit(content.size(), {abi::Origin::kAsset, abi::FileClass::kRing, 1700000000});
  }
  auto finished = stack.finish();
  EXPECT_TRUE(finished.ok());
  return *std::move(finished);
}

FileTable table_of(const Named& files) {
  FileTable table;
  for (auto& [name, entry] : written(files)) {
    table.put(name, std::move(entry));
  }
  return table;
}

ImageChange change_of(const Named& files, std::vector<std::string> gone = {}) {
  return {written(files), std::move(gone)};
}

ObjectPtr base_of(const Image& image) {
  return image.offer(1, {default_policy(), {}})->base;
}

class ImageTest : public testing::Test {
 protected:
  ImageTest() {
    const auto changed =
        image_.rebase(table_of({{"a.txt", "alpha"}, {"b.txt", ""}, {"c", "gamma"}}));
    EXPECT_TRUE(changed.ok() && *changed);
  }

  OfferReader read(std::uint64_t generation = 7) {
    auto offer = image_.offer(generation, {default_policy(), {}});
    EXPECT_TRUE(offer.ok());
    return OfferReader(*std::move(offer));
  }

  Image image_;
};

TEST_F(ImageTest, AFullOfferPassesTheValidatorAndHoldsEveryFile) {
  const OfferReader reader = read();
  EXPECT_EQ(reader.fault(), "");
  EXPECT_EQ(reader.manifest().generation, 7u);
  EXPECT_EQ(reader.manifest().file_count, 3u);
  EXPECT_EQ(reader.manifest().delta.id, 0u);
  EXPECT_EQ(reader.content("a.txt"), "alpha");
  EXPECT_EQ(reader.content("b.txt"), "");
  EXPECT_EQ(reader.content("c"), "gamma");
  EXPECT_EQ(reader.content("d"), std::nullopt);
}

TEST_F(ImageTest, AChangeIsASmallDeltaOverTheSameBase) {
  const auto before = image_.offer(1, {default_policy(), {}});
  std::string told;
  const auto files = image_.apply(change_of({{"a.txt", "ALPHA"}, {"new.txt", "new"}}, {"c"}),
                                  [&](std::string_view name, bool is_gone) {
                                    told += std::string(name) + (is_gone ? " gone;" : ";");
                                  });
  EXPECT_EQ(told, "c gone;a.txt;new.txt;");
  ASSERT_TRUE(files.ok());
  EXPECT_EQ(*files, 3u);
  const auto after = image_.offer(2, {default_policy(), {}});
  EXPECT_EQ(after->base, before->base);
  EXPECT_EQ(after->segments.front(), before->segments.front());
  const OfferReader reader = read();
  EXPECT_EQ(reader.fault(), "");
  EXPECT_EQ(reader.manifest().file_count, 3u);
  EXPECT_EQ(reader.content("a.txt"), "ALPHA");
  EXPECT_EQ(reader.content("new.txt"), "new");
  EXPECT_EQ(reader.content("b.txt"), "");
  EXPECT_EQ(reader.content("c"), std::nullopt);
}

// An asset that a built file hid, and that is served again when that one goes.
TEST_F(ImageTest, AFileOfTheBaseThatComesBackBringsNoSegmentTwice) {
  const FileEntry old = *image_.files().find("a.txt");
  ASSERT_TRUE(image_.apply(change_of({{"a.txt", "built"}})).ok());
  ASSERT_TRUE(image_.apply({{{"a.txt", old}}, {}}).ok());
  const OfferReader reader = read();
  EXPECT_EQ(reader.fault(), "");
  EXPECT_EQ(reader.content("a.txt"), "alpha");
}

TEST_F(ImageTest, DeltasAddUp) {
  ASSERT_TRUE(image_.apply(change_of({{"a.txt", "two"}})).ok());
  ASSERT_TRUE(image_.apply(change_of({{"n", "n1"}}, {"c"})).ok());
  ASSERT_TRUE(image_.apply(change_of({{"c", "back"}}, {"n"})).ok());
  const OfferReader reader = read();
  EXPECT_EQ(reader.fault(), "");
  EXPECT_EQ(reader.content("a.txt"), "two");
  EXPECT_EQ(reader.content("c"), "back");
  EXPECT_EQ(reader.content("n"), std::nullopt);
}

TEST_F(ImageTest, EqualContentIsNoChange) {
  const std::uint64_t version = image_.version();
  const auto files = image_.apply(change_of({{"a.txt", "alpha"}}, {"never.there"}));
  EXPECT_EQ(*files, 0u);
  EXPECT_EQ(image_.version(), version);
  const auto changed = image_.rebase(table_of({{"c", "gamma"}, {"b.txt", ""}, {"a.txt", "alpha"}}));
  EXPECT_FALSE(*changed);
  EXPECT_EQ(image_.version(), version);
  EXPECT_EQ(read().content("a.txt"), "alpha");
}

TEST_F(ImageTest, TheContentDigestDependsOnNamesAndContentsAlone) {
  ASSERT_TRUE(image_.apply(change_of({{"z", "last"}}, {"b.txt"})).ok());
  Image other;
  ASSERT_TRUE(other.rebase(table_of({{"z", "last"}, {"c", "gamma"}, {"a.txt", "alpha"}})).ok());
  EXPECT_EQ(image_.files().content_digest(), other.files().content_digest());
  ASSERT_TRUE(other.apply(change_of({{"a.txt", "ALPHA"}})).ok());
  EXPECT_NE(image_.files().content_digest(), other.files().content_digest());
  // Contents that change places are another generation.
  Image swapped;
  ASSERT_TRUE(swapped.rebase(table_of({{"z", "gamma"}, {"c", "last"}, {"a.txt", "alpha"}})).ok());
  EXPECT_NE(image_.files().content_digest(), swapped.files().content_digest());
}

TEST_F(ImageTest, CompactKeepsEveryFileAndDropsTheDelta) {
  for (int i = 0; i < 20; ++i) {
    ASSERT_TRUE(image_.apply(change_of({{"n" + std::to_string(i), std::string(600, 'x')}})).ok());
  }
  ASSERT_TRUE(image_.apply(change_of({}, {"a.txt"})).ok());
  const Digest digest = image_.files().content_digest();
  const std::size_t segments = image_.segment_count();
  ASSERT_TRUE(image_.compact().ok());
  EXPECT_LT(image_.segment_count(), segments);
  EXPECT_EQ(image_.files().content_digest(), digest);
  const OfferReader reader = read();
  EXPECT_EQ(reader.fault(), "");
  EXPECT_EQ(reader.manifest().delta.id, 0u);
  EXPECT_EQ(reader.content("n19"), std::string(600, 'x'));
  EXPECT_EQ(reader.content("c"), "gamma");
  EXPECT_EQ(reader.content("a.txt"), std::nullopt);
  const abi::FileRecord* record = reader.record("n7");
  ASSERT_NE(record, nullptr);
  EXPECT_EQ(record->file_class, abi::FileClass::kRing);
  EXPECT_EQ(record->modified_s, 1700000000u);
}

TEST_F(ImageTest, ManyChangesAskForAMergeWhichKeepsTheBase) {
  const ObjectPtr base = base_of(image_);
  EXPECT_FALSE(image_.wants_merge());
  for (int i = 0; i < 257; ++i) {
    ASSERT_TRUE(image_.apply(change_of({{"n" + std::to_string(i % 9), std::to_string(i)}})).ok());
  }
  ASSERT_TRUE(image_.apply(change_of({{"c", "other"}}, {"a.txt"})).ok());
  EXPECT_TRUE(image_.wants_merge());
  EXPECT_FALSE(image_.must_merge());
  const Digest digest = image_.files().content_digest();
  const std::uint64_t version = image_.version();
  ASSERT_TRUE(image_.merge().ok());
  EXPECT_FALSE(image_.wants_merge());
  EXPECT_EQ(image_.segment_count(), 3u);  // base, files, names that are gone
  EXPECT_EQ(image_.files().content_digest(), digest);
  EXPECT_EQ(image_.version(), version);
  for (int further = 0; further < 2; ++further) {
    const OfferReader reader = read();
    EXPECT_EQ(reader.fault(), "");
    EXPECT_EQ(base_of(image_), base);
    EXPECT_EQ(reader.content("n4"), "256");
    EXPECT_EQ(reader.content("c"), "other");
    EXPECT_EQ(reader.content("b.txt"), "");
    EXPECT_EQ(reader.content("a.txt"), std::nullopt);
    ASSERT_TRUE(image_.apply(change_of({{"later", "x"}})).ok());
  }
  ASSERT_TRUE(image_.apply(change_of({{"a.txt", "back"}})).ok());
  EXPECT_EQ(read().content("a.txt"), "back");
}

TEST_F(ImageTest, LargeSegmentsOfTheDeltaAreNotCopied) {
  const std::string content(std::size_t{5} << 20, 'x');
  ASSERT_TRUE(image_.apply(change_of({{"load", content}})).ok());
  const SealedObject* load = image_.files().find("load")->segment.get();
  ASSERT_TRUE(image_.apply(change_of({{"n", "1"}})).ok());
  ASSERT_TRUE(image_.apply(change_of({{"n", "2"}})).ok());
  ASSERT_TRUE(image_.merge().ok());
  EXPECT_EQ(image_.files().find("load")->segment.get(), load);
  EXPECT_EQ(image_.segment_count(), 3u);
  ASSERT_TRUE(image_.compact().ok());
  EXPECT_EQ(image_.files().find("load")->segment.get(), load);
  const OfferReader reader = read();
  EXPECT_EQ(reader.fault(), "");
  EXPECT_EQ(reader.content("load"), content);
  EXPECT_EQ(reader.content("n"), "2");
}

TEST_F(ImageTest, SoManySegmentsThatNoOtherHasRoomMustBeMerged) {
  for (int i = 0; i < 960; ++i) {
    ASSERT_TRUE(image_.apply(change_of({{"a.txt", std::to_string(i)}})).ok());
  }
  EXPECT_TRUE(image_.must_merge());
  ASSERT_TRUE(image_.merge().ok());
  EXPECT_FALSE(image_.must_merge());
  EXPECT_EQ(read().content("a.txt"), "959");
}

// A change of many is a delta, however large; what it leaves dead in the base is given back later.
TEST_F(ImageTest, AChangeOfManyFilesIsADeltaUntilItIsFolded) {
  Named files;
  for (int i = 0; i < 40'000; ++i) {
    files.emplace_back("file" + std::to_string(i), std::string(2000, 'a'));
  }
  ASSERT_TRUE(image_.rebase(table_of(files)).ok());
  const ObjectPtr base = base_of(image_);
  const std::uint64_t before = image_.memory_bytes();
  files.resize(17'000);
  for (auto& [name, content] : files) {
    content[0] = 'b';
  }
  const auto changed = image_.apply(change_of(files));
  ASSERT_TRUE(changed.ok());
  EXPECT_EQ(*changed, 17'000u);
  EXPECT_TRUE(image_.wants_compact());
  EXPECT_EQ(base_of(image_), base);
  EXPECT_EQ(read().fault(), "");
  const std::uint64_t version = image_.version();
  ASSERT_TRUE(image_.compact().ok());
  EXPECT_FALSE(image_.wants_compact());
  EXPECT_GT(image_.version(), version);  // the dataplane is to let go as well
  EXPECT_LT(image_.memory_bytes(), before + before / 50);
  const OfferReader reader = read();
  EXPECT_EQ(reader.fault(), "");
  EXPECT_EQ(reader.content("file16999"), 'b' + std::string(1999, 'a'));
  EXPECT_EQ(reader.content("file17000"), std::string(2000, 'a'));
}

TEST_F(ImageTest, MemoryOfReplacedFilesAsksForAMerge) {
  const auto put = [&](char fill) {
    const std::string content(std::size_t{12} << 20, fill);
    ASSERT_TRUE(image_.apply(change_of({{"load", content}})).ok());
  };
  for (const char fill : {'a', 'b', 'c'}) {
    put(fill);
  }
  EXPECT_FALSE(image_.wants_merge());
  put('d');
  EXPECT_TRUE(image_.wants_merge());
  ASSERT_TRUE(image_.merge().ok());
  EXPECT_FALSE(image_.wants_merge());
  EXPECT_LT(image_.memory_bytes(), std::uint64_t{14} << 20);
}

TEST_F(ImageTest, MemoryOfFilesThatAreGoneAsksForAMergeToo) {
  const std::string content(std::size_t{34} << 20, 'x');
  for (int again = 0; again < 2; ++again) {
    ASSERT_TRUE(image_.apply(change_of({{"load", content}, {"small", "s"}})).ok());
    EXPECT_FALSE(image_.wants_merge());
    ASSERT_TRUE(image_.apply(change_of({}, {"load"})).ok());
    EXPECT_TRUE(image_.wants_merge());
    ASSERT_TRUE(image_.merge().ok());
    EXPECT_FALSE(image_.wants_merge());
    EXPECT_LT(image_.memory_bytes(), std::uint64_t{1} << 20);
    EXPECT_EQ(read().content("small"), "s");
  }
}

// Most of their memory is of records and names.
TEST_F(ImageTest, ManyTinyFilesAskForNoSecondMerge) {
  Named files;
  for (int i = 0; i < 200'000; ++i) {
    files.emplace_back("file" + std::to_string(i), "x");
  }
  ASSERT_TRUE(image_.apply(change_of(files)).ok());
  ASSERT_TRUE(image_.wants_merge());
  ASSERT_TRUE(image_.merge().ok());
  EXPECT_FALSE(image_.wants_merge());
}

TEST_F(ImageTest, MuchThatLivesAsksForNothing) {
  const std::string content(std::size_t{20} << 20, 'x');
  ASSERT_TRUE(image_.apply(change_of({{"l1", content}, {"l2", content}, {"l3", content}})).ok());
  EXPECT_FALSE(image_.wants_merge() || image_.wants_compact());
}

// As of assets that were copied into the folder one by one.
TEST_F(ImageTest, MoreSegmentsThanABaseCanHaveArePackedTogether) {
  FileTable files;
  for (int i = 0; i < 600; ++i) {
    auto one = written({{"file" + std::to_string(i), std::to_string(i)}});
    files.put(one.front().first, std::move(one.front().second));
  }
  const auto changed = image_.rebase(std::move(files));
  ASSERT_TRUE(changed.ok()) << changed.error().text;
  EXPECT_EQ(*changed, 603u);
  EXPECT_EQ(image_.segment_count(), 1u);
  EXPECT_EQ(read().content("file599"), "599");
}

TEST_F(ImageTest, AnEmptyImageCanBeOffered) {
  Image empty;
  ASSERT_TRUE(empty.rebase({}).ok());
  EXPECT_EQ(empty.version(), 1u);
  const OfferReader reader(*empty.offer(1, {default_policy(), {}}));
  EXPECT_EQ(reader.fault(), "");
  EXPECT_EQ(reader.content("a.txt"), std::nullopt);
}

TEST_F(ImageTest, AFullBuildInWhichLittleDiffersIsADelta) {
  Named files;
  for (int i = 0; i < 100; ++i) {
    files.emplace_back("file" + std::to_string(i), std::to_string(i));
  }
  ASSERT_TRUE(image_.rebase(table_of(files)).ok());
  const auto before = image_.offer(1, {default_policy(), {}});
  files[7].second = "other";
  files[8].first = "renamed";
  const auto changed = image_.rebase(table_of(files));
  ASSERT_TRUE(changed.ok());
  EXPECT_EQ(*changed, 3u);
  const auto after = image_.offer(2, {default_policy(), {}});
  EXPECT_EQ(after->base, before->base);
  EXPECT_EQ(after->segments.front(), before->segments.front());
  const OfferReader reader = read();
  EXPECT_EQ(reader.fault(), "");
  EXPECT_EQ(reader.content("file7"), "other");
  EXPECT_EQ(reader.content("file8"), std::nullopt);
  EXPECT_EQ(reader.content("renamed"), "8");
  EXPECT_EQ(reader.content("file9"), "9");
}

}  // namespace
}  // namespace dialtone::image_build
