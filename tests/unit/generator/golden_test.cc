// SPDX-License-Identifier: Apache-2.0
//
// Fixed records against files that were reviewed element by element, and each file's tree against
// the element list of the facts (cisco-tftp 1.2, 1.3, 2.1).
#include "tests/unit/generator/golden.h"

#include "generator/family.h"
#include "tests/support/test_image.h"
#include "tests/unit/generator/rendering.h"
#include "tests/unit/generator/xml_reader.h"

#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <vector>

namespace dialtone::generator {
namespace {

// Each path of the list (tests/data/required, transcribed from the facts, not from the templates)
// is there, and its first place comes after that of the path before it.
void expect_paths(const std::string& text, const std::string& list) {
  std::ifstream paths(std::string(DIALTONE_TEST_DATA "/required/") + list);
  const auto xml = test::read_xml(text);
  ASSERT_FALSE(xml.empty());
  std::size_t last = 0;
  std::size_t count = 0;
  for (std::string path; std::getline(paths, path); ++count) {
    std::size_t place = 0;
    while (place < xml.size() && xml[place].first != path) {
      ++place;
    }
    if (place == xml.size()) {
      ADD_FAILURE() << "missing: " << path;
      continue;
    }
    EXPECT_GE(place, last) << "out of order: " << path;
    last = place;
  }
  EXPECT_GT(count, 0u) << "no list " << list;
}

// With every VPN certificate, so that all elements show.
Campus golden_campus() {
  Campus campus = test::test_campus();
  CommonPhoneProfile& profile = campus.common_profiles[0];
  std::string* const hashes[] = {&profile.vpn_hash1, &profile.vpn_hash2, &profile.vpn_hash3,
                                 &profile.vpn_hash4, &profile.vpn_hash5, &profile.vpn_hash6,
                                 &profile.vpn_hash7, &profile.vpn_hash8, &profile.vpn_hash9,
                                 &profile.vpn_hash10};
  for (std::size_t i = 0; i < 10; ++i) {
    *hashes[i] = "hash-" + std::to_string(i + 1);
  }
  profile.vpn_url1 = "https://vpn.campus.example/phones";
  return campus;
}

DeviceRecord& golden_phone(DeviceBatch& batch, const Campus& campus, std::uint32_t model,
                           Protocol protocol) {
  test::add_test_phone(batch, campus, 25);
  DeviceRecord& device = batch.devices()[0];
  device.model = test::model_row(campus, model, protocol);
  device.owner = device.user_id = "mm\xc3\xbcller";
  device.phone_label = "R&D lab";
  AddOnModule& module = batch.add_module(0);
  module.type = "CP-7916-24";
  module.lines = 24;
  module.load = "B016-1-0-4-2";
  batch.add_override(0) = {"webAccess", "1"};
  batch.add_override(0) = {"someNewTag", "7"};
  return device;
}

TEST(Golden, SipPhone) {
  const Campus campus = golden_campus();
  DeviceBatch batch;
  golden_phone(batch, campus, 437, Protocol::kSip);
  const std::string text = test::render_device_text(test::prepared(campus), batch);
  test::expect_golden("sep_sip.cnf.xml", text);
  expect_paths(text, "sep_sip.paths");
}

TEST(Golden, SccpPhone) {
  const Campus campus = golden_campus();
  DeviceBatch batch;
  golden_phone(batch, campus, 436, Protocol::kSccp).load_override = "SCCP45.9-3-1SR4-1S";
  const std::string text = test::render_device_text(test::prepared(campus), batch);
  test::expect_golden("sep_sccp.cnf.xml", text);
  expect_paths(text, "sep_sccp.paths");
  EXPECT_EQ(text.find("sipProfile"), std::string::npos);
}

// Names of elements and attributes in their order, without what differs from model to model.
std::vector<std::string> shape(const std::string& text) {
  std::vector<std::string> paths;
  for (const auto& [path, value] : test::read_xml(text)) {
    if (!path.starts_with("device/vendorConfig/")) {
      paths.push_back(path);
    }
  }
  return paths;
}

struct Covered {
  Protocol protocol;
  std::vector<std::uint32_t> models;  // numbers: cisco-tftp 2.2
};

// The families of docs/files.md, "Which golden file shows a model".
TEST(Golden, EachModelHasTheTreeOfItsGoldenFile) {
  const Campus campus = golden_campus();
  const PreparedCampus ready = test::prepared(campus);
  const Covered all[] = {
      {Protocol::kSccp, {7,   8,   115, 119, 307, 309, 30006, 30018, 404, 434, 435, 436,  437,
                         365, 484, 577, 495, 496, 497, 547,   548,   564, 585, 586, 30016}},
      {Protocol::kSip,
       {115,   119,   307,   309, 30006, 30018, 404,   434,   435,   436,   437,   495,
        496,   497,   547,   548, 564,   585,   586,   540,   537,   493,   621,   622,
        623,   36213, 36247, 659, 683,   684,   685,   36216, 36217, 36224, 36225, 36232,
        36248, 36258, 36260, 550, 681,   36262, 30016, 503,   562,   575,   652}}};
  for (const auto& [protocol, models] : all) {
    const auto shape_of = [&, protocol = protocol](std::uint32_t model) {
      DeviceBatch batch;
      golden_phone(batch, campus, model, protocol);
      return shape(test::render_device_text(ready, batch));
    };
    const auto golden = shape_of(437);
    ASSERT_GT(golden.size(), 100u);
    for (const std::uint32_t model : models) {
      EXPECT_EQ(shape_of(model), golden) << model;
      EXPECT_EQ(default_family(model, protocol), Family::kSep) << model;
    }
  }
}

// Sizes of public files: cisco-tftp 1.5 and 1.6. Two lines, nothing else.
TEST(Golden, SizesAreThoseOfRealFiles) {
  const Campus campus = test::test_campus();
  const PreparedCampus ready = test::prepared(campus);
  DeviceBatch batch;
  test::add_test_phone(batch, campus, 1);
  test::add_test_phone(batch, campus, 7);
  const std::size_t sip = test::render_device_text(ready, batch, 0).size();
  const std::size_t sccp = test::render_device_text(ready, batch, 1).size();
  EXPECT_GE(sip, 6u * 1024);
  EXPECT_LE(sip, 14u * 1024);
  EXPECT_GE(sccp, 2800u);
  EXPECT_LE(sccp, 8800u);
  RecordProperty("sip_bytes", static_cast<int>(sip));
  RecordProperty("sccp_bytes", static_cast<int>(sccp));
}

TEST(Golden, XmlDefault) {
  const PreparedCampus ready = test::prepared(test::test_campus());
  test::HeapSpace space(1 << 20);
  abi::SegmentWriter writer(space);
  const auto file = render_default(test::templates(), ready, 1231176639, writer);
  ASSERT_TRUE(file.ok());
  EXPECT_EQ(file->name.view(), "xmldefault.cnf.xml");
  EXPECT_EQ(file->file_class, abi::FileClass::kDefaultConfig);
  const std::byte* base = space.used().data();
  const auto* record = reinterpret_cast<const abi::FileRecord*>(base + file->place.offset);
  EXPECT_EQ(record->modified_s, 1231176639u);
  const std::string text(reinterpret_cast<const char*>(base + record->content_offset),
                         record->length);
  test::expect_golden("xmldefault.cnf.xml", text);
  expect_paths(text, "xmldefault.paths");
  const auto xml = test::read_xml(text);
  EXPECT_EQ(test::value_at(xml, "Default/loadInformation436/@model"), "Cisco 7965");
  EXPECT_EQ(test::value_at(xml, "Default/loadInformation436"), "SCCP45.9-4-2SR3-1S");
  EXPECT_EQ(test::value_at(xml, "Default/loadInformation36225"), "sip8845_65.12-8-1-0101-482");
}

TEST(Golden, XmlDefaultNeedsAGroup) {
  const PreparedCampus ready = test::prepared({});
  test::HeapSpace space(1 << 20);
  abi::SegmentWriter writer(space);
  const auto file = render_default(test::templates(), ready, 1, writer);
  ASSERT_FALSE(file.ok());
  EXPECT_NE(file.error().text.find("Unified CM group"), std::string::npos);
}

}  // namespace
}  // namespace dialtone::generator
