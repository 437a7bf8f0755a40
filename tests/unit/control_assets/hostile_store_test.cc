// SPDX-License-Identifier: Apache-2.0
//
// Somebody who may write to the asset folder may have written what the store keeps there.
#include "control/assets/asset_change.h"
#include "tests/unit/control_assets/store_in_folder.h"

#include <nlohmann/json.hpp>
#include <unistd.h>

#include <sys/stat.h>

#include <filesystem>
#include <functional>

namespace dialtone::assets {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

class HostileStoreTest : public StoreInFolder {
 protected:
  static std::string record(const std::string& name, std::int64_t last = 1) {
    return Json{{"name", name},
                {"last", last},
                {"current", 1},
                {"versions",
                 {{{"number", 1},
                   {"bytes", 4},
                   {"digest", ""},
                   {"put_s", 0},
                   {"note", ""},
                   {"set", ""},
                   {"found", false}}}}}
        .dump();
  }
  static Json change(const std::string& path, const std::string& staged) {
    return {{"path", path},
            {"staged", staged},
            {"saved", 0},
            {"before", nullptr},
            {"after", record(path)}};
  }
  // What the next start does with it.
  void plan(const Json& changes) {
    folder_.write(kPlan, changes.dump());
    const auto store = AssetStore::open(folder_.path(), 3);
    ASSERT_TRUE(store.ok()) << store.error().text;
    EXPECT_EQ(store->partial(), 0u);
    EXPECT_FALSE(fs::exists(folder_.file(kPlan)));
  }
};

TEST_F(HostileStoreTest, ASoundPlanIsCarriedOut) {
  folder_.write(".dialtone/staging/0", "new");
  plan(Json::array({change("a", ".dialtone/staging/0")}));
  EXPECT_EQ(served(), "a=new;");
}

TEST_F(HostileStoreTest, NoPlanLeadsOutOfTheFolder) {
  const test::TempFolder outside;
  const std::string up = "../../../../../../../../../../../..";
  for (const std::string& path :
       {up + outside.file("x"), outside.file("x"), "sub/../../x" + outside.file("x"),
        std::string("link/x"), std::string(".dialtone/x"), std::string("./a"), std::string()}) {
    outside.write("x", "mine");
    folder_.write("evil", "evil");
    folder_.write(".dialtone/staging/0", "evil");
    fs::remove(folder_.file("link"));
    fs::create_directory_symlink(outside.path(), folder_.file("link"));
    plan(Json::array({change("good", ".dialtone/staging/0"), change(path, "evil")}));
    plan(Json::array({change(path, ".dialtone/staging/0")}));
    EXPECT_EQ(content_of(outside.file("x")), "mine") << path;
    EXPECT_EQ(served(), "evil=evil;") << path << ": nothing of it is done";
    fs::remove_all(folder_.file(".dialtone"));
  }
}

TEST_F(HostileStoreTest, NothingButStagedBytesIsMovedIn) {
  const test::TempFolder outside;
  outside.write("secret", "secret");
  folder_.write("kept", "kept");
  for (const std::string& staged :
       {outside.file("secret"), "../../../../../../../../../../.." + outside.file("secret"),
        std::string("kept"), std::string(".dialtone/staging/../../kept"),
        std::string(".dialtone/staging/plan"), std::string(".dialtone/staging/00x")}) {
    plan(Json::array({change("taken", staged)}));
    EXPECT_EQ(served(), "kept=kept;") << staged;
    EXPECT_EQ(content_of(outside.file("secret")), "secret") << staged;
  }
}

TEST_F(HostileStoreTest, AnUnsoundPlanIsSetAsideAndSaid) {
  const auto open_with = [&](const std::string& text) {
    folder_.write(".dialtone/staging/0", "bytes");
    folder_.write(kPlan, text);
    return open().warning();
  };
  const Json good = change("a", ".dialtone/staging/0");
  const auto with = [&](const std::function<void(Json&)>& spoil) {
    Json bad = good;
    spoil(bad);
    return Json::array({bad}).dump();
  };
  const std::string texts[] = {
      "",
      "{}",
      "[7]",
      std::string(100000, '['),
      with([](Json& bad) { bad["saved"] = -1; }),
      with([](Json& bad) { bad["saved"] = std::int64_t{1} << 32; }),
      with([](Json& bad) { bad["after"] = record("b"); }),
      with([](Json& bad) { bad["before"] = record("b"); }),
      with([](Json& bad) { bad["after"] = record("a", -1); }),
      with([](Json& bad) { bad["after"] = record("a", (std::int64_t{1} << 32) + 1); }),
      with([](Json& bad) { bad["after"] = record("a", 0); }),
      Json::array({good, good}).dump()};
  for (const std::string& text : texts) {
    const std::string warning = open_with(text);
    EXPECT_NE(warning.find(folder_.file(".dialtone/refused-")), std::string::npos)
        << text.substr(0, 200) << ": " << warning;
    EXPECT_EQ(served(), "");
  }
  EXPECT_EQ(content(".dialtone/refused-1/0"), "bytes");
  EXPECT_EQ(open().warning(), "") << "it is said once";
  EXPECT_TRUE(put(open(), {{"a", "x"}}).ok());
}

TEST_F(HostileStoreTest, FoldersOfTheStoreAreNoSymlinks) {
  const test::TempFolder outside;
  outside.write("plan", Json::array({change("a", "")}).dump());
  outside.write("0", "mine");
  fs::create_directory(folder_.file(".dialtone"));
  fs::create_directory_symlink(outside.path(), folder_.file(kStaging));
  (void)AssetStore::open(folder_.path(), 3);
  EXPECT_TRUE(fs::exists(outside.file("plan")));
  fs::remove_all(folder_.file(".dialtone"));
  fs::create_directory_symlink(outside.path(), folder_.file(".dialtone"));
  EXPECT_EQ(open_error(), ErrorCode::kRefused);
  EXPECT_EQ(content_of(outside.file("0")), "mine");
  EXPECT_FALSE(fs::exists(outside.file("lock")));
}

// To read what a symlink leads to would show it to everybody.
TEST_F(HostileStoreTest, WhatASymlinkLeadsToIsNeverKept) {
  const test::TempFolder outside;
  outside.write("secret", "secret");
  folder_.write("inner", "inner");
  const std::pair<const char*, std::string> links[] = {
      {"leak", outside.file("secret")}, {"near", "inner"}, {"broken", "nowhere"}};
  for (const auto& [name, target] : links) {
    fs::create_symlink(target, folder_.file(name));
    const auto found = open().versions(name);
    ASSERT_TRUE(found.ok()) << found.error().text;
    EXPECT_TRUE(found->versions.back().link);
    EXPECT_EQ(found->versions.back().digest, "");

    publish_ = [] { return Result<void>(failed("no memory")); };
    EXPECT_FALSE(put(open(), {{name, "small"}}).ok());
    EXPECT_TRUE(fs::is_symlink(folder_.file(name))) << "it is laid back";
    publish_ = [] { return Result<void>(); };
    ASSERT_TRUE(put(open(), {{name, "small"}}).ok());
    EXPECT_EQ(content(name), "small");
    const auto back = open().restore(name, 1, publish_);
    ASSERT_FALSE(back.ok()) << name;
    EXPECT_NE(back.error().text.find("was a symlink"), std::string::npos) << back.error().text;
    EXPECT_EQ(content(name), "small");
    EXPECT_EQ(content_of(outside.file("secret")), "secret");
    EXPECT_EQ(content("inner"), "inner");
  }
  for (const auto& entry : fs::recursive_directory_iterator(folder_.path())) {
    if (entry.is_regular_file() && !entry.is_symlink()) {
      EXPECT_NE(content_of(entry.path()), "secret") << entry.path();
    }
  }
}

// A version that was swapped for a symlink later.
TEST_F(HostileStoreTest, NoVersionIsReadThroughASymlink) {
  const test::TempFolder outside;
  outside.write("secret", "old!");
  ASSERT_TRUE(put(open(), {{"a", "old!"}}).ok());
  ASSERT_TRUE(put(open(), {{"a", "new"}}).ok());
  const std::string version = folder_.file(version_path("a", 1));
  fs::remove(version);
  fs::create_symlink(outside.file("secret"), version);
  EXPECT_FALSE(open().restore("a", 1, publish_).ok());
  EXPECT_EQ(content("a"), "new");
}

TEST_F(HostileStoreTest, ARecordThatTheStoreCannotHaveWrittenIsRefused) {
  constexpr std::int64_t kLast = 4294967295;
  ASSERT_TRUE(put(open(), {{"a", "old!"}}).ok());
  // No number comes after the last one.
  folder_.write(record_path("a"), record("a", kLast));
  const auto full = put(open(), {{"a", "new"}});
  ASSERT_FALSE(full.ok());
  ASSERT_EQ(faults_.size(), 1u);
  EXPECT_NE(faults_[0].text.find("no number left"), std::string::npos) << faults_[0].text;
  EXPECT_EQ(content("a"), "old!");
  for (const std::string& text :
       {record("a", kLast + 2), record("a", 0), record("a", -1), record("b"), record("A"),
        record("../a"), std::string("[]"), std::string()}) {
    folder_.write(record_path("a"), text);
    EXPECT_FALSE(put(open(), {{"a", "new"}}).ok()) << text;
    EXPECT_FALSE(open().versions("a").ok()) << text;
    EXPECT_EQ(content("a"), "old!");
  }
}

// Who made it could have written anything there.
TEST_F(HostileStoreTest, AFolderOfTheStoreThatOthersOwnOrWriteIsRefused) {
  if (::geteuid() != 0) {
    GTEST_SKIP() << "only root gives a folder away";
  }
  const std::string own = folder_.file(".dialtone");
  folder_.write(".dialtone/staging/0", "new");
  folder_.write(kPlan, Json::array({change("a", ".dialtone/staging/0")}).dump());
  ASSERT_EQ(::chown(own.c_str(), 65534, 65534), 0);
  const auto store = AssetStore::open(folder_.path(), 3);
  ASSERT_FALSE(store.ok());
  EXPECT_NE(store.error().text.find("chown"), std::string::npos) << store.error().text;
  EXPECT_EQ(served(), "");
  ASSERT_EQ(::chown(own.c_str(), 0, 0), 0);
  ASSERT_EQ(::chmod(own.c_str(), 0777), 0);
  const auto open_to_all = AssetStore::open(folder_.path(), 3);
  ASSERT_FALSE(open_to_all.ok());
  EXPECT_NE(open_to_all.error().text.find("chmod"), std::string::npos) << open_to_all.error().text;
  ASSERT_EQ(::chmod(own.c_str(), 0755), 0);
  auto mended = open();
  EXPECT_EQ(served(), "a=new;");
  ASSERT_EQ(::chown(own.c_str(), 65534, 65534), 0);
  EXPECT_FALSE(put(std::move(mended), {{"a", "newer"}}).ok());
  EXPECT_EQ(served(), "a=new;");
}

}  // namespace
}  // namespace dialtone::assets
