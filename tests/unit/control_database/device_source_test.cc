// SPDX-License-Identifier: Apache-2.0
#include "control/database/device_source.h"

#include "control/database/change_log.h"
#include "control/database/derived.h"
#include "control/database/device_reader.h"
#include "generator/pipeline.h"
#include "tests/support/test_image.h"
#include "tests/unit/control_database/temp_database.h"
#include "tests/unit/generator/rendering.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <limits>

namespace dialtone::database {
namespace {

using generator::DeviceBatch;
using generator::DeviceRecord;
using test::must;

class DeviceSourceTest : public test::TempDatabase {
 protected:
  void add_phones(int count) {
    auto transaction = must(Transaction::begin(db_));
    for (int i = 1; i <= count; ++i) {
      char name[16];
      std::snprintf(name, sizeof(name), "SEP%012X", i);
      write(device(name, {{"line2.dn", "2002"},
                          {"vendor.webAccess", i % 3 == 0 ? "1" : ""},
                          {"speeddial5.number", i % 5 == 0 ? "9" : ""},
                          {"module1.type", i % 7 == 0 ? "CP-8800" : ""}}));
    }
    must(transaction.commit());
  }

  // All devices, range by range.
  std::vector<std::string> names(std::size_t per_range) {
    auto snapshot = must(Snapshot::take(path_, 1));
    const CampusRows rows = must(load_campus(snapshot->database()));
    AllDeviceSource source(*snapshot, rows);
    std::vector<std::string> all;
    for (const generator::IdRange& range : must(source.ranges(per_range))) {
      DeviceBatch batch;
      must(source.read(range, batch));
      EXPECT_LE(batch.devices().size(), per_range);
      for (const DeviceRecord& device : batch.devices()) {
        all.emplace_back(device.name);
      }
    }
    return all;
  }
};

TEST_F(DeviceSourceTest, ARecordHoldsAllOfItsDevice) {
  run("INSERT INTO line_profiles (name, ring_idle, auto_answer_mode) VALUES ('quiet', 1, 'm')");
  write(device("SEP001122334455", {{"description", "Lobby"},
                                   {"owner", "jane"},
                                   {"user_id", "joe"},
                                   {"label", "L"},
                                   {"external_mask", "M"},
                                   {"load", "a"},
                                   {"inactive_load", "b"},
                                   {"ctiid", "9"},
                                   {"line1.label", "l"},
                                   {"line1.display", "d"},
                                   {"line1.auth_name", "n"},
                                   {"line1.auth_secret", "s"},
                                   {"line1.external_mask", "m"},
                                   {"line1.messages_number", "8"},
                                   {"line3.dn", "1003"},
                                   {"line3.profile", "quiet"},
                                   {"speeddial5.number", "7"},
                                   {"speeddial5.label", "x"},
                                   {"speeddial5.feature", "blf"},
                                   {"module1.type", "CP"},
                                   {"module1.lines", "14"},
                                   {"module1.load", "k"},
                                   {"vendor.webAccess", "1"}}));
  run("UPDATE devices SET changed_s = 1234");
  const CampusRows rows = must(load_campus(db_));
  DeviceBatch batch;
  must(read_devices(db_, rows, std::vector<std::int64_t>{1, 2}, batch));
  ASSERT_EQ(batch.devices().size(), 1u);
  const DeviceRecord& record = batch.devices()[0];
  EXPECT_EQ(record.name, "SEP001122334455");
  EXPECT_EQ(std::string(record.description) + "," + std::string(record.owner) + "," +
                std::string(record.user_id) + "," + std::string(record.phone_label) + "," +
                std::string(record.external_mask) + "," + std::string(record.load_override) + "," +
                std::string(record.inactive_load),
            "Lobby,jane,joe,L,M,a,b");
  EXPECT_EQ(record.ctiid, 9u);
  EXPECT_EQ(record.changed_s, 1234u);
  EXPECT_EQ(rows.campus.models.at(record.model).name, "Cisco 8841");
  EXPECT_EQ(record.user_locale, 0u);  // the pool's
  EXPECT_EQ(record.network_locale, 0u);
  const auto lines = batch.lines(record);
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_EQ(std::string(lines[0].dn) + "," + std::string(lines[0].label) + "," +
                std::string(lines[0].display) + "," + std::string(lines[0].auth_name) + "," +
                std::string(lines[0].auth_secret) + "," + std::string(lines[0].external_mask) +
                "," + std::string(lines[0].messages_number),
            "1001,l,d,n,s,m,8");
  EXPECT_EQ(lines[0].ring_idle, 4u);
  EXPECT_EQ(lines[1].index, 3u);
  EXPECT_EQ(lines[1].ring_idle, 1u);
  EXPECT_EQ(lines[1].auto_answer_mode, "m");
  EXPECT_EQ(lines[1].contact, derived_uuid("line:SEP001122334455:3"));
  EXPECT_EQ(record.uuid, derived_uuid("device:SEP001122334455"));
  EXPECT_EQ(batch.speed_dials(record)[0].feature, 21u);
  EXPECT_EQ(batch.speed_dials(record)[0].number, "7");
  EXPECT_EQ(batch.modules(record)[0].lines, 14u);
  EXPECT_EQ(batch.modules(record)[0].load, "k");
  EXPECT_EQ(batch.overrides(record)[0].name, "webAccess");
}

TEST_F(DeviceSourceTest, RangesHoldEachDeviceOnce) {
  add_phones(50);
  for (const std::size_t per_range : {1u, 7u, 50u, 1000u}) {
    EXPECT_EQ(names(per_range).size(), 50u);
  }
  // With wide gaps ranges are counted, not computed.
  run_without_references("UPDATE devices SET id = id * 1000000 WHERE id > 25");
  for (const std::size_t per_range : {1u, 7u, 1000u}) {
    const auto all = names(per_range);
    ASSERT_EQ(all.size(), 50u);
    EXPECT_TRUE(std::is_sorted(all.begin(), all.end()));
  }
  run("DELETE FROM devices");
  EXPECT_TRUE(names(10).empty());
}

TEST_F(DeviceSourceTest, IdsAtTheEndsOfTheirTypeAreRead) {
  run("DELETE FROM devices");
  write(device("SEP000000000001"));
  write(device("SEP000000000002"));
  run("DELETE FROM lines");
  run("UPDATE devices SET id = -9223372036854775808 WHERE name = 'SEP000000000001'");
  run("UPDATE devices SET id = 9223372036854775807 WHERE name = 'SEP000000000002'");
  const auto snapshot = must(Snapshot::take(path_, 1));
  const CampusRows rows = must(load_campus(snapshot->database()));
  AllDeviceSource source(*snapshot, rows);
  EXPECT_EQ(must(source.ranges(10)).size(), 1u);
  run("DELETE FROM devices WHERE id < 0");
  const auto later = must(Snapshot::take(path_, 1));
  AllDeviceSource alone(*later, rows);
  const auto ranges = must(alone.ranges(10));
  ASSERT_EQ(ranges.size(), 1u);
  EXPECT_EQ(ranges[0].last, std::numeric_limits<std::int64_t>::max());
}

TEST_F(DeviceSourceTest, ChildrenOfNobodyArePassedOver) {
  add_phones(5);
  sqlite("DROP TRIGGER devices_delete");
  run_without_references(
      "INSERT INTO lines (device_id, idx, dn) VALUES (0, 1, 'x'), "
      "(3, 9, 'y'), (99, 1, 'z'); DELETE FROM devices WHERE id = 2");
  const CampusRows rows = must(load_campus(db_));
  DeviceBatch batch;
  must(read_range(db_, rows, {0, 99}, batch));
  ASSERT_EQ(batch.devices().size(), 4u);
  EXPECT_EQ(batch.lines(batch.devices()[0]).size(), 2u);
  EXPECT_EQ(batch.lines(batch.devices()[1]).size(), 3u);
  EXPECT_EQ(batch.lines(batch.devices()[3]).size(), 2u);
}

// What a profile leaves open, and a profile that is gone, leave the phone's own.
TEST_F(DeviceSourceTest, ALoginGoesBeforeWhatThePhoneHas) {
  for (const char* name : {"SEP000000000001", "SEP000000000002", "SEP000000000003"}) {
    write(device(name, {{"user_id", "own"}, {"label", "own"}}));
  }
  run("INSERT INTO softkey_templates (id, name) VALUES (5, 'keys')");
  run("INSERT INTO em_profiles (id, name, user_id, softkey_template_id) VALUES (7, 'x', 'ann', 5)");
  run("INSERT INTO em_lines (profile_id, idx, dn) VALUES (7, 1, '555')");
  run("UPDATE devices SET em_profile_id = 7 WHERE id = 2");
  run_without_references("UPDATE devices SET em_profile_id = 99 WHERE id = 3");
  const CampusRows rows = must(load_campus(db_));
  DeviceBatch batch;
  must(read_range(db_, rows, {1, 3}, batch));
  ASSERT_EQ(batch.devices().size(), 3u);
  for (const DeviceRecord& record : batch.devices()) {
    const bool is_logged_in = record.id == 2;
    EXPECT_EQ(record.user_id, is_logged_in ? "ann" : "own") << record.name;
    EXPECT_EQ(record.phone_label, "own");
    EXPECT_EQ(record.softkey_template, is_logged_in ? 0u : generator::kNoRow);
    EXPECT_EQ(record.soft_key_file.empty(), !is_logged_in);
    ASSERT_EQ(batch.lines(record).size(), 1u);
    EXPECT_EQ(batch.lines(record)[0].dn, is_logged_in ? "555" : "1001");
  }
}

TEST_F(DeviceSourceTest, TheStampDependsOnTheDeviceAlone) {
  write(device("SEP001122334455"));
  const auto stamp = [&] {
    const CampusRows rows = must(load_campus(db_));
    DeviceBatch batch;
    must(read_devices(db_, rows, std::vector<std::int64_t>{1}, batch));
    return batch.devices()[0].stamp;
  };
  auto last = stamp();
  run("UPDATE devices SET changed_s = 5");
  run("INSERT INTO device_pools (name, cm_group_id, date_time_group_id) VALUES ('p', 1, 1)");
  EXPECT_EQ(stamp(), last);
  for (const char* sql : {"UPDATE devices SET description = 'x'",
                          "UPDATE devices SET owner = 'x'",
                          "UPDATE devices SET user_id = 'x'",
                          "UPDATE devices SET phone_label = 'x'",
                          "UPDATE devices SET external_mask = 'x'",
                          "UPDATE devices SET load_override = 'x'",
                          "UPDATE devices SET inactive_load = 'x'",
                          "UPDATE devices SET ctiid = 5",
                          "UPDATE devices SET pool_id = 2",
                          "UPDATE devices SET model_id = 1",
                          "UPDATE devices SET model_id = 3",
                          "UPDATE lines SET dn = 'x'",
                          "UPDATE lines SET label = 'x'",
                          "UPDATE lines SET auth_secret = 'x'",
                          "INSERT INTO lines (device_id, idx, dn) VALUES (1, 2, '')",
                          "INSERT INTO speed_dials (device_id, button, number) VALUES (1, 5, '')",
                          "UPDATE speed_dials SET feature = 21",
                          "INSERT INTO vendor_overrides VALUES (1, 0, 'a', '')",
                          "UPDATE vendor_overrides SET value = 'x'",
                          "INSERT INTO modules (device_id, idx, type) VALUES (1, 1, '')",
                          "UPDATE modules SET lines = 4",
                          "INSERT INTO line_profiles (name, ring_idle) VALUES ('a', 1), ('b', 2); "
                          "UPDATE lines SET line_profile_id = 1",
                          "UPDATE lines SET line_profile_id = 2"}) {
    run(sql);
    const auto now = stamp();
    EXPECT_NE(now, last) << sql;
    last = now;
  }
}

TEST_F(DeviceSourceTest, ManyThreadsReadOneSnapshot) {
  add_phones(300);
  auto snapshot = must(Snapshot::take(path_, 2));
  const CampusRows rows = must(load_campus(snapshot->database()));
  AllDeviceSource source(*snapshot, rows);
  generator::BuildOptions options;
  options.threads = 4;  // more than there are readers
  options.devices_per_range = 8;
  test::HeapSpace space(8 << 20, 64 << 10);
  const auto built = generator::build_devices(test::templates(), test::prepared(rows.campus),
                                              source, space, options);
  ASSERT_TRUE(built.ok()) << built.error().text;
  EXPECT_EQ(built->files.size(), 300u);
}

TEST_F(DeviceSourceTest, AReferenceThatLeadsNowhereIsTheDevicesFault) {
  write(device("SEP001122334455"));
  run_without_references("UPDATE devices SET pool_id = 77");
  const CampusRows rows = must(load_campus(db_));
  DeviceBatch batch;
  must(read_devices(db_, rows, std::vector<std::int64_t>{1}, batch));
  EXPECT_EQ(batch.devices()[0].pool, Positions::kMissing);
  test::HeapSpace space(1 << 20, 64 << 10);
  abi::SegmentWriter writer(space);
  const auto file = generator::render_device(test::templates(), test::prepared(rows.campus), batch,
                                             batch.devices()[0], writer);
  ASSERT_FALSE(file.ok());
  EXPECT_EQ(file.error().text.find("SEP001122334455: its device pool"), 0u);
}

// Picked ones are what a range has of them, whatever lies between, and with a login among them.
TEST_F(DeviceSourceTest, ChosenDevicesAreThoseOfARange) {
  add_phones(300);
  run("INSERT INTO em_profiles (name, user_id) VALUES ('jane', 'jane')");
  run("INSERT INTO em_lines (profile_id, idx, dn) VALUES (1, 1, '777')");
  run("UPDATE devices SET em_profile_id = 1 WHERE id = 100");
  run("DELETE FROM devices WHERE id % 11 = 0");
  auto snapshot = must(Snapshot::take(path_, 1));
  const CampusRows rows = must(load_campus(snapshot->database()));
  DeviceBatch all;
  must(read_range(snapshot->database(), rows, {1, 300}, all));
  std::vector<std::int64_t> ids;
  for (std::int64_t id = 1; id <= 300; ++id) {
    if (id % 3 != 0 || (id > 120 && id < 220)) {
      ids.push_back(id);
    }
  }
  ChosenDeviceSource source(*snapshot, rows, ids);
  DeviceBatch chosen;
  std::size_t of_ranges = 0;
  for (const generator::IdRange& range : must(source.ranges(130))) {
    DeviceBatch some;
    must(source.read(range, some));
    EXPECT_LE(some.devices().size(), 130u);
    of_ranges += some.devices().size();
  }
  must(read_devices(snapshot->database(), rows, ids, chosen));
  EXPECT_EQ(chosen.devices().size(), of_ranges);
  auto wanted = all.devices().begin();
  for (const DeviceRecord& device : chosen.devices()) {
    while (wanted->id != device.id) {
      ++wanted;
    }
    EXPECT_EQ(device.name, wanted->name);
    EXPECT_EQ(device.stamp, wanted->stamp) << device.name;
    EXPECT_EQ(device.user_id, wanted->user_id);
  }
  const auto exists = [&](std::int64_t id) { return id % 11 != 0; };
  EXPECT_EQ(chosen.devices().size(),
            static_cast<std::size_t>(std::count_if(ids.begin(), ids.end(), exists)));
}

}  // namespace
}  // namespace dialtone::database
