// SPDX-License-Identifier: Apache-2.0
#include "generator/render.h"

#include "tests/unit/generator/allocation_count.h"
#include "tests/unit/generator/rendering.h"
#include "tests/unit/generator/xml_reader.h"

#include <gtest/gtest.h>

#include <string>

namespace dialtone::generator {
namespace {

TEST(Render, EveryModelAndProtocolParses) {
  const Campus campus = test::test_campus();
  const PreparedCampus ready = test::prepared(campus);
  DeviceBatch batch;
  for (std::uint32_t model = 0; model < campus.models.size(); ++model) {
    test::add_test_phone(batch, campus, 1 + model);
    batch.devices()[model].model = model;
    const auto xml = test::read_xml(test::render_device_text(ready, batch, model));
    EXPECT_EQ(test::value_at(xml, "device/deviceProtocol"),
              campus.models[model].protocol == Protocol::kSip ? "SIP" : "SCCP");
    EXPECT_EQ(test::value_at(xml, "device/loadInformation"), campus.models[model].default_load);
  }
}

TEST(Render, AllocatesNothing) {
  const Campus campus = test::test_campus();
  const PreparedCampus ready = test::prepared(campus);
  DeviceBatch batch;
  test::add_test_phone(batch, campus, 5);
  batch.add_override(0) = {"webAccess", "1"};
  batch.add_override(0) = {"ownTag", "M\xc3\xbcller & Sons"};
  const Template& program = test::templates().sep_sip;
  std::vector<std::byte> out(64 * 1024);
  RowBinder binder(ready);
  const std::size_t before = test::allocation_count();
  std::size_t bytes = 0;
  for (int i = 0; i < 100; ++i) {
    const auto rows = binder.bind(batch, batch.devices()[0]);
    ASSERT_LE(size_bound(program, **rows), out.size());
    bytes += render(program, **rows, out);
  }
  EXPECT_EQ(test::allocation_count(), before);
  EXPECT_GT(bytes, 600000u);
}

TEST(Render, ZeroesWhatItOverwroteBehindTheEnd) {
  const Campus campus = test::test_campus();
  const PreparedCampus ready = test::prepared(campus);
  DeviceBatch batch;
  test::add_test_phone(batch, campus, 1);
  RowBinder binder(ready);
  const auto rows = binder.bind(batch, batch.devices()[0]);
  std::vector<std::byte> out(size_bound(test::templates().sep_sip, **rows));
  const std::size_t length = render(test::templates().sep_sip, **rows, out);
  for (std::size_t i = length; i < out.size(); ++i) {
    ASSERT_EQ(out[i], std::byte{0}) << i - length;
  }
}

TEST(Render, OverridesReplaceInPlaceAndAppend) {
  const Campus campus = test::test_campus();
  const PreparedCampus ready = test::prepared(campus);
  DeviceBatch batch;
  test::add_test_phone(batch, campus, 1);
  const std::string plain = test::render_device_text(ready, batch);
  batch.add_override(0) = {"settingsAccess", "2"};
  batch.add_override(0) = {"newTag", "a"};
  batch.add_override(0) = {"newTag", "b"};
  std::string wanted = plain;
  const std::string old_tag = "<settingsAccess>1</settingsAccess>";
  wanted.replace(wanted.find(old_tag), old_tag.size(), "<settingsAccess>2</settingsAccess>");
  wanted.insert(wanted.find("</vendorConfig>"), "<newTag>b</newTag>\n");
  EXPECT_EQ(test::render_device_text(ready, batch), wanted);
}

TEST(Render, EqualInputsGiveEqualBytes) {
  DeviceBatch first;
  DeviceBatch second;
  test::add_test_phone(first, test::test_campus(), 3);
  test::add_test_phone(second, test::test_campus(), 3);
  EXPECT_EQ(test::render_device_text(test::prepared(test::test_campus()), first),
            test::render_device_text(test::prepared(test::test_campus()), second));
}

// cisco-tftp 1.3: featureID 20.
TEST(Render, AServiceButtonHasAUri) {
  const Campus campus = test::test_campus();
  DeviceBatch batch;
  test::add_test_phone(batch, campus, 1);
  batch.add_speed_dial(0) = {7, kServiceUrl, "Menu", "http://192.0.2.9/m?a=1&b=2", true};
  const std::string text = test::render_device_text(test::prepared(campus), batch);
  const std::size_t at = text.find("<line button=\"7\">");
  ASSERT_NE(at, text.npos);
  EXPECT_EQ(text.substr(at, text.find("</line>", at) - at),
            "<line button=\"7\">\n<featureID>20</featureID>\n<featureLabel>Menu</featureLabel>\n"
            "<serviceURI>http://192.0.2.9/m?a=1&amp;b=2</serviceURI>\n");
}

TEST(Render, TooManyTagsAreRefused) {
  const Campus campus = test::test_campus();
  const PreparedCampus ready = test::prepared(campus);
  DeviceBatch batch;
  test::add_test_phone(batch, campus, 1);
  for (std::size_t i = 0; i < kMaxVendorTags; ++i) {
    batch.add_override(0) = {batch.text("tag" + std::to_string(i)), "1"};
  }
  RowBinder binder(ready);
  const auto rows = binder.bind(batch, batch.devices()[0]);
  ASSERT_FALSE(rows.ok());
  EXPECT_EQ(rows.error().text, "it has more than 256 vendorConfig tags");
}

TEST(PreparedCampus, NamesTheRowWhoseReferenceDangles) {
  Campus campus = test::test_campus();
  campus.device_pools[1].cm_group = 9;
  const auto prepared = PreparedCampus::prepare(campus);
  ASSERT_FALSE(prepared.ok());
  EXPECT_EQ(prepared.error().text,
            "device pool \"Branch\": its Unified CM group is a row that is not there; set "
            "'cm_group' to one that is there");
}

TEST(PreparedCampus, SixMembersAreTooMany) {
  Campus campus = test::test_campus();
  campus.cm_groups[0].members = {0, 1, 0, 1, 0, 1};
  EXPECT_FALSE(PreparedCampus::prepare(campus).ok());
}

}  // namespace
}  // namespace dialtone::generator
