// SPDX-License-Identifier: Apache-2.0
#include "control/cli/configuration_fields.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>

namespace dialtone::cli {
namespace {

std::string golden(const std::string& name) {
  std::ifstream file(DIALTONE_SOURCE_DIR "/tests/data/golden/" + name, std::ios::binary);
  EXPECT_TRUE(file) << name;
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST(ConfigurationFields, APhoneRegistersWithItsGroupInOrder) {
  for (const char* name : {"sep_sccp.cnf.xml", "sep_sip.cnf.xml", "xmldefault.cnf.xml"}) {
    const auto fields = configuration_fields(golden(name));
    ASSERT_TRUE(fields) << name;
    ASSERT_GE((*fields)["cm"].size(), 1u) << name;
    for (std::size_t i = 0; i < (*fields)["cm"].size(); ++i) {
      EXPECT_EQ((*fields)["cm"][i]["priority"], i) << name;
      EXPECT_EQ((*fields)["cm"][i]["port"], 2000) << name;
      EXPECT_NE((*fields)["cm"][i]["name"], "") << name;
    }
  }
}

TEST(ConfigurationFields, LoadUrlsAndLocales) {
  const auto fields = configuration_fields(
      "<device><loadInformation>SCCP42.9</loadInformation><directoryURL>http://a&amp;b</"
      "directoryURL>"
      "<servicesURL/><userLocale><name>German_Germany</name></userLocale>"
      "<networkLocale>Germany</networkLocale></device>");
  ASSERT_TRUE(fields);
  EXPECT_EQ((*fields)["load"], "SCCP42.9");
  EXPECT_EQ((*fields)["urls"]["directories"], "http://a&b");
  EXPECT_EQ((*fields)["urls"]["services"], "");
  EXPECT_EQ((*fields)["urls"]["messages"], "");
  EXPECT_EQ((*fields)["locale"]["user"], "German_Germany");
  EXPECT_EQ((*fields)["locale"]["network"], "Germany");
  EXPECT_TRUE((*fields)["cm"].empty());
}

TEST(ConfigurationFields, APortThatIsNoneIsShownAsItStands) {
  const auto fields = configuration_fields(
      "<Default><callManagerGroup><members><member><callManager><ports><ethernetPhonePort>2000x"
      "</ethernetPhonePort></ports></callManager></member></members></callManagerGroup></Default>");
  ASSERT_TRUE(fields);
  EXPECT_EQ((*fields)["cm"][0]["port"], "2000x");
  EXPECT_EQ((*fields)["cm"][0]["priority"], "");
}

TEST(ConfigurationFields, WhatIsNoConfigurationHasNone) {
  EXPECT_FALSE(configuration_fields(""));
  EXPECT_FALSE(configuration_fields("<device>"));
  EXPECT_FALSE(configuration_fields("<CiscoIPPhoneRingList/>"));
  EXPECT_FALSE(configuration_fields(std::string("<device>\0</device>", 18)));
}

// Another file, or one of the network, is never read, and nothing is blown up.
TEST(ConfigurationFields, EntitiesAreNotLookedAt) {
  EXPECT_FALSE(
      configuration_fields("<!DOCTYPE device [<!ENTITY e SYSTEM \"file:///etc/hostname\">]>"
                           "<device><loadInformation>&e;</loadInformation></device>"));
}

}  // namespace
}  // namespace dialtone::cli
