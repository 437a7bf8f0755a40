// SPDX-License-Identifier: Apache-2.0
#include "control/database/campus_loader.h"

#include "control/database/device_keys.h"
#include "control/database/device_store.h"
#include "generator/model_catalogue.h"
#include "generator/prepared_campus.h"
#include "tests/unit/control_database/temp_database.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace dialtone::database {
namespace {

using test::must;

class CampusLoader : public test::TempDatabase {
 protected:
  std::string refusal() {
    const auto rows = load_campus(db_);
    return rows.ok() ? "(loaded)" : rows.error().text;
  }
};

TEST_F(CampusLoader, TheFirstRowsAreAWholeCampus) {
  const CampusRows rows = must(load_campus(db_));
  ASSERT_TRUE(generator::PreparedCampus::prepare(rows.campus).ok());
  const generator::Campus& campus = rows.campus;
  ASSERT_EQ(campus.device_pools.size(), 1u);
  EXPECT_EQ(campus.device_pools[0].name, generator::DevicePool{}.name);
  EXPECT_EQ(campus.common_profiles.at(0).name, generator::CommonPhoneProfile{}.name);
  EXPECT_EQ(campus.sip_profiles.at(0).name, generator::SipProfile{}.name);
  EXPECT_EQ(campus.security_profiles.at(0).name, generator::SecurityProfile{}.name);
  EXPECT_EQ(campus.date_time_groups.at(0).name, generator::DateTimeGroup{}.name);
  EXPECT_EQ(campus.user_locales.at(0).name, "English_United_States");
  EXPECT_EQ(campus.network_locales.at(0).name, "United_States");
  EXPECT_EQ(campus.cm_groups.at(0).members, std::vector<std::uint32_t>{0});
  EXPECT_TRUE(campus.cm_groups.at(0).is_default);
  EXPECT_EQ(campus.phone_services.size(), 6u);
  for (const generator::PhoneModel& model : campus.models) {
    const auto catalogue = generator::model_catalogue();
    const auto known = std::find_if(catalogue.begin(), catalogue.end(),
                                    [&](const auto& each) { return each.number == model.number; });
    ASSERT_NE(known, catalogue.end());
    const generator::TagMap tags = default_vendor_config(*known, model.protocol);
    ASSERT_EQ(model.vendor_config.size(), tags.size()) << model.name;
    for (std::size_t i = 0; i < tags.size(); ++i) {
      EXPECT_EQ(model.vendor_config[i].name, tags[i].name);
      EXPECT_EQ(model.vendor_config[i].value, tags[i].value);
    }
  }
}

TEST_F(CampusLoader, GapsInIdsMakeNoGapsInPositions) {
  run(R"(
    INSERT INTO cm_nodes (id, name) VALUES (7, 'b'), (90000000000, 'c');
    INSERT INTO cm_groups (id, name) VALUES (5, 'g');
    INSERT INTO cm_group_members VALUES (5, 3, 90000000000), (5, 1, 7);
    INSERT INTO device_pools (id, name, cm_group_id, date_time_group_id) VALUES (9, 'p', 5, 1);
  )");
  const CampusRows rows = must(load_campus(db_));
  EXPECT_EQ(rows.cm_nodes[90000000000], 2u);
  EXPECT_EQ(rows.cm_nodes[8], Positions::kMissing);
  EXPECT_EQ(rows.cm_nodes[-1], Positions::kMissing);
  EXPECT_EQ(rows.campus.cm_groups.at(1).members, (std::vector<std::uint32_t>{1, 2}));
  EXPECT_EQ(rows.campus.device_pools.at(1).cm_group, 1u);
  EXPECT_EQ(rows.campus.device_pools.at(1).srst, generator::kNoRow);
  EXPECT_EQ(rows.pool_user_locales, (std::vector<std::uint32_t>{0, generator::kNoRow}));
}

TEST_F(CampusLoader, SettingsReachTheirFields) {
  run(R"(
    UPDATE sip_profiles SET settings = '{"timer_t1_ms": 250, "enable_vad": true, "user_info": "Phone"}';
    UPDATE common_profiles SET settings = '{"phone_password": "1234"}', common_config = '{"b": "1", "a": "2"}';
    UPDATE security_profiles SET settings = '{"mode": "3"}';
    INSERT INTO service_parameters (name, value) VALUES
      ('ssh_user', 'admin'), ('idle_timeout_s', '9'), ('auto_registration', 'SIP');
    INSERT INTO enterprise_config (name, value) VALUES ('webAccess', '1');
    INSERT INTO line_profiles (name, ring_idle, is_shared, auto_answer_mode) VALUES ('l', 1, 1, 'm');
  )");
  const CampusRows rows = must(load_campus(db_));
  EXPECT_EQ(rows.campus.sip_profiles[0].timer_t1_ms, 250u);
  EXPECT_TRUE(rows.campus.sip_profiles[0].enable_vad);
  EXPECT_EQ(rows.campus.sip_profiles[0].user_info, "Phone");
  EXPECT_EQ(rows.campus.common_profiles[0].phone_password, "1234");
  EXPECT_EQ(rows.campus.common_profiles[0].common_config.at(1).name, "a");
  EXPECT_EQ(rows.campus.security_profiles[0].mode, 3u);
  EXPECT_EQ(rows.campus.enterprise.ssh_user, "admin");
  EXPECT_EQ(rows.campus.enterprise.idle_timeout_s, 9u);
  EXPECT_EQ(rows.campus.enterprise.auto_registration, generator::Protocol::kSip);
  EXPECT_EQ(rows.campus.enterprise.enterprise_config.at(0).name, "webAccess");
  EXPECT_EQ(rows.profiles_of_lines.at(0).settings.ring_idle, 1u);
  EXPECT_TRUE(rows.profiles_of_lines.at(0).settings.is_shared);
  EXPECT_EQ(rows.profiles_of_lines.at(0).auto_answer_mode, "m");
}

TEST_F(CampusLoader, DefaultsOfALineProfileAreThoseOfALine) {
  run("INSERT INTO line_profiles (name) VALUES ('l')");
  const CampusRows rows = must(load_campus(db_));
  const generator::LineRecord& line = rows.profiles_of_lines.at(0).settings;
  const generator::LineRecord fresh;
  EXPECT_EQ(rows.profiles_of_lines.at(0).auto_answer_mode, fresh.auto_answer_mode);
  const auto fields = [](const generator::LineRecord& record) {
    return std::vector<std::uint32_t>{record.auto_answer,
                                      record.call_waiting,
                                      record.max_calls,
                                      record.busy_trigger,
                                      record.ring_idle,
                                      record.ring_active,
                                      record.lamp_policy,
                                      record.stutter_amwi,
                                      record.is_shared,
                                      record.logs_missed_calls,
                                      record.show_caller_name,
                                      record.show_caller_number,
                                      record.show_redirected_number,
                                      record.show_dialed_number,
                                      record.recording};
  };
  EXPECT_EQ(fields(line), fields(fresh));
}

// PostgreSQL's type and checks let no such row in.
class SqliteCampusLoader : public CampusLoader {};

TEST_F(SqliteCampusLoader, AModelThatCannotBeReadIsAFaultOfWhoeverWantsIt) {
  run("PRAGMA ignore_check_constraints = ON");
  run("UPDATE models SET vendor_config = '{' WHERE name = 'Cisco 8841'");
  Device device;
  must(set_key(device, "name", "SEP00000000000A"));
  must(set_key(device, "model", "8841"));
  std::vector<Fault> faults;
  EXPECT_FALSE(DeviceStore(db_).write(device, &faults).ok());
  ASSERT_EQ(faults.size(), 1u);
  EXPECT_EQ(faults[0].code + " of " + faults[0].key, "bad-model of model");
}

TEST_F(SqliteCampusLoader, AModelThatCannotBeReadIsAFaultOfItsOwn) {
  run("PRAGMA ignore_check_constraints = ON");
  run("UPDATE models SET vendor_config = '{\"a\":' WHERE id = 1");
  const CampusRows rows = must(load_campus(db_));
  const generator::PhoneModel& model = rows.campus.models.at(0);
  EXPECT_EQ(model.fault.find("models '" + model.name + "': vendor_config: it is no JSON object"),
            0u)
      << model.fault;
  EXPECT_NE(model.fault.find("; correct it in that row by"), std::string::npos) << model.fault;
  EXPECT_EQ(rows.campus.models.at(1).fault, "");
}

TEST_F(CampusLoader, AHandEditThatCannotBeIsNamed) {
  run("UPDATE sip_profiles SET settings = '{\"timer_t1\": 5}'");
  EXPECT_EQ(
      refusal().find("sip_profiles 'Standard SIP Profile': settings: \"timer_t1\" is no setting"),
      0u)
      << refusal();
  run("UPDATE sip_profiles SET settings = '{\"timer_t1_ms\": {}}'");
  EXPECT_NE(refusal().find("something that is no text"), std::string::npos);
  run("UPDATE sip_profiles SET settings = '{}'");
  run("INSERT INTO service_parameters (name, value) VALUES ('ssh_usr', 'x')");
  EXPECT_EQ(refusal(),
            "service_parameters 'ssh_usr': value: 'ssh_usr' is no service parameter; did you mean "
            "'ssh_user'?");
}

}  // namespace
}  // namespace dialtone::database
