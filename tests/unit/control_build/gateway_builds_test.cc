// SPDX-License-Identifier: Apache-2.0
//
// The files of gateways in the image: after each kind of change, and with what is wrong.
#include "control/build/builder.h"
#include "tests/unit/control_build/built_image.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>

namespace dialtone::build {
namespace {

using test::must;

constexpr const char* kMgcp = "gw1.example.com.cnf.xml";
constexpr const char* kSccp = "skigw1fcac3de10.cnf.xml";
constexpr const char* kPort0 = "an1fcac3de10400.cnf.xml";
constexpr const char* kPort1 = "an1fcac3de10401.cnf.xml";

class GatewayBuilds : public BuiltImage {
 protected:
  GatewayBuilds() {
    write(device("SEP000000000001"));
    run(R"(
      INSERT INTO gateways (id, name, kind, product, domain) VALUES
        (1, 'gw1', 'mgcp', 'VG310', 'example.com'),
        (2, 'SKIGW1FCAC3DE10', 'sccp', 'VG224', '');
      INSERT INTO gateway_units (gateway_id, unit, product) VALUES (2, 2, 'ANALOG');
      INSERT INTO gateway_subunits (gateway_id, unit, subunit, product)
        VALUES (2, 2, 0, '24FXS-SCCP');
      INSERT INTO gateway_ports (gateway_id, unit, subunit, port, dn) VALUES
        (2, 2, 0, 0, '4001'), (2, 2, 0, 1, '4002');
    )");
    start("", /*threads=*/2);
    must(builder_->build_all());
    EXPECT_TRUE(builder_->faults().empty()) << to_string(builder_->faults()[0]);
  }

  void expect_as_a_full_build() {
    const auto followed = builder_->image().files().content_digest();
    must(builder_->build_all());
    EXPECT_EQ(builder_->image().files().content_digest(), followed);
  }
  // What both a change and a full build say.
  void expect_fault(const std::string& text) {
    follow();
    for (const bool full : {false, true}) {
      if (full) {
        must(builder_->build_all());
      }
      ASSERT_EQ(builder_->faults().size(), 1u)
          << full << " " << to_string(builder_->faults().back());
      EXPECT_NE(builder_->faults()[0].text.find(text), std::string::npos)
          << builder_->faults()[0].text;
    }
  }
};

TEST_F(GatewayBuilds, EachGatewayHasItsFilesAndEachPortItsOwn) {
  EXPECT_TRUE(has(kMgcp, "<product>VG310</product>"));
  EXPECT_TRUE(has(kSccp, "<endpointName>AN1FCAC3DE10401</endpointName>"));
  EXPECT_TRUE(has(kPort0, "<deviceProtocol>SCCP</deviceProtocol>"));
  EXPECT_TRUE(content(kPort1).has_value());
  const GatewayCounts& counts = builder_->gateways()->counts();
  EXPECT_EQ(counts.gateways, 2u);
  EXPECT_EQ(counts.files, 4u);
  EXPECT_EQ(counts.unverified, 2u);
  EXPECT_EQ(builder_->gateways()->find(kSccp)->spelled, "SKIGW1FCAC3DE10.cnf.xml");
}

TEST_F(GatewayBuilds, AChangeOfOneIsItsFilesAlone) {
  run("UPDATE gateways SET description = 'Lobby' WHERE id = 1");
  BuildReport report = follow();
  EXPECT_FALSE(report.full);
  EXPECT_EQ(report.files, 1u);
  EXPECT_EQ(report.rebuilt, 1u);
  EXPECT_TRUE(has(kMgcp, "<description>Lobby</description>"));
  const auto before = content(kPort0);
  run("UPDATE gateways SET changed_s = 1000");
  follow();
  run("UPDATE gateways SET changed_s = 1000");
  run("DELETE FROM gateway_ports WHERE port = 1");
  follow();
  EXPECT_FALSE(content(kPort1).has_value());
  EXPECT_FALSE(has(kSccp, "AN1FCAC3DE10401"));
  run("UPDATE gateways SET name = 'SKIGW1FCAC3DE11' WHERE id = 2");
  follow();
  EXPECT_FALSE(content(kSccp).has_value() || content(kPort0).has_value());
  EXPECT_TRUE(content("skigw1fcac3de11.cnf.xml").has_value());
  EXPECT_TRUE(content("an1fcac3de11400.cnf.xml").has_value());
  run("DELETE FROM gateways");
  follow();
  EXPECT_FALSE(content(kMgcp).has_value() || content("an1fcac3de11400.cnf.xml").has_value());
  EXPECT_EQ(builder_->gateways()->counts().files, 0u);
}

// The stamp moves with whatever stands in the file, and with nothing else.
TEST_F(GatewayBuilds, ACallManagerOfThePoolIsInEachFile) {
  const auto before = content(kMgcp);
  run("UPDATE cm_nodes SET address = '192.0.2.44'");
  EXPECT_FALSE(follow().full);
  EXPECT_TRUE(has(kMgcp, "192.0.2.44"));
  EXPECT_TRUE(has(kSccp, "192.0.2.44"));
  EXPECT_TRUE(has(kPort0, "192.0.2.44"));
  const auto stamp = [](const std::string& file) {
    const std::size_t at = file.find("<versionStamp>");
    return file.substr(at, file.find("</versionStamp>") - at);
  };
  EXPECT_NE(stamp(*before), stamp(*content(kMgcp)));
  const auto after = content(kMgcp);
  run("INSERT INTO dial_plans (name) VALUES ('hq')");
  follow();
  EXPECT_EQ(content(kMgcp), after);
}

TEST_F(GatewayBuilds, AFullBuildGivesTheSameBytes) {
  const auto mgcp = content(kMgcp);
  EXPECT_EQ(must(builder_->build_all()).files, 0u);
  Builder other = must(Builder::create({path_, "", 1, /*huge_pages=*/false}, &db_));
  must(other.build_all());
  EXPECT_EQ(other.image().files().content_digest(), builder_->image().files().content_digest());
  EXPECT_EQ(content(kMgcp), mgcp);
}

TEST_F(GatewayBuilds, TheAdministratorsTemplateGoesBeforeOurs) {
  run("INSERT INTO gateway_templates (id, name, product, body) VALUES "
      "(1, 'vg', 'VG310', '<mine a=\"{{gateway.full_name}}\"/>')");
  follow();
  EXPECT_TRUE(has(kMgcp, "<mine a=\"gw1.example.com\"/>"));
  EXPECT_TRUE(has(kSccp, "<units>"));
  EXPECT_EQ(builder_->gateways()->counts().unverified, 1u);
  EXPECT_FALSE(builder_->gateways()->find(kMgcp)->unverified);
  run("UPDATE gateways SET template = 'vg' WHERE id = 2");
  follow();
  EXPECT_TRUE(has(kSccp, "<mine a=\"SKIGW1FCAC3DE10\"/>"));

  const auto good = content(kMgcp);
  run("UPDATE gateway_templates SET body = '<mine>\n {{gateway.nmae}}</mine>'");
  follow();
  ASSERT_EQ(builder_->faults().size(), 2u);
  EXPECT_NE(builder_->faults()[0].text.find(
                "gateway 'gw1': its template is wrong: vg:2:4: unknown-field: "),
            std::string::npos)
      << builder_->faults()[0].text;
  EXPECT_EQ(content(kMgcp), good);
  run("UPDATE gateways SET template = 'vh' WHERE id = 2");
  run("UPDATE gateway_templates SET body = '<a/>'");
  expect_fault("'vh' is no template of gateways; did you mean 'vg'?");
}

TEST_F(GatewayBuilds, AFaultNamesTheRowAndTheOldFileIsKept) {
  const auto good = content(kMgcp);
  run("UPDATE gateways SET settings = '{\"tftpRetrys\":\"2\"}' WHERE id = 1");
  expect_fault(
      "gateway 'gw1': 'tftpRetrys' is no setting of a gateway; did you mean 'tftpRetries'?");
  EXPECT_EQ(content(kMgcp), good);
  run("UPDATE gateways SET settings = '{}', domain = 'exa mple' WHERE id = 1");
  expect_fault("gateway 'gw1': domain: 'exa mple' is no domain");
  EXPECT_EQ(content(kMgcp), good);
  run("UPDATE gateways SET domain = 'example.com' WHERE id = 1");
  follow();
  EXPECT_TRUE(builder_->faults().empty());

  run("INSERT INTO gateway_ports (gateway_id, unit, subunit, port, settings) VALUES "
      "(2, 2, 0, 5, '{\"endpoint\":\"AN1FCAC3DE10400\"}')");
  expect_fault("port2/0/5 and port2/0/0 are both called 'AN1FCAC3DE10400'");
  EXPECT_TRUE(content(kSccp).has_value());
  EXPECT_TRUE(content(kPort0).has_value());
  run("DELETE FROM gateway_subunits; DELETE FROM gateway_ports WHERE port = 5");
  expect_fault("subunit 2/0 has no row and no product; set subunit2/0.product");
}

TEST_F(GatewayBuilds, TwoThatWantOneFile) {
  run("INSERT INTO gateways (id, name, kind) VALUES (3, 'GW1.example.com', 'mgcp')");
  expect_fault("gateway 'GW1.example.com': another gateway has the file gw1.example.com.cnf.xml");
  run("UPDATE gateways SET name = 'SEP000000000001' WHERE id = 3");
  expect_fault("the device SEP000000000001 has the file sep000000000001.cnf.xml");
  EXPECT_TRUE(has("sep000000000001.cnf.xml", "<deviceProtocol>SIP"));
  run("UPDATE gateways SET name = 'gw3' WHERE id = 3");
  follow();
  EXPECT_TRUE(builder_->faults().empty());
  EXPECT_TRUE(content(kMgcp).has_value());
  EXPECT_TRUE(content("gw3.cnf.xml").has_value());
}

TEST_F(GatewayBuilds, NamesAreSwappedInOneChange) {
  run("BEGIN; DELETE FROM gateways WHERE id = 1;"
      "INSERT INTO gateways (id, name, kind, domain) VALUES (7, 'gw1', 'mgcp', 'example.com');"
      "COMMIT");
  follow();
  EXPECT_TRUE(builder_->faults().empty());
  EXPECT_TRUE(content(kMgcp).has_value());
  run("INSERT INTO gateways (id, name, kind) VALUES (8, 'gw8', 'mgcp'), (9, 'gw9', 'mgcp')");
  follow();
  run("BEGIN; UPDATE gateways SET name = 'x' WHERE id = 8;"
      "UPDATE gateways SET name = 'gw8' WHERE id = 9;"
      "UPDATE gateways SET name = 'gw9' WHERE id = 8; COMMIT");
  follow();
  EXPECT_TRUE(builder_->faults().empty());
  expect_as_a_full_build();
}

TEST_F(GatewayBuilds, WhoLackedANameGetsItWhenTheOtherIsRenamed) {
  run("INSERT INTO gateways (id, name, kind) VALUES (3, 'gw1.example.com', 'mgcp')");
  follow();
  EXPECT_EQ(builder_->faults().size(), 1u);
  run("UPDATE gateways SET name = 'gw7' WHERE id = 1");
  follow();
  EXPECT_TRUE(builder_->faults().empty());
  expect_as_a_full_build();
}

TEST_F(GatewayBuilds, ADeviceThatTakesAGatewaysNameHasTheFile) {
  run("INSERT INTO gateways (id, name, kind, product) VALUES (4, 'VGC001122334455', 'vg248', '')");
  follow();
  write(device("VGC001122334456"));
  run("UPDATE devices SET name = 'VGC001122334455' WHERE name = 'VGC001122334456'");
  expect_fault("the device VGC001122334455 has the file vgc001122334455.cnf.xml");
  run("DELETE FROM gateways WHERE id = 4");
  follow();
  EXPECT_TRUE(has("vgc001122334455.cnf.xml", "<deviceProtocol>"));
  expect_as_a_full_build();
}

TEST_F(GatewayBuilds, ADeviceStandsInPlaceOfAPort) {
  const auto port = content(kPort0);
  write(device("AN1FCAC3DE10400", {{"model", "Analog Phone"}, {"line1.label", "Fax"}}));
  follow();
  EXPECT_NE(content(kPort0), port);
  EXPECT_EQ(builder_->gateways()->find(kPort0), nullptr);
  must(builder_->build_all());
  EXPECT_NE(content(kPort0), port);
  run("DELETE FROM devices WHERE name = 'AN1FCAC3DE10400'");
  follow();
  EXPECT_EQ(content(kPort0), port);
  EXPECT_TRUE(builder_->faults().empty());
}

TEST_F(GatewayBuilds, APreviewChangesNothing) {
  run("BEGIN");
  run("DELETE FROM gateways WHERE id = 2");
  const Preview preview = must(builder_->preview());
  EXPECT_EQ(preview.files, (std::vector<std::string>{kPort0, kPort1, kSccp}));
  run("ROLLBACK");
  EXPECT_EQ(builder_->gateways()->counts().files, 4u);
}

}  // namespace
}  // namespace dialtone::build
