// SPDX-License-Identifier: Apache-2.0
//
// Texts that try to break the file: it stays well-formed, and what XML can hold comes back.
#include "tests/unit/generator/rendering.h"
#include "tests/unit/generator/xml_reader.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace dialtone::generator {
namespace {

TEST(HostileText, ComesBackFromEveryKindOfRow) {
  const std::string hostile =
      "</name>&amp;<![CDATA[ ]]> \"quoted\" 'single' \t\r\n M\xc3\xbcller {{device.name}} <?end?> ";
  Campus campus = test::test_campus();
  campus.device_pools[1].name = hostile;
  campus.cm_nodes[1].description = hostile;
  campus.phone_services[0].name = hostile;
  campus.enterprise.services_url = hostile;
  DeviceBatch batch;
  test::add_test_phone(batch, campus, 1);
  batch.devices()[0].phone_label = batch.devices()[0].owner = hostile;
  batch.add_override(0) = {"loadServer", hostile};
  const auto xml = test::read_xml(test::render_device_text(test::prepared(campus), batch));
  ASSERT_FALSE(xml.empty());
  for (const char* path :
       {"device/devicePool/name",
        "device/devicePool/callManagerGroup/members/member/callManager/description",
        "device/phoneServices/phoneService/name", "device/servicesURL",
        "device/sipProfile/phoneLabel", "device/ownerId", "device/vendorConfig/loadServer"}) {
    EXPECT_EQ(test::value_at(xml, path), hostile) << path;
  }
}

TEST(HostileText, LongTextsFitTheBound) {
  Campus campus = test::test_campus();
  const std::string longest(10240, '"');
  campus.enterprise.idle_url = longest;
  DeviceBatch batch;
  test::add_test_phone(batch, campus, 1);
  batch.devices()[0].phone_label = longest;
  batch.add_override(0) = {"logServer", longest};
  SpeedDial& dial = batch.add_speed_dial(0);
  dial.label = dial.number = longest;
  const auto xml = test::read_xml(test::render_device_text(test::prepared(campus), batch));
  EXPECT_EQ(test::value_at(xml, "device/idleURL"), longest);
  EXPECT_EQ(test::value_at(xml, "device/sipProfile/phoneLabel"), longest);
  EXPECT_EQ(test::value_at(xml, "device/vendorConfig/logServer"), longest);
}

TEST(HostileText, TagNamesThatAreNoNamesAreLeftOut) {
  Campus campus = test::test_campus();
  campus.common_profiles[0].common_config = {{"good", "1"}, {"a><b", "2"}};
  DeviceBatch batch;
  test::add_test_phone(batch, campus, 1);
  batch.add_override(0) = {"x/><evil", "1"};
  batch.add_override(0) = {"myOwnTag", "2"};
  const auto xml = test::read_xml(test::render_device_text(test::prepared(campus), batch));
  EXPECT_EQ(test::value_at(xml, "device/commonConfig/good"), "1");
  EXPECT_EQ(test::value_at(xml, "device/vendorConfig/myOwnTag"), "2");
  for (const auto& [path, value] : xml) {
    EXPECT_EQ(path.find("evil"), std::string::npos);
  }
}

TEST(HostileText, RandomBytesAlwaysParse) {
  std::mt19937 random(42);
  const Campus clean = test::test_campus();
  DeviceBatch batch;
  for (int round = 0; round < 300; ++round) {
    std::string bytes(random() % 80, '\0');
    for (char& c : bytes) {
      c = static_cast<char>(random());
    }
    Campus campus = clean;
    campus.sip_profiles[0].dial_template = bytes;
    batch.clear();
    test::add_test_phone(batch, campus, 1);
    batch.devices()[0].phone_label = batch.text(bytes);
    batch.devices()[0].load_override = batch.text(bytes);
    const auto xml = test::read_xml(test::render_device_text(test::prepared(campus), batch));
    ASSERT_FALSE(xml.empty()) << round;
  }
}

}  // namespace
}  // namespace dialtone::generator
