// SPDX-License-Identifier: Apache-2.0
//
// Gateways out of the database: as the generator reads them, and which of them a change touches.
#include "control/database/gateway_loader.h"

#include "control/database/change_log.h"
#include "control/database/gateway_endpoints.h"
#include "tests/unit/control_database/temp_database.h"

#include <gtest/gtest.h>

namespace dialtone::database {
namespace {

using generator::Gateway;
using test::must;
using Ids = std::vector<std::int64_t>;

class Gateways : public test::TempDatabase {
 protected:
  Gateways() {
    run(R"(
      INSERT INTO gateways (id, name, kind, product, settings) VALUES
        (3, 'SKIGW1FCAC3DE10', 'sccp', 'VG224', '{"tftpRetries":"2"}'),
        (5, 'gw1', 'mgcp', '', '{}');
      INSERT INTO gateway_units (gateway_id, unit, product) VALUES (3, 2, 'ANALOG');
      INSERT INTO gateway_subunits (gateway_id, unit, subunit, product) VALUES
        (3, 2, 0, '24FXS-SCCP'), (3, 1, 1, 'lost');
      INSERT INTO gateway_ports (gateway_id, unit, subunit, port, dn, settings) VALUES
        (3, 2, 0, 1, '4002', '{}'), (3, 2, 0, 0, '4001', '{"signaling":"loopStart"}'),
        (5, 0, 0, 0, '', '{}');
    )");
    rows_ = must(load_campus(db_));
    since_ = must(last_change(db_));
  }

  std::vector<Gateway> load() { return must(load_gateways(db_, rows_)); }
  ChangeSet changes() { return must(read_changes(db_, since_)); }

  CampusRows rows_;
  std::int64_t since_ = 0;
};

TEST_F(Gateways, AllOfThemWithWhatIsBelow) {
  const std::vector<Gateway> all = load();
  ASSERT_EQ(all.size(), 2u);
  const Gateway& sccp = all[0];
  EXPECT_EQ(sccp.id, 3);
  EXPECT_EQ(sccp.kind, generator::GatewayKind::kSccp);
  ASSERT_EQ(sccp.settings.size(), 1u);
  EXPECT_EQ(sccp.settings[0].name, "tftpRetries");
  // What has no row of its own has no product: a fault of the build.
  ASSERT_EQ(sccp.units.size(), 2u);
  EXPECT_EQ(sccp.units[0].unit, 1u);
  EXPECT_EQ(sccp.units[0].product, "");
  EXPECT_EQ(sccp.units[1].product, "ANALOG");
  const auto& ports = sccp.units[1].subunits.at(0).ports;
  ASSERT_EQ(ports.size(), 2u);
  EXPECT_EQ(ports[0].endpoint, "AN1FCAC3DE10400");
  EXPECT_EQ(ports[0].settings.at(0).value, "loopStart");
  EXPECT_EQ(ports[1].dn, "4002");
  EXPECT_EQ(all[1].units.at(0).subunits.at(0).ports.at(0).endpoint, "AALN/S0/SU0/0@gw1");
}

TEST_F(Gateways, OneById) {
  const auto one = must(load_gateway(db_, rows_, 3));
  ASSERT_TRUE(one.has_value());
  EXPECT_EQ(one->name, "SKIGW1FCAC3DE10");
  EXPECT_EQ(one->units.size(), 2u);
  EXPECT_FALSE(must(load_gateway(db_, rows_, 4)).has_value());
}

TEST_F(Gateways, SettingsThatAreNoneAreSaid) {
  run("UPDATE gateway_ports SET settings = '{\"a\":[]}' WHERE gateway_id = 3 AND port = 1");
  EXPECT_NE(load()[0].unreadable.find("settings of port2/0/1: "), std::string::npos);
}

TEST_F(Gateways, AChangeIsOfItsGatewayAlone) {
  run("UPDATE gateway_ports SET dn = '4009' WHERE gateway_id = 3 AND port = 1");
  run("INSERT INTO gateway_units (gateway_id, unit, product) VALUES (5, 0, 'x')");
  const ChangeSet set = changes();
  EXPECT_EQ(set.gateways, (Ids{3, 5}));
  EXPECT_FALSE(set.all_gateways || set.shared || set.everything);
  EXPECT_TRUE(set.devices.empty());
}

TEST_F(Gateways, ATemplateTouchesAllAndASharedRowThoseThatItReaches) {
  run("INSERT INTO gateway_templates (name, body) VALUES ('vg', '<a/>')");
  EXPECT_TRUE(changes().all_gateways);
  EXPECT_FALSE(changes().shared);
  run("INSERT INTO device_pools (name, cm_group_id, date_time_group_id) "
      "SELECT 'other', cm_group_id, date_time_group_id FROM device_pools WHERE id = 1");
  run("UPDATE gateways SET pool_id = (SELECT id FROM device_pools WHERE name = 'other') "
      "WHERE id = 5");
  const auto touched = [&](const char* sql) {
    since_ = must(last_change(db_));
    run(sql);
    EXPECT_FALSE(changes().all_gateways) << sql;
    return changes().gateways;
  };
  EXPECT_EQ(touched("UPDATE device_pools SET revert_priority = 1 WHERE name = 'other'"), Ids{5});
  EXPECT_EQ(touched("UPDATE device_pools SET revert_priority = 1 WHERE id = 1"), Ids{3});
  EXPECT_EQ(touched("UPDATE cm_nodes SET address = '192.0.2.7'"), (Ids{3, 5}));
  EXPECT_EQ(touched("UPDATE common_profiles SET name = 'x' WHERE id = 1"), Ids{3})
      << "whose ports have phones' files";
  EXPECT_EQ(touched("INSERT INTO dial_plans (name) VALUES ('hq')"), Ids{});
  EXPECT_EQ(touched("INSERT INTO ring_tones (name, file) VALUES ('a', 'a.raw')"), Ids{});
  EXPECT_EQ(must(load_gateway_templates(db_)).at(0).body, "<a/>");
}

TEST_F(Gateways, APortIsAnAnalogPhoneUnlessADeviceIsThere) {
  const Gateway gateway = load()[0];
  generator::DeviceBatch batch;
  add_endpoint(rows_, gateway, gateway.units[1].subunits[0].ports[0], batch);
  const generator::DeviceRecord& device = batch.devices()[0];
  EXPECT_EQ(device.name, "AN1FCAC3DE10400");
  ASSERT_LT(device.model, rows_.campus.models.size());
  EXPECT_EQ(rows_.campus.models[device.model].name, "Analog Phone");
  EXPECT_EQ(batch.lines(device)[0].dn, "4001");
  EXPECT_TRUE(must(devices_at_ports(db_, gateway)).empty());

  write(this->device("AN1FCAC3DE10400", {{"model", "Analog Phone"}}));
  write(this->device("SEP000000000001"));
  const std::set<std::string> there{"AN1FCAC3DE10400"};
  EXPECT_EQ(must(devices_at_ports(db_, gateway)), there);
  EXPECT_EQ(must(devices_at_ports(db_)), there);
}

}  // namespace
}  // namespace dialtone::database
