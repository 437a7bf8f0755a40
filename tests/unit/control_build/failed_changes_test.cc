// SPDX-License-Identifier: Apache-2.0
//
// A change that fails, wherever memory may run short, changes nothing and is not lost: the next
// call brings all of it, and needs no full build.
#include "tests/support/temp_folder.h"
#include "tests/unit/control_build/built_image.h"
#include "tests/unit/control_image/fake_memory.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <string>

namespace dialtone::build {
namespace {

using test::must;

class FailedChanges : public BuiltImage {
 protected:
  FailedChanges() { start("", /*threads=*/1); }

  void add_phones(int count, int model) {
    run("BEGIN");
    for (int i = 0; i < count; ++i) {
      char name[32];
      std::snprintf(name, sizeof(name), "SEP%012X", 0x1000 + i);
      run("INSERT INTO devices (name, model_id) SELECT '" + std::string(name) +
          "', id FROM models WHERE protocol = 'SIP' AND number = " + std::to_string(model));
    }
    run("COMMIT");
  }
  // Fails at each point in turn at which memory is asked for, until there is none left.
  void follow_with_failures(const std::string& what) {
    constexpr int kMostPoints = 100;
    test::FakeMemory memory;
    int point = 0;
    for (; point < kMostPoints; ++point) {
      const Digest before = builder_->image().files().content_digest();
      memory.fail_once_after(point);
      const auto report = builder_->follow_database();
      if (report) {
        EXPECT_FALSE(report->full) << what;
        break;
      }
      EXPECT_EQ(builder_->image().files().content_digest(), before) << what;
    }
    memory.fail_once_after(-1);
    EXPECT_GT(point, 0) << what << ": no memory was asked for";
    ASSERT_LT(point, kMostPoints) << what;
    expect_as_a_full_build(what);
  }
};

constexpr int k7960 = 7;  // SIP<MAC>.cnf, SIPDefault.cnf
constexpr int k7965 = 436;

// By a hand that has switched the checks off.
TEST_F(FailedChanges, AModelThatCannotBeReadCostsItsDevicesAlone) {
  add_phones(1, k7965);
  run("INSERT INTO devices (name, model_id) SELECT 'SEP00000000000A', id FROM models WHERE "
      "protocol = 'SIP' AND number = 683");
  must(builder_->build_all());
  const auto digest = [this](const char* name) {
    const auto* file = builder_->image().files().find(name);
    return file == nullptr ? Digest{} : file->place.digest;
  };
  const Digest mute = digest("sep000000001000.cnf.xml");
  const Digest well = digest("sep00000000000a.cnf.xml");
  run("PRAGMA ignore_check_constraints = ON");
  run("UPDATE models SET vendor_config = '{' WHERE protocol = 'SIP' AND number = 436");
  run("UPDATE devices SET description = 'new'");
  const auto report = must(builder_->follow_database());
  ASSERT_EQ(report.faults.size(), 1u);
  EXPECT_NE(report.faults[0].text.find("; correct it in that row by"), std::string::npos)
      << report.faults[0].text;
  EXPECT_EQ(digest("sep000000001000.cnf.xml"), mute);
  EXPECT_NE(digest("sep00000000000a.cnf.xml"), well);
}

TEST_F(FailedChanges, NothingIsLostOfAChangeThatFailsAtAnyPoint) {
  add_phones(3, k7965);
  run("INSERT INTO dial_plans (name) VALUES ('hq')");
  run("INSERT INTO gateways (name, kind) VALUES ('gw1', 'mgcp')");
  must(builder_->build_all());
  const auto change = [this](const std::string& sql) {
    run(sql);
    follow_with_failures(sql);
  };
  const auto model = [](int number) {
    return "UPDATE devices SET model_id = (SELECT id FROM models WHERE protocol = 'SIP' AND "
           "number = " +
           std::to_string(number) + ")";
  };
  change(model(k7960) + " WHERE id = 1");
  change(model(k7960));
  change("UPDATE dial_plans SET name = 'branch'");
  change("DELETE FROM dial_plans");
  change(model(k7965));
  change("UPDATE gateways SET name = 'gw2'");
  change("DELETE FROM gateways");
  change("UPDATE lines SET label = 'Lobby'; UPDATE devices SET description = 'x' WHERE id = 2");
  change("DELETE FROM devices WHERE id = 2");
  change("DELETE FROM devices");
}

TEST_F(FailedChanges, NothingIsLostOfAChangeOfMany) {
  add_phones(4'200, k7960);
  must(builder_->build_all());
  const std::string sql =
      "UPDATE devices SET model_id = (SELECT id FROM models WHERE protocol = 'SIP' AND number = " +
      std::to_string(k7965) + ") WHERE id <= 2050";
  run(sql);
  follow_with_failures(sql);
}

// As when the process is to end: at whichever question, what is served stays as it was.
TEST_F(FailedChanges, AFullBuildThatIsCancelledChangesNothing) {
  add_phones(300, k7965);
  std::size_t most = SIZE_MAX;
  std::size_t asked = 0;
  BuildConfig config{path_, "", 1, /*huge_pages=*/false};
  config.cancelled = [&] { return asked++ >= most; };
  Builder builder = must(Builder::create(std::move(config), &db_));
  must(builder.build_all());
  run("UPDATE devices SET description = 'x'");
  const Digest before = builder.image().files().content_digest();
  const std::uint64_t version = builder.image().version();
  for (most = 0;; ++most) {
    asked = 0;
    const auto built = builder.build_all();
    if (built) {
      break;
    }
    EXPECT_EQ(built.error().text, "the build was cancelled") << most;
    EXPECT_EQ(builder.image().files().content_digest(), before) << most;
    EXPECT_EQ(builder.image().version(), version) << most;
  }
  EXPECT_GE(most, 3u + 3u) << "before each of three ranges, and before what takes long";
  EXPECT_NE(builder.image().files().content_digest(), before);
  EXPECT_EQ(must(builder.follow_database()).files, 0u) << "and all of it came";
}

// Those of the first attempt, on huge pages, are not all there are.
TEST_F(FailedChanges, HugePagesThatRunOutMidwayLeaveNoFileOfTheOldModel) {
  add_phones(700, k7960);
  Builder builder = must(Builder::create({path_, "", 1, /*huge_pages=*/true}, &db_));
  must(builder.build_all());
  const test::FakeMemory memory(/*huge_pages=*/1);
  run("UPDATE devices SET model_id = (SELECT id FROM models WHERE protocol = 'SIP' AND number = " +
      std::to_string(k7965) + ")");
  EXPECT_FALSE(must(builder.follow_database()).full);
  std::size_t old = 0;
  for (const auto& [name, entry] : builder.image().files()) {
    old += name.starts_with("sip") ? 1 : 0;
  }
  EXPECT_EQ(old, 0u);
}

// A new base is dear; what changes have left dead is given back without one.
TEST(FailedFolds, WithoutMemoryForANewBaseTheDeltaIsMerged) {
  constexpr std::size_t kMegabyte = std::size_t{1} << 20;
  const test::TempFolder folder;
  folder.write("assets/large", std::string(68 * kMegabyte, 'x'));
  Builder builder = must(Builder::create({"", folder.file("assets"), 1, false}, nullptr));
  must(builder.build_all());
  for (int i = 0; i < 1100; ++i) {
    folder.write("assets/file" + std::to_string(i), std::to_string(i));
  }
  folder.write("assets/load", std::string(36 * kMegabyte, 'x'));
  must(builder.follow_assets());
  std::filesystem::remove(folder.file("assets/load"));
  must(builder.follow_assets());
  const image_build::Image& image = builder.image();
  ASSERT_TRUE(image.wants_compact() && image.wants_merge());
  const std::uint64_t before = image.memory_bytes();
  {
    test::FakeMemory memory;
    memory.fail_once_after(0);
    EXPECT_FALSE(builder.fold());
  }
  EXPECT_TRUE(image.wants_compact());
  EXPECT_FALSE(image.wants_merge());
  EXPECT_LT(image.memory_bytes() + 32 * kMegabyte, before);
  EXPECT_TRUE(builder.fold());
  EXPECT_FALSE(image.wants_compact());
}

}  // namespace
}  // namespace dialtone::build
