// SPDX-License-Identifier: Apache-2.0
//
// Gateways: their names, what is wrong with one, and the files of our own trees.
#include "generator/gateway/gateway_check.h"
#include "generator/gateway/gateway_template.h"
#include "tests/support/test_campus.h"
#include "tests/unit/generator/gateways.h"
#include "tests/unit/generator/golden.h"
#include "tests/unit/generator/rendering.h"
#include "tests/unit/generator/xml_reader.h"

#include <gtest/gtest.h>

namespace dialtone::generator {
namespace {

using enum GatewayKind;

std::string name_of(GatewayKind kind, std::string_view text) {
  const auto name = gateway_name(kind, text);
  return name ? *name : name.error().text;
}

std::string file_of(const Gateway& gateway) {
  const PreparedCampus campus = test::prepared(test::test_campus());
  const auto program = GatewayTemplate::compile("ours", built_in_gateway_template(gateway.kind));
  if (!program) {
    return program.error().text;
  }
  const auto text = program->render(gateway, campus);
  return text ? *text : text.error().text;
}

// The codes of all faults; "": it can be built.
std::string faults_of(Gateway gateway, const OwnSettings& own = {}) {
  name_endpoints(gateway);
  std::string codes;
  for (const GatewayFault& fault : check_gateway(gateway, own)) {
    codes += (codes.empty() ? "" : " ") + fault.code;
    EXPECT_EQ(fault.text.find("gateway '" + gateway.name + "': "), 0u) << fault.text;
  }
  return codes;
}

TEST(GatewayNames, EachKindHasItsForm) {
  EXPECT_EQ(name_of(kMgcp, "gw1"), "gw1");
  EXPECT_EQ(name_of(kMgcp, "GW_1.Example.com"), "GW_1.Example.com");
  EXPECT_EQ(name_of(kSccp, "skigw1fcac3de10"), "SKIGW1FCAC3DE10");
  EXPECT_EQ(name_of(kSccp, "00:1f:ca:c3:de:10"), "SKIGW1FCAC3DE10");
  EXPECT_EQ(name_of(kVg248, "0011.2233.4455"), "VGC001122334455");
  EXPECT_EQ(name_of(kSaa, "SAA001122334455"), "SAA001122334455");
  EXPECT_EQ(name_of(kSda, "00-11-22-33-44-55"), "SDA001122334455");
  for (const char* bad : {"", "gw 1", "-gw", "gw..a", "a/b"}) {
    EXPECT_NE(name_of(kMgcp, bad).find("is no host name of a gateway"), std::string::npos) << bad;
  }
  EXPECT_NE(name_of(kMgcp, std::string(65, 'a')).find("too long"), std::string::npos);
  EXPECT_NE(name_of(kSda, "SAA001122334455").find("give its MAC address, or SDA and the 12"),
            std::string::npos);
}

TEST(GatewayNames, FilesAndEndpoints) {
  const Gateway mgcp = test::mgcp_gateway();
  EXPECT_EQ(gateway_file_name(mgcp), "gw1.example.com.cnf.xml");
  EXPECT_EQ(mgcp.units[0].subunits[0].ports[1].endpoint, "AALN/S0/SU1/1@gw1.example.com");
  EXPECT_EQ(mgcp.units[1].subunits[0].ports[0].endpoint, "S2/SU0/DS1-0@gw1.example.com");

  Gateway sccp = test::sccp_gateway();
  EXPECT_EQ(gateway_file_name(sccp), "SKIGW1FCAC3DE10.cnf.xml");
  EXPECT_EQ(sccp.units[0].subunits[0].ports[0].endpoint, "AN1FCAC3DE10080");
  // As seen: 3/0/0 is 600, and slot 2 is 400 (cisco-tftp 2.3).
  GatewayUnit& unit = sccp.units[0];
  unit.subunits[0].subunit = 0;
  unit.unit = 3;
  EXPECT_EQ(endpoint_name(sccp, unit, unit.subunits[0], {.port = 2}), "AN1FCAC3DE10602");
  unit.unit = 2;
  EXPECT_EQ(endpoint_name(sccp, unit, unit.subunits[0], {.port = 0}), "AN1FCAC3DE10400");
  EXPECT_EQ(endpoint_name(sccp, unit, unit.subunits[0], {.port = 128}), "");
  EXPECT_EQ(gateway_of_endpoint("AN1FCAC3DE10602"), "SKIGW1FCAC3DE10");
  EXPECT_EQ(gateway_of_endpoint("AN1FCAC3DE1060"), "");
}

TEST(GatewayFiles, OurTrees) {
  const std::pair<const char*, Gateway> all[] = {
      {"gateway_mgcp.cnf.xml", test::mgcp_gateway()},
      {"gateway_sccp.cnf.xml", test::sccp_gateway()},
      {"gateway_older.cnf.xml", test::test_gateway(kSda, "SDA001122334455")}};
  for (const auto& [golden, gateway] : all) {
    const std::string text = file_of(gateway);
    EXPECT_FALSE(test::read_xml(text).empty()) << text;
    test::expect_golden(golden, text);
    EXPECT_EQ(text, file_of(gateway));
  }
}

TEST(GatewayFiles, ALibraryReadsBackWhatTheRowsSay) {
  const auto xml = test::read_xml(file_of(test::mgcp_gateway()));
  EXPECT_EQ(test::value_at(xml, "device/product"), "VG224");
  EXPECT_EQ(test::value_at(xml, "device/description"), "Lobby <1>");
  EXPECT_EQ(test::value_at(xml, "device/units/unit/subunits/subunit/ports/port/endpointName"),
            "AALN/S0/SU1/0@gw1.example.com");
  EXPECT_EQ(test::value_at(xml, "device/gatewayConfig/tftpRetries"), "2");
  EXPECT_EQ(test::value_at(xml, "device/units/unit/subunits/subunit/ports/port/portConfig/framing"),
            "esf");
  EXPECT_EQ(test::value_at(xml,
                           "device/devicePool/callManagerGroup/members/member/callManager/"
                           "ports/mgcpPorts/listen"),
            "2427");
  Gateway lost = test::mgcp_gateway();
  lost.pool = 99;
  EXPECT_NE(file_of(lost).find("gateway 'gw1': its device pool is a row that is not there"),
            std::string::npos);
}

TEST(GatewayCheck, SaysAllThatIsWrong) {
  EXPECT_EQ(faults_of(test::mgcp_gateway()), "");
  EXPECT_EQ(faults_of(test::sccp_gateway()), "");

  Gateway gateway = test::mgcp_gateway();
  gateway.domain = "exa mple";
  gateway.settings.push_back({"tftpRetrys", "2"});
  gateway.settings.push_back({"fallbackMgcp", "yes"});
  EXPECT_EQ(faults_of(gateway), "bad-domain unknown-setting bad-value");

  gateway = test::mgcp_gateway();
  gateway.domain = std::string(60, 'a');
  for (int i = 0; i < 4; ++i) {
    gateway.domain += "." + std::string(60, 'a');
  }
  EXPECT_EQ(faults_of(gateway), "name-too-long");

  gateway = test::mgcp_gateway();
  gateway.units[0].subunits[0].ports[1].settings = {{"endpoint", "AALN/S0/SU1/0@gw1.example.com"}};
  EXPECT_EQ(faults_of(gateway), "duplicate-port");

  // A 4FXS has ports 0 to 3, counted from its first.
  gateway = test::mgcp_gateway();
  gateway.units[0].subunits[0].ports[1].port = 3;
  EXPECT_EQ(faults_of(gateway), "");
  gateway.units[0].subunits[0].ports[1].port = 4;
  EXPECT_EQ(faults_of(gateway), "no-such-port");
  gateway.units[0].subunits[0].begin_port = 1;
  EXPECT_EQ(faults_of(gateway), "");

  gateway = test::sccp_gateway();
  gateway.units[0].product.clear();
  gateway.units[0].subunits[0].product.clear();
  gateway.units[0].subunits[0].ports[0].port = 128;
  EXPECT_EQ(faults_of(gateway), "missing-unit missing-subunit no-endpoint");
  gateway.units[0].subunits[0].ports[0].settings = {{"endpoint", "AN/1"}};
  EXPECT_EQ(faults_of(gateway), "missing-unit missing-subunit bad-name");
}

// What is of T1 and E1 is no setting of an analog port.
TEST(GatewayCheck, SettingsBelongToTheirKindOfPort) {
  Gateway gateway = test::mgcp_gateway();
  gateway.units[0].subunits[0].ports[0].settings = {{"framing", "esf"}};
  EXPECT_EQ(faults_of(gateway), "unknown-setting");
  gateway.units[0].subunits[0].ports[0].settings = {{"inputGain", "15"}};
  EXPECT_EQ(faults_of(gateway), "bad-value");
  gateway.units[0].subunits[0].ports[0].settings = {{"myOwn", "15"}};
  EXPECT_EQ(faults_of(gateway), "unknown-setting");
  EXPECT_EQ(faults_of(gateway, {{}, {"myOwn"}}), "");
}

}  // namespace
}  // namespace dialtone::generator
