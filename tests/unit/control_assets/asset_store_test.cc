// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/control_assets/store_in_folder.h"

#include <unistd.h>

#include <sys/wait.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

namespace dialtone::assets {
namespace {

namespace fs = std::filesystem;

using AssetStoreTest = StoreInFolder;

TEST_F(AssetStoreTest, AFileThatWouldNotBeServedForItsSizeIsNotPut) {
  most_ = 3;
  EXPECT_FALSE(put(open(), {{"a", "one"}, {"b", "four"}}).ok());
  ASSERT_EQ(faults_.size(), 1U);
  EXPECT_EQ(faults_[0].file, "b");
  EXPECT_EQ(faults_[0].code, "too-large");
  EXPECT_EQ(served(), "");
  EXPECT_TRUE(put(open(), {{"a", "one"}}).ok());
}

// A terabyte: who reads it is out of memory.
TEST_F(AssetStoreTest, WhatIsTooLargeIsReadByNoCommandAndCanBeTakenAway) {
  constexpr std::uintmax_t kHuge = std::uintmax_t{1} << 40;
  most_ = 16;
  const test::TempFolder outside;
  for (const std::string& file : {folder_.file("big"), outside.file("big"), folder_.file("old")}) {
    std::ofstream(file).put('x');
    fs::resize_file(file, kHuge);
  }
  fs::create_symlink(outside.file("big"), folder_.file("led"));
  const auto record = open().versions("big");
  ASSERT_TRUE(record.ok()) << record.error().text;
  ASSERT_EQ(record->versions.size(), 1u);
  EXPECT_EQ(record->versions[0].bytes, kHuge);
  EXPECT_EQ(record->versions[0].digest, "");
  EXPECT_TRUE(record->versions[0].found);
  ASSERT_TRUE(put(open(), {{"old", "new"}}).ok());

  const std::vector<std::string> names{"big", "led"};
  publish_ = [] { return Result<void>(failed("no memory")); };
  ASSERT_FALSE(open().remove(names, publish_, faults_).ok());
  EXPECT_EQ(fs::file_size(folder_.file("big")), kHuge) << "it is laid back";
  EXPECT_TRUE(fs::is_symlink(folder_.file("led")));
  publish_ = [] { return Result<void>(); };
  const auto done = open().remove(names, publish_, faults_);
  ASSERT_TRUE(done.ok()) << done.error().text;
  EXPECT_EQ(served(), "old=new;");
  EXPECT_EQ(fs::file_size(outside.file("big")), kHuge);
  const auto back = open().restore("big", 1, publish_);
  ASSERT_FALSE(back.ok());
  EXPECT_NE(back.error().text.find("'asset_max_mb' of [control] allows"), std::string::npos)
      << back.error().text;
  EXPECT_EQ(served(), "old=new;");
}

TEST_F(AssetStoreTest, WhatWasTooLargeComesAgainWhenTheLimitAllowsIt) {
  folder_.write("f", "four");
  most_ = 3;
  ASSERT_TRUE(put(open(), {{"f", "one"}}).ok());
  EXPECT_EQ(open().versions("f")->versions.front().digest, "");
  most_ = kNoLimit;
  ASSERT_TRUE(open().restore("f", 1, publish_).ok());
  EXPECT_EQ(content("f"), "four");
  // And the limit may be lowered: what is known of it still holds.
  most_ = 3;
  EXPECT_EQ(open().versions("f")->current, 3u);
}

TEST_F(AssetStoreTest, PutsKeepWhatLayThereBefore) {
  folder_.write("RingList.xml", "by hand");
  auto done = put(open(), {{"RINGLIST.XML", "one"}, {"Desktops/a.png", "png"}});
  ASSERT_TRUE(done.ok()) << done.error().text;
  EXPECT_EQ(done->added, 1u);
  EXPECT_EQ(done->updated, 1u);
  EXPECT_EQ(served(), "desktops/a.png=png;ringlist.xml=one;");
  EXPECT_EQ(content("RingList.xml"), "one") << "the spelling of the disk stays";
  ASSERT_TRUE(put(open(), {{"desktops/b.png", "b"}}).ok());
  EXPECT_EQ(content("Desktops/b.png"), "b") << "so does that of a folder";
  done = put(open(), {{"ringlist.xml", "one"}});
  EXPECT_EQ(done->unchanged, 1u);
  EXPECT_TRUE(done->changed.empty());

  auto record = open().versions("RingList.xml");
  ASSERT_TRUE(record.ok());
  ASSERT_EQ(record->versions.size(), 2u);
  EXPECT_TRUE(record->versions[0].found);
  EXPECT_EQ(record->current, 2u);
  EXPECT_EQ(record->versions[1].note, "note");
  auto store = open();
  ASSERT_TRUE(store.restore("RingList.xml", 1, publish_).ok());
  EXPECT_EQ(content("RingList.xml"), "by hand");
  EXPECT_EQ(store.restore("RingList.xml", 9, publish_).error().code, ErrorCode::kRefused);
  EXPECT_EQ(store.partial(), 0u);
}

TEST_F(AssetStoreTest, SoManyVersionsAreKeptAndNumbersNeverComeAgain) {
  for (const char* text : {"1", "2", "3", "4", "5", "6"}) {
    ASSERT_TRUE(put(open({}, 2), {{"f", text}}).ok());
  }
  auto store = open({}, 2);
  auto record = store.versions("f");
  ASSERT_EQ(record->versions.size(), 3u);
  EXPECT_EQ(record->versions.front().number, 4u);
  std::size_t files = 0;
  for (const auto& entry : fs::recursive_directory_iterator(folder_.path() + "/.dialtone")) {
    files += entry.is_regular_file() && entry.path().filename() != "lock" ? 1 : 0;
  }
  EXPECT_EQ(files, 3u) << "two versions and the record";
  const std::string name = "f";
  ASSERT_TRUE(store.remove({&name, 1}, publish_, faults_).ok());
  EXPECT_EQ(served(), "");
  EXPECT_EQ(store.versions("f")->current, 0u);
  ASSERT_TRUE(store.restore("f", 6, publish_).ok());
  EXPECT_EQ(served(), "f=6;");
  EXPECT_EQ(store.versions("f")->current, 7u);
}

// Nobody kept the bytes of what was taken away, or overwritten, by other means.
TEST_F(AssetStoreTest, AVersionWhoseBytesAreGoneIsNotListed) {
  const auto numbers = [&] {
    std::string text;
    const auto record = open().versions("f");
    for (const AssetVersion& each : record ? record->versions : std::vector<AssetVersion>()) {
      text += std::to_string(each.number) + ";";
    }
    return text;
  };
  ASSERT_TRUE(put(open(), {{"f", "1"}}).ok());
  ASSERT_TRUE(put(open(), {{"f", "2"}}).ok());
  fs::remove(folder_.file("f"));
  EXPECT_EQ(numbers(), "1;");
  const auto back = open().restore("f", 2, publish_);
  ASSERT_FALSE(back.ok());
  EXPECT_NE(back.error().text.find("there is no version 2"), std::string::npos)
      << back.error().text;
  ASSERT_TRUE(put(open(), {{"f", "3"}}).ok());
  EXPECT_EQ(numbers(), "1;3;");
  folder_.write("f", "by hand");
  EXPECT_EQ(numbers(), "1;4;");
  fs::remove(folder_.file(version_path("f", 1)));
  fs::remove(folder_.file("f"));
  EXPECT_EQ(numbers(), "");
}

TEST_F(AssetStoreTest, EachBadNameIsNamedAndNothingIsPut) {
  folder_.write("folder/x", "x");
  const test::TempFolder outside;
  fs::create_directory_symlink(outside.path(), folder_.file("out"));
  const std::string long_name(256, 'a');
  auto done = put(open(), {{"good", "g"},
                           {"../up", ""},
                           {"a/../../b", ""},
                           {"a\\..\\b", ""},
                           {"a\x01", ""},
                           {"", ""},
                           {"a//b", ""},
                           {".hidden", ""},
                           {"a/.dialtone/b", ""},
                           {".dialtone/versions/1", ""},
                           {"GOOD", ""},
                           {"folder", ""},
                           {"folder/x/y", ""},
                           {"out/x", ""},
                           {long_name, ""}});
  ASSERT_FALSE(done.ok());
  EXPECT_EQ(done.error().code, ErrorCode::kRefused);
  EXPECT_EQ(faults_.size(), 14u);
  EXPECT_EQ(served(), "folder/x=x;");
  EXPECT_FALSE(fs::exists(outside.file("x")));
  const std::vector<std::string> names{"folder/x", "nothing", "../x"};
  faults_.clear();
  EXPECT_FALSE(open().remove(names, publish_, faults_).ok());
  EXPECT_EQ(faults_.size(), 2u);
  EXPECT_EQ(served(), "folder/x=x;");
}

// Whatever fails, and wherever: all of the old files, and nothing of the new ones.
TEST_F(AssetStoreTest, AnErrorAtAnyStepLeavesTheOldFiles) {
  folder_.write("a", "old a");
  ASSERT_TRUE(put(open(), {{"b", "old b"}}).ok());
  int step = 0;
  bool reached = true;
  for (int fail_at = 1; reached && fail_at < 100; ++fail_at) {
    step = 0;
    const auto before = [&](DiskStep, const std::string& path) -> Result<void> {
      return ++step == fail_at ? failed("no room for " + path) : Result<void>();
    };
    auto done = put(open(before), {{"a", "new a"}, {"b", "new b"}, {"sub/c", "new c"}});
    reached = step >= fail_at;
    if (!done) {
      EXPECT_NE(done.error().text.find("nothing was changed"), std::string::npos)
          << done.error().text;
      EXPECT_EQ(served(), "a=old a;b=old b;") << "step " << fail_at;
      EXPECT_EQ(open().partial(), 0u);
      EXPECT_EQ(open().versions("b")->versions.size(), 1u);
    } else {
      // What is removed when all is done may fail: the next change removes it.
      EXPECT_EQ(served(), "a=new a;b=new b;sub/c=new c;");
      ASSERT_TRUE(put(open(), {{"a", "old a"}, {"b", "old b"}}).ok());
      fs::remove_all(folder_.file("sub"));
      break;
    }
  }
  publish_ = [] { return Result<void>(failed("no memory")); };
  EXPECT_FALSE(put(open(), {{"a", "newer"}, {"d", "newer"}}).ok());
  EXPECT_EQ(content("a"), "old a");
  EXPECT_FALSE(fs::exists(folder_.file("d")));
}

// As kill -9 at each step: the next start has all of the old files or all of the new ones.
TEST_F(AssetStoreTest, AnEndAtAnyStepLeavesAllOrNothing) {
  bool ended = true;
  bool saw_old = false;
  bool saw_new = false;
  for (int end_at = 1; ended && end_at < 100; ++end_at) {
    fs::remove_all(folder_.path());
    folder_.write("a", "old a");
    ASSERT_TRUE(put(open(), {{"b", "old b"}}).ok());
    const pid_t child = ::fork();
    if (child == 0) {
      int step = 0;
      const auto before = [&](DiskStep, const std::string&) -> Result<void> {
        if (++step == end_at) {
          ::_exit(9);
        }
        return {};
      };
      put(open(before), {{"a", "new a"}, {"b", "new b"}, {"sub/c", "new c"}}).ok();
      ::_exit(0);
    }
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ended = WEXITSTATUS(status) == 9;
    EXPECT_EQ(open().partial(), 0u);
    const std::string now = served();
    saw_old |= now == "a=old a;b=old b;";
    saw_new |= now == "a=new a;b=new b;sub/c=new c;";
    EXPECT_TRUE(now == "a=old a;b=old b;" || now == "a=new a;b=new b;sub/c=new c;")
        << "step " << end_at << ": " << now;
  }
  EXPECT_TRUE(saw_old && saw_new);
}

TEST_F(AssetStoreTest, AnotherProcessIsNotDisturbed) {
  auto store = open();
  publish_ = [&]() -> Result<void> {
    EXPECT_EQ(open_error(), ErrorCode::kRefused);
    return {};
  };
  EXPECT_TRUE(put(std::move(store), {{"a", "x"}}).ok());
}

}  // namespace
}  // namespace dialtone::assets
