// SPDX-License-Identifier: Apache-2.0
//
// The demo campus (scripts/demo) from its files to rendered files: the way of a first import.
#include "control/database/change_log.h"
#include "control/database/device_reader.h"
#include "control/database/device_source.h"
#include "control/import/csv_import.h"
#include "control/import/json_import.h"
#include "generator/pipeline.h"
#include "tests/support/test_image.h"
#include "tests/unit/control_database/temp_database.h"
#include "tests/unit/generator/rendering.h"

#include <gtest/gtest.h>

#include <fstream>
#include <map>

namespace dialtone::importing {
namespace {

using test::must;

constexpr std::size_t kPhones = 1000;

std::string demo_file(const std::string& name) {
  std::ifstream file(std::string(DIALTONE_DEMO_CAMPUS) + "/" + name, std::ios::binary);
  EXPECT_TRUE(file.good()) << name;
  return {std::istreambuf_iterator<char>(file), {}};
}

class DemoCampus : public ::testing::Test {
 protected:
  struct Reports {
    ImportReport shared;
    ImportReport phones;
  };

  static Reports import(database::Database& database) {
    Diagnostics faults;
    const auto shared =
        import_json(database, demo_file("campus.json"), "campus.json", false, faults);
    EXPECT_TRUE(shared.ok()) << to_error(ErrorCode::kRefused, faults).text;
    CsvOptions options;
    options.file = "phones.csv";
    const auto phones = import_csv(database, demo_file("phones.csv"), options, faults);
    EXPECT_TRUE(phones.ok()) << to_error(ErrorCode::kRefused, faults).text;
    return {must(shared), must(phones)};
  }

  // Each file's content by its name.
  static std::map<std::string, std::string> build(const std::string& path) {
    auto snapshot = must(database::Snapshot::take(path, 2));
    const database::CampusRows rows = must(database::load_campus(snapshot->database()));
    database::AllDeviceSource source(*snapshot, rows);
    generator::BuildOptions options;
    options.threads = 2;
    test::HeapSpace space(24 << 20, 256 << 10);
    const auto built = must(generator::build_devices(test::templates(), test::prepared(rows.campus),
                                                     source, space, options));
    std::map<std::string, std::string> files;
    for (const generator::BuiltFile& file : built.files) {
      const std::byte* base = space.used().data();
      const auto* record = reinterpret_cast<const abi::FileRecord*>(base + file.place.offset);
      files[std::string(file.name)] = {reinterpret_cast<const char*>(base + record->content_offset),
                                       record->length};
    }
    return files;
  }

  test::TempFolder folder_;
};

TEST_F(DemoCampus, ImportsAndBuildsAThousandPhones) {
  const std::string path = folder_.file("phones.db");
  auto database = must(database::Database::open(path));
  const Reports reports = import(database);
  EXPECT_EQ(reports.phones.rows, kPhones);
  EXPECT_EQ(reports.phones.added, kPhones);
  EXPECT_EQ(reports.shared.rows, reports.shared.added);
  const auto files = build(path);
  ASSERT_EQ(files.size(), kPhones);
  const std::string& first = files.at("sep02d1a1bf022c.cnf.xml");
  for (const char* part : {"\xc3\x89lodie Wright", "<name>Tokyo</name>", "203.0.113.11",
                           "Japanese_Japan", "5e22ff2a6250", "Front desk"}) {
    EXPECT_NE(first.find(part), std::string::npos) << part;
  }
}

TEST_F(DemoCampus, ImportingAgainChangesNothing) {
  auto database = must(database::Database::open(folder_.file("phones.db")));
  import(database);
  const std::int64_t before = must(database::last_change(database));
  const Reports again = import(database);
  EXPECT_EQ(again.phones.unchanged, kPhones);
  EXPECT_EQ(again.shared.unchanged, again.shared.rows);
  EXPECT_EQ(must(database::last_change(database)), before);
}

TEST_F(DemoCampus, EqualInputsGiveEqualBytes) {
  std::map<std::string, std::string> files[2];
  for (int i = 0; i < 2; ++i) {
    const std::string path = folder_.file(std::to_string(i) + ".db");
    auto database = must(database::Database::open(path));
    if (i == 1) {
      // Other ids for everything: nothing of them may reach a file.
      must(
          database.execute("INSERT INTO devices (id, name, model_id) VALUES (50, 'CSFX', 1);"
                           "INSERT INTO cm_nodes (id, name) VALUES (90, 'x');"
                           "INSERT INTO device_pools (id, name, cm_group_id, date_time_group_id) "
                           "VALUES (70, 'x', 1, 1); DELETE FROM devices"));
    }
    import(database);
    must(database.execute("UPDATE devices SET changed_s = 1700000000"));
    files[i] = build(path);
  }
  EXPECT_EQ(files[0].size(), kPhones);
  EXPECT_EQ(files[0], files[1]);
}

// What a change of one phone reads is what a full build reads.
TEST_F(DemoCampus, FewAndAllAreReadAlike) {
  const std::string path = folder_.file("phones.db");
  auto database = must(database::Database::open(path));
  import(database);
  const auto files = build(path);
  const database::CampusRows rows = must(database::load_campus(database));
  const generator::PreparedCampus campus = test::prepared(rows.campus);
  generator::DeviceBatch batch;
  const std::vector<std::int64_t> ids = {1, 7, 500, 999, 1000, 1001};
  must(database::read_devices(database, rows, ids, batch));
  ASSERT_EQ(batch.devices().size(), 5u);
  test::HeapSpace space(1 << 20, 64 << 10);
  abi::SegmentWriter writer(space);
  for (const generator::DeviceRecord& device : batch.devices()) {
    const auto made =
        must(generator::render_device(test::templates(), campus, batch, device, writer));
    ASSERT_EQ(made.size(), 1u);
    const generator::RenderedFile& file = made[0];
    const std::byte* base = space.used().data();
    const auto* record = reinterpret_cast<const abi::FileRecord*>(base + file.place.offset);
    EXPECT_EQ(
        files.at(std::string(file.name.view())),
        std::string(reinterpret_cast<const char*>(base + record->content_offset), record->length));
  }
}

}  // namespace
}  // namespace dialtone::importing
