// SPDX-License-Identifier: Apache-2.0
#include "bench/emu/device/configuration.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace dialtone::emu {
namespace {

std::span<const std::byte> bytes(const std::string& text) {
  return std::as_bytes(std::span(text));
}

std::string member(const std::string& priority, const std::string& name, const std::string& port) {
  return "<member priority=\"" + priority + "\"><callManager><ports><ethernetPhonePort>" + port +
         "</ethernetPhonePort><sipPort>5062</sipPort></ports><processNodeName>" + name +
         "</processNodeName></callManager></member>";
}

std::string group(const std::string& members) {
  return "<callManagerGroup><members>" + members + "</members></callManagerGroup>";
}

TEST(Configuration, LoadAndCallManagersByPriority) {
  const std::string text =
      "<?xml version=\"1.0\"?>\n<device><deviceProtocol>SIP</deviceProtocol><devicePool>" +
      group(member("1", "cm-b", "2001") + member("0", "cm-a", "2000")) +
      "</devicePool><loadInformation>SIP41.9-4-2</loadInformation></device>";
  const auto configuration = parse_configuration(bytes(text));
  ASSERT_TRUE(configuration);
  EXPECT_EQ(configuration->load, "SIP41.9-4-2");
  EXPECT_TRUE(configuration->is_sip);
  ASSERT_EQ(configuration->call_managers.size(), 2u);
  EXPECT_EQ(configuration->call_managers[0].name, "cm-a");
  EXPECT_EQ(configuration->call_managers[1].name, "cm-b");
  EXPECT_EQ(configuration->call_managers[1].sccp_port, 2001);
  EXPECT_EQ(configuration->call_managers[1].sip_port, 5062);
}

TEST(Configuration, InTheDefaultTheGroupStandsAtTheTop) {
  const auto configuration =
      parse_configuration(bytes("<Default>" + group(member("0", "", "x")) + "</Default>"));
  ASSERT_TRUE(configuration);
  ASSERT_EQ(configuration->call_managers.size(), 1u);
  EXPECT_EQ(configuration->call_managers[0].name, "");
  EXPECT_EQ(configuration->call_managers[0].sccp_port, 2000);
}

TEST(Configuration, OfA7940WithSip) {
  const auto configuration = parse_configuration(
      bytes("# SIP\nimage_version: \"P0S3-08-12-00\"\r\nproxy1_address: cm-a ;\n"));
  ASSERT_TRUE(configuration);
  EXPECT_EQ(configuration->load, "P0S3-08-12-00");
  EXPECT_TRUE(configuration->is_sip);
}

TEST(Configuration, WhatIsNoneIsNone) {
  EXPECT_FALSE(parse_configuration(bytes("<device><loadInformation>")));
  EXPECT_FALSE(parse_configuration(bytes("\1\0\2")));
  EXPECT_FALSE(parse_configuration({}));
}

TEST(LoadList, OneFileOnEachLine) {
  EXPECT_EQ(parse_load_list(bytes("# parts\r\na.sbn\r\nb.sbn 123 0123abcd\n\n#? HW_REV\n")),
            (std::vector<std::string>{"a.sbn", "b.sbn"}));
}

TEST(LoadList, BehindASignature) {
  std::string signature(0x20, '\x0d');
  signature.replace(0, 10, std::string("\1\0\2\1\2\2\0\2\0\x20", 10));
  EXPECT_EQ(parse_load_list(bytes(signature + "a.sbn\n")), std::vector<std::string>{"a.sbn"});
}

}  // namespace
}  // namespace dialtone::emu
