// SPDX-License-Identifier: Apache-2.0
//
// Builds with an encoder, and with .cnf files that an administrator supplies.
#include "control/build/builder.h"
#include "control/build/device_formats.h"
#include "tests/unit/control_database/temp_database.h"

#include <gtest/gtest.h>

#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <optional>
#include <string>

namespace dialtone::build {
namespace {

using test::must;

class FormatBuilds : public test::TempDatabase {
 protected:
  FormatBuilds() {
    std::filesystem::create_directory(assets_);
    run("INSERT INTO devices (name, model_id) SELECT 'SEP000000000001', id FROM models "
        "WHERE number = 2");  // a 12 SP+
    run("INSERT INTO devices (name, model_id) SELECT 'SEP000000000002', id FROM models "
        "WHERE number = 20000 AND protocol = 'SIP'");  // a 7905
  }

  void start(const std::string& encoder = "") {
    BuildConfig config{path_, assets_, 2, /*huge_pages=*/false};
    config.cancelled = [this] { return is_cancelled_ && is_cancelled_(); };
    if (!encoder.empty()) {
      const std::string path = folder_.file("encoder");
      folder_.write("encoder", "#!/bin/sh\n" + encoder);
      ::chmod(path.c_str(), 0700);
      config.encoders = must(EncoderSet::create({path, "", "", path, folder_.file("cache")}));
    }
    builder_.emplace(must(Builder::create(std::move(config), &db_)));
    must(builder_->build_all());
  }
  std::string content(std::string_view name) const {
    const image_build::FileEntry* file = builder_->image().files().find(name);
    if (file == nullptr) {
      return "(none)";
    }
    const auto bytes = file->content();
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  }
  BuildReport put_asset(const std::string& name, const std::string& text) {
    std::ofstream(assets_ + "/" + name) << text;
    return must(builder_->follow_assets());
  }
  DeviceFormats formats() {
    return must(count_formats(db_, builder_->image().files(), builder_->build_cnf()));
  }

  std::string assets_ = folder_.file("assets");
  std::function<bool()> is_cancelled_;
  std::optional<Builder> builder_;
};

TEST_F(FormatBuilds, AnEncoderMakesTheBytes) {
  start("printf 'bin:'; /bin/cat");
  EXPECT_EQ(content("ld000000000002").substr(0, 9), "bin:#txt\n");
  EXPECT_EQ(content("sep000000000001.cnf").substr(0, 9), "bin:#cnf\n");
  EXPECT_EQ(formats().text_form, 0u);
  // A change of one device goes the same way.
  run("UPDATE devices SET load_override = 'NEW' WHERE id = 1");
  must(builder_->follow_database());
  EXPECT_NE(content("sep000000000001.cnf").find("Load:NEW"), std::string::npos);
  run("DELETE FROM devices WHERE id = 1");
  must(builder_->follow_database());
  EXPECT_EQ(content("sep000000000001.cnf"), "(none)");
}

TEST_F(FormatBuilds, WhatCannotBeEncodedKeepsItsLastGoodBytes) {
  start("/bin/grep -q BAD - && exit 9\nprintf good");
  EXPECT_EQ(content("ld000000000002"), "good");
  run("INSERT INTO vendor_overrides VALUES (2, 1, 'PWD', 'BAD')");
  const BuildReport report = must(builder_->follow_database());
  ASSERT_EQ(report.faults.size(), 1u);
  EXPECT_NE(report.faults[0].text.find("it ended with status 9"), std::string::npos);
  EXPECT_EQ(content("ld000000000002"), "good");
  must(builder_->build_all());
  EXPECT_EQ(content("ld000000000002"), "good");
}

TEST_F(FormatBuilds, ASuppliedFileOfATypeGoesToItsDevices) {
  start();
  EXPECT_EQ(formats().cnf_missing, 1u);
  EXPECT_TRUE(put_asset("12SPPdefault.cnf", "blob").full);
  EXPECT_EQ(content("sep000000000001.cnf"), "blob");
  EXPECT_EQ(builder_->asset_of("sep000000000001.cnf"), "12SPPdefault.cnf");
  EXPECT_EQ(formats().cnf, 1u);
  EXPECT_EQ(formats().cnf_missing, 0u);
  // One of its own goes before it, and is no change of any other device.
  EXPECT_FALSE(put_asset("SEP000000000001.cnf", "own").full);
  EXPECT_EQ(content("sep000000000001.cnf"), "own");
  EXPECT_EQ(builder_->asset_of("sep000000000001.cnf"), "SEP000000000001.cnf");
  run("UPDATE devices SET description = 'x' WHERE id = 1");
  must(builder_->follow_database());
  EXPECT_EQ(content("sep000000000001.cnf"), "own");
  std::filesystem::remove(assets_ + "/SEP000000000001.cnf");
  EXPECT_FALSE(must(builder_->follow_assets()).full);
  EXPECT_EQ(content("sep000000000001.cnf"), "blob");
  EXPECT_EQ(builder_->asset_of("sep000000000001.cnf"), "12SPPdefault.cnf");
  EXPECT_FALSE(put_asset("legacy.cnf", "of nobody").full);
  EXPECT_EQ(content("legacy.cnf"), "of nobody");
  run("UPDATE devices SET name = 'SEP000000000009' WHERE id = 1");
  must(builder_->follow_database());
  EXPECT_EQ(content("sep000000000001.cnf"), "(none)");
  EXPECT_EQ(content("sep000000000009.cnf"), "blob");
  run("INSERT INTO service_parameters (name, value) VALUES ('build-cnf', 'none')");
  must(builder_->follow_database());
  EXPECT_EQ(content("sep000000000009.cnf"), "(none)");
}

TEST_F(FormatBuilds, WhoGetsTheFileOfATypeIsOfTheMomentOfTheBuild) {
  start();
  put_asset("12SPPdefault.cnf", "blob");
  const image_build::FileTable& files = builder_->image().files();
  const auto add = [this](int number) {
    run("INSERT INTO devices (name, model_id) SELECT 'SEP00000000000" + std::to_string(number) +
        "', id FROM models WHERE number = 2");
  };
  const auto devices = must(DeviceBuilder::create(path_, db_, 1, /*huge_pages=*/false));
  EXPECT_EQ(must(devices->build_all(files)).typed_cnf.size(), 1u);
  devices->adopt();
  add(3);
  const ChangedFiles changed = must(devices->build_changed(files));
  add(4);  // of the next build
  // Of the devices that the change touches, whoever else is of the type.
  ASSERT_EQ(changed.typed_cnf.size(), 1u);
  EXPECT_EQ(changed.typed_cnf[0].name, "sep000000000003.cnf");
  EXPECT_EQ(changed.typed_cnf[0].of_type, "12sppdefault.cnf");
  devices->adopt();
  EXPECT_EQ(must(devices->build_changed(files)).typed_cnf.size(), 1u);
  devices->adopt();
  EXPECT_TRUE(must(devices->build_changed(files)).typed_cnf.empty());  // nothing has changed
  run("INSERT INTO gateways (name, kind) VALUES ('gw1', 'mgcp')");
  EXPECT_TRUE(must(devices->build_changed(files)).typed_cnf.empty());
}

TEST_F(FormatBuilds, WhoGetsTheFileOfATypeFollowsEachChange) {
  start();
  put_asset("12SPPdefault.cnf", "blob");
  put_asset("30VIPdefault.cnf", "other");
  const auto change = [this](const std::string& sql) {
    run(sql);
    const BuildReport report = must(builder_->follow_database());
    EXPECT_FALSE(report.full) << sql;
    EXPECT_EQ(must(builder_->rehearse()).files.content_digest(),
              builder_->image().files().content_digest())
        << sql;
  };
  const std::string model = "UPDATE devices SET model_id = (SELECT id FROM models WHERE number = ";
  change(model + "5) WHERE id = 1");
  EXPECT_EQ(content("sep000000000001.cnf"), "other");
  change("UPDATE devices SET description = 'x' WHERE id = 1");
  EXPECT_EQ(content("sep000000000001.cnf"), "other");
  change(model + "436 AND protocol = 'SIP') WHERE id = 1");
  EXPECT_EQ(content("sep000000000001.cnf"), "(none)");
  change(model + "2) WHERE id = 1");
  EXPECT_EQ(content("sep000000000001.cnf"), "blob");
  change("UPDATE models SET selective_cnf = 0 WHERE number = 2");
  EXPECT_EQ(content("sep000000000001.cnf"), "(none)");
  change("UPDATE models SET selective_cnf = 1 WHERE number = 2");
  EXPECT_EQ(content("sep000000000001.cnf"), "blob");
  change(
      "UPDATE devices SET name = 'SEP000000000009' WHERE id = 1;"
      "UPDATE devices SET name = 'SEP000000000001' WHERE id = 2");
  EXPECT_EQ(content("sep000000000001.cnf"), "(none)");
  EXPECT_EQ(content("sep000000000009.cnf"), "blob");
  change("DELETE FROM devices WHERE id = 1");
  EXPECT_EQ(content("sep000000000009.cnf"), "(none)");
}

// Eight programs run at a time; each device gets the bytes of its own text.
TEST_F(FormatBuilds, ManyDevicesAreEncodedBesideEachOther) {
  run("DELETE FROM devices");
  run("WITH RECURSIVE n(i) AS (SELECT 10 UNION ALL SELECT i + 1 FROM n WHERE i < 49) "
      "INSERT INTO devices (name, load_override, model_id) SELECT 'SEP0000000000' || i, 'L' || i, "
      "(SELECT id FROM models WHERE number = 2) FROM n");
  start("printf 'bin:'; /bin/cat");
  for (int i = 10; i < 50; ++i) {
    const std::string number = std::to_string(i);
    const std::string file = content("sep0000000000" + number + ".cnf");
    EXPECT_TRUE(file.starts_with("bin:#cnf\n") && file.find("Load:L" + number) != file.npos)
        << file;
  }
}

TEST_F(FormatBuilds, AnEncoderThatFailsIsNotTriedForAll) {
  run("WITH RECURSIVE n(i) AS (SELECT 10 UNION ALL SELECT i + 1 FROM n WHERE i < 49) "
      "INSERT INTO devices (name, model_id) SELECT 'SEP0000000000' || i, "
      "(SELECT id FROM models WHERE number = 2) FROM n");
  const std::string log = folder_.file("runs");
  start("printf x >>" + log + "; exit 1");
  EXPECT_GE(std::filesystem::file_size(log), 5u);
  EXPECT_LE(std::filesystem::file_size(log), 5u + 7u);  // seven were running at the fifth
  EXPECT_EQ(content("sep000000000049.cnf"), "(none)");
}

// Their programs take as long as they take.
TEST_F(FormatBuilds, ABuildThatIsCancelledStartsNoMorePrograms) {
  start("printf x >>" + folder_.file("runs") + "; /bin/cat");
  const auto runs = [this] { return std::filesystem::file_size(folder_.file("runs")); };
  const std::uintmax_t before = runs();
  run("WITH RECURSIVE n(i) AS (SELECT 10 UNION ALL SELECT i + 1 FROM n WHERE i < 99) "
      "INSERT INTO devices (name, load_override, model_id) SELECT 'SEP0000000000' || i, 'L' || i, "
      "(SELECT id FROM models WHERE number = 2) FROM n");
  is_cancelled_ = [&] { return runs() > before; };
  const auto built = builder_->build_all();
  ASSERT_FALSE(built.ok());
  EXPECT_EQ(built.error().text, "the build was cancelled");
  EXPECT_LE(runs(), before + 2 * 8u);
}

TEST_F(FormatBuilds, WhatAProcessLeftHalfWrittenIsRemoved) {
  std::filesystem::create_directory(folder_.file("cache"));
  folder_.write("cache/0123.77.new", "half");
  folder_.write("cache/4567", "whole");
  start("/bin/cat");
  EXPECT_FALSE(std::filesystem::exists(folder_.file("cache/0123.77.new")));
  EXPECT_TRUE(std::filesystem::exists(folder_.file("cache/4567")));
}

TEST_F(FormatBuilds, AnEncoderThatIsNoProgramIsRefused) {
  const auto set = EncoderSet::create({"", "/no/such/program", "", "", ""});
  ASSERT_FALSE(set.ok());
  EXPECT_EQ(set.error().text.find("'encoder_gk': encoder '/no/such/program'"), 0u);
}

}  // namespace
}  // namespace dialtone::build
