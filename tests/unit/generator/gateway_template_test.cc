// SPDX-License-Identifier: Apache-2.0
//
// An administrator's own template: what it may name, and what is said of a wrong one.
#include "generator/gateway/gateway_template.h"

#include "tests/support/test_campus.h"
#include "tests/unit/generator/gateways.h"
#include "tests/unit/generator/rendering.h"

#include <gtest/gtest.h>

namespace dialtone::generator {
namespace {

std::string text(std::string_view xml, const Gateway& gateway = test::mgcp_gateway()) {
  const PreparedCampus campus = test::prepared(test::test_campus());
  const auto program = GatewayTemplate::compile("t.xml", xml);
  if (!program) {
    return program.error().text;
  }
  const std::string all = *program->render(gateway, campus);
  constexpr std::string_view kHead = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
  EXPECT_EQ(all.substr(0, kHead.size()), kHead);
  return all.substr(kHead.size());
}

TEST(GatewayTemplates, FieldsOfTheGatewayAndOfItsPool) {
  EXPECT_EQ(text("<a b='{{gateway.full_name}}'>{{gateway.description}} {{pool.name}}</a>"),
            "<a b=\"gw1.example.com\">Lobby &lt;1&gt; HQ</a>\n");
  EXPECT_EQ(text("<a>{{gateway.settings.tftpRetries}}{{gateway.settings.none}}</a>"), "<a>2</a>\n");
}

TEST(GatewayTemplates, EachStandsInEach) {
  EXPECT_EQ(text("<a><?each units?>{{unit.unit}}(<?each subunits?><?each ports?>{{port.port}}"
                 "<?if port.dn?>={{port.dn}}<?end?>,<?end?><?end?>)<?end?></a>"),
            "<a>0(0=4001,1,)2(0,)</a>\n");
  EXPECT_EQ(text("<a><?each units?><?each subunits?><?each ports?><?each port.settings?>"
                 "{{setting.name}};<?end?><?end?><?end?><?end?></a>"),
            "<a>inputGain;signaling;framing;channels;</a>\n");
  EXPECT_EQ(text("<a><?each members?>{{member.priority}}<?end?></a>"), "<a>01</a>\n");
}

TEST(GatewayTemplates, ConditionsDecide) {
  EXPECT_EQ(text("<a><?if gateway.load?>l<?else?>-<?end?><?if units?>u<?end?>"
                 "<?if not gateway.settings.musicOnHold?>m<?end?></a>"),
            "<a>-um</a>\n");
  EXPECT_EQ(text("<a><?each units?><?if unit.unit?>{{unit.unit}}<?end?><?end?></a>"), "<a>2</a>\n");
}

TEST(GatewayTemplates, FaultsHaveLineAndColumn) {
  EXPECT_EQ(text("<a>\n  <b>{{gateway.nmae}}</b>\n</a>"),
            "t.xml:2:8: unknown-field: \"gateway.nmae\" is no field; did you mean "
            "\"gateway.name\"?");
  EXPECT_EQ(text("<a>\n  <b>\n  {{ports.dn}}</b>\n {{unit.unit}}</a>"),
            "t.xml:3:5: unknown-field: \"ports.dn\" is no field; did you mean \"port.dn\"?\n"
            "t.xml:4:4: out-of-scope: \"unit.unit\" has no meaning at this place");
  EXPECT_EQ(text("<a\n b='1'\n c='{{x}}'/>").substr(0, 25), "t.xml:3:7: unknown-field:");
  EXPECT_EQ(text("<a>\n <?each ports?><?end?></a>"),
            "t.xml:2:2: out-of-scope: \"ports\" has no meaning at this place");
  EXPECT_EQ(text("<a>\n<?each unit?><?end?></a>"),
            "t.xml:2:1: unknown-collection: \"unit\" is no collection; did you mean \"units\"?");
  EXPECT_EQ(text("<a>\n <?for x?></a>"),
            "t.xml:2:2: unknown-control: <?for?> is not known; there are each, if, else and end");
  EXPECT_EQ(text("<a><?if not units.x?><?end?></a>").substr(0, 27), "t.xml:1:13: unknown-field: ");
  EXPECT_EQ(text("<a>\n<b></a>").substr(0, 20), "t.xml:2:8: malformed");
  EXPECT_EQ(text("<a>{{x</a>"), "t.xml:1:4: open-slot: \"{{\" has no \"}}\"");
}

TEST(GatewayTemplates, BlocksEndWhereTheyBegan) {
  EXPECT_NE(text("<a><?each units?></a>").find("this block has no <?end?>"), std::string::npos);
  EXPECT_NE(text("<a><?end?></a>").find("t.xml:1:4: unbalanced: <?end?> ends nothing"),
            std::string::npos);
  EXPECT_NE(text("<a><?else?></a>").find("stands in no <?if?>"), std::string::npos);
  EXPECT_NE(text("<a><?if units?><?else?><?else?><?end?></a>").find("stands in no <?if?>"),
            std::string::npos);
  EXPECT_NE(text("<a><?each units?><?each units?><?end?><?end?></a>").find("stands in itself"),
            std::string::npos);
  EXPECT_NE(text("<t:text xmlns:t='urn:dialtone:template'>x<t:param name='a'>b</t:param></t:text>")
                .find("the file of a gateway is XML, not lines"),
            std::string::npos);
}

TEST(GatewayTemplates, WhatNobodyWritesByHandIsRefusedEarly) {
  std::string deep = "<a>";
  for (int i = 0; i < 20'000; ++i) {
    deep += "<?if units?>";
  }
  EXPECT_NE(text(deep + "</a>").find("too-deep: blocks stand in each other more than 32 times"),
            std::string::npos);
  EXPECT_EQ(text("<a>" + std::string(GatewayTemplate::kMaxSize, ' ') + "</a>"),
            "t.xml: too-large: it has more than the 256 KiB that a template may");
  std::string faulty = "<a>";
  for (int i = 0; i < 10'000; ++i) {
    faulty += "\n<?x" + std::to_string(i) + "?>";
  }
  const std::string faults = text(faulty + "</a>");
  EXPECT_EQ(std::count(faults.begin(), faults.end(), '\n'), 99);
}

TEST(GatewayTemplates, ASettingThatItNamesIsKnown) {
  const auto program = GatewayTemplate::compile(
      "t.xml",
      "<a x='{{gateway.settings.mine}}'><?each units?><?each subunits?><?each ports?><?if "
      "port.settings.yours?>y<?end?><?end?><?end?><?end?></a>");
  ASSERT_TRUE(program.ok()) << program.error().text;
  EXPECT_EQ(program->settings().gateway, std::vector<std::string_view>{"mine"});
  EXPECT_EQ(program->settings().port, std::vector<std::string_view>{"yours"});
}

}  // namespace
}  // namespace dialtone::generator
