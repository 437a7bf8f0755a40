// SPDX-License-Identifier: Apache-2.0
//
// The files of 7940 and 7960 with SIP, 7905, 7912, ATA 18x and of phones that know no XML: against
// golden files, and read back by a reader of the tests' own.
#include "generator/family.h"
#include "generator/render_file.h"
#include "generator/shared/shared_files.h"
#include "tests/support/test_image.h"
#include "tests/unit/generator/allocation_count.h"
#include "tests/unit/generator/golden.h"
#include "tests/unit/generator/rendering.h"
#include "tests/unit/generator/text_reader.h"
#include "tests/unit/generator/xml_reader.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace dialtone::generator {
namespace {

class Families : public ::testing::Test {
 protected:
  Families() : campus_(test::test_campus()) {
    campus_.dial_plans.push_back(
        {"hq", 1231176639, {}, {{"9,.......", 2}, {"[0-9]", 0, 2}, {"0*", 5}, {"\\*.", 0}}});
  }

  DeviceRecord& add(std::uint32_t model, Protocol protocol) {
    test::add_test_phone(batch_, campus_, 25);
    DeviceRecord& device = batch_.devices()[0];
    device.model = test::model_row(campus_, model, protocol);
    device.dial_plan = 0;
    return device;
  }
  void set(const char* name, const char* value) { batch_.add_override(0) = {name, value}; }

  Result<RenderedFiles> files() {
    ready_.emplace(test::prepared(campus_));
    writer_.emplace(space_);
    return render_device(test::templates(), *ready_, batch_, batch_.devices()[0], *writer_);
  }
  std::string text(const abi::FilePlace& place) {
    const std::byte* base = space_.used().data();
    const auto* record = reinterpret_cast<const abi::FileRecord*>(base + place.offset);
    return {reinterpret_cast<const char*>(base + record->content_offset), record->length};
  }
  // The one file that the device has, under this name.
  std::string only(std::string_view name) {
    const auto all = files();
    EXPECT_TRUE(all.ok()) << all.error().text;
    if (!all || all->size() != 1) {
      ADD_FAILURE() << "not one file";
      return {};
    }
    EXPECT_EQ((*all)[0].name.view(), name);
    return text((*all)[0].place);
  }
  std::string fault() {
    const auto all = files();
    EXPECT_FALSE(all.ok());
    return all ? "(built)" : all.error().text;
  }
  std::string family_default(Family family) {
    ready_.emplace(test::prepared(campus_));
    writer_.emplace(space_);
    const auto file = render_family_default(test::templates(), *ready_, family, 1, *writer_);
    return file ? text(file->place) : file.error().text;
  }

  Campus campus_;
  DeviceBatch batch_;
  std::optional<PreparedCampus> ready_;
  test::HeapSpace space_{4 << 20};
  std::optional<abi::SegmentWriter> writer_;
};

TEST_F(Families, A7960WithSip) {
  add(7, Protocol::kSip);
  set("timer_registry_delta", "7");
  set("logo_url", "http://10.1.0.10/logo.bmp");
  const std::string file = only("sip001122000019.cnf");
  test::expect_golden("sip7960.cnf", file);
  const auto lines = test::read_lines(file);
  EXPECT_EQ(test::line_value(lines, "line2_name"), "20052");
  EXPECT_EQ(test::line_value(lines, "proxy2_address"), "cm-sub1.campus.example");
  EXPECT_EQ(test::line_value(lines, "timer_register_delta"), "7");
  EXPECT_EQ(test::line_value(lines, "dial_template"), "hq");
  EXPECT_EQ(test::line_value(lines, "time_zone"), "CET");
  std::set<std::string> names;
  for (const auto& [name, value] : lines) {
    EXPECT_NE(name, "(bad)") << value;
    EXPECT_TRUE(names.insert(name).second) << name << " stands there twice";
  }
}

TEST_F(Families, NoValueEndsItsLine) {
  const char* hostile = "x\"\r\nproxy1_address: \"192.0.2.66\"\n\xc2\x85\xe2\x80\xa8y";
  DeviceRecord& device = add(7, Protocol::kSip);
  device.phone_label = hostile;
  campus_.enterprise.services_url = hostile;
  campus_.cm_nodes[1].address = hostile;
  set("logo_url", hostile);
  const std::string file = only("sip001122000019.cnf") + family_default(Family::kSip7960);
  for (const auto& [name, value] : test::read_lines(file)) {
    EXPECT_NE(name, "(bad)") << value;
    EXPECT_NE(value, "192.0.2.66");
    EXPECT_NE(value, "(behind the quotes)") << name;
  }
}

TEST_F(Families, ThePhonesOwnLinesAreNoParameters) {
  add(8, Protocol::kSip);
  set("line1_name", "4711");
  EXPECT_EQ(fault(),
            "SEP001122000019: its parameter 'line1_name' comes from the keys of that line, as "
            "line1.dn and line1.auth_name; take vendor.line1_name away");
}

TEST_F(Families, SipDefaultHasTheFamilysParameters) {
  campus_.family_parameters = {{Family::kSip7960, "timer_registry_delta", "9"},
                               {Family::kSip7960, "phone_prompt", "SIP Phone"},
                               {Family::kLd, "TOS", "0x68b8"}};
  const std::string file = family_default(Family::kSip7960);
  test::expect_golden("sipdefault.cnf", file);
  const auto lines = test::read_lines(file);
  EXPECT_EQ(test::line_value(lines, "timer_register_delta"), "9");
  EXPECT_EQ(test::line_value(lines, "proxy1_address"), "cm-sub1.campus.example");
  EXPECT_EQ(test::line_value(lines, "TOS"), "(missing)");
}

TEST_F(Families, A7905AndA7912) {
  campus_.cm_nodes[1].address = "10.1.0.11";
  campus_.enterprise.services_url = "http://10.1.0.10/services";
  campus_.enterprise.directory_url = "";
  campus_.family_parameters = {{Family::kLd, "TOS", "0x68b8"}};
  add(20000, Protocol::kSip);
  set("DialTone", "2,30467,1104,28959,1404,1,4000,4000,0,0,0");
  set("CfgInterval", "900");
  const std::string ld = only("ld001122000019");
  test::expect_golden("ld.txt", ld);
  EXPECT_EQ(ld.substr(0, 5), "#txt\n");
  const auto lines = test::read_lines(ld);
  EXPECT_EQ(test::line_value(lines, "DialPlan"), "9.......t2|0t5-|*.");
  EXPECT_EQ(test::line_value(lines, "CfgInterval"), "900");
  EXPECT_EQ(test::line_value(lines, "TOS"), "0x68b8");
  test::expect_golden("lddefault.cfg", family_default(Family::kLd));

  batch_.devices()[0].model = test::model_row(campus_, 30007, Protocol::kSip);
  test::expect_golden("gk.txt", only("gk001122000019"));
  test::expect_golden("gkdefault.cfg", family_default(Family::kGk));
}

TEST_F(Families, AnAta186UnderBothProtocols) {
  campus_.cm_nodes[1].address = "10.1.0.11";
  add(12, Protocol::kSip);
  test::expect_golden("ata_sip.txt", only("ata001122000019"));
  batch_.devices()[0].model = test::model_row(campus_, 12, Protocol::kSccp);
  test::expect_golden("ata_sccp.txt", only("ata001122000019"));
  set("SIPPort", "5060");
  EXPECT_NE(fault().find("the parameter 'SIPPort' is not read by firmware for SCCP"),
            std::string::npos);
}

TEST_F(Families, AValueThatDoesNotFitIsAFault) {
  campus_.enterprise.services_url = campus_.enterprise.directory_url = "";
  add(20000, Protocol::kSip);
  set("NTPIP", "ntp.example");
  EXPECT_EQ(fault(),
            "SEP001122000019: the parameter 'NTPIP' takes an IPv4 address, as 192.0.2.1, not "
            "'ntp.example'; change what it is made of, or set vendor.NTPIP");
}

TEST_F(Families, AllValuesThatDoNotFitAreNamed) {
  campus_.enterprise.services_url = campus_.enterprise.directory_url = "";
  add(20000, Protocol::kSip);
  set("Dhcp", "maybe");
  set("NoSuch", "1");
  set("UIPassword", "12345678901");
  EXPECT_EQ(fault(),
            "SEP001122000019: the parameter 'Dhcp' takes 0 or 1, not 'maybe'; change what it is "
            "made of, or set vendor.Dhcp; there is no parameter 'NoSuch'; take it away, from the "
            "device (vendor.NoSuch) or from the family's parameters; the parameter 'UIPassword' "
            "takes at most 10 digits, not '12345678901', which has 11; change what it is made of, "
            "or set vendor.UIPassword");
}

// No device is at fault, so no vendor.NAME is the cure.
TEST_F(Families, AParameterOfTheFamilyIsCuredByAnImport) {
  campus_.family_parameters = {{Family::kGk, "Dhcp", "yes"}, {Family::kGk, "NoSuch", "1"}};
  EXPECT_EQ(family_default(Family::kGk),
            "gkdefault.cfg: the parameter 'Dhcp' takes 0 or 1, not 'yes'; change what it is made "
            "of, or give it another value: 'dialtone import json' of {\"family_parameters\": "
            "[{\"family\": \"gk\", \"name\": \"Dhcp\", \"value\": \"...\"}]}; there is no "
            "parameter 'NoSuch'; take it away: 'dialtone import json' of {\"family_parameters\": "
            "[{\"family\": \"gk\", \"name\": \"NoSuch\", \"value\": null}]}");
}

TEST_F(Families, ADialPlanThatTheyCannotHaveIsTheirFaultAlone) {
  campus_.enterprise.services_url = campus_.enterprise.directory_url = "";
  campus_.dial_plans[0].rules = {{"8...", 0, 0, "Phone", "9%0"}};
  add(20000, Protocol::kSip);
  EXPECT_NE(fault().find("dial plan 'hq', rule '8...': it rewrites what was dialled"),
            std::string::npos);
  batch_.devices()[0].model = test::model_row(campus_, 437, Protocol::kSip);
  EXPECT_TRUE(files().ok());
}

TEST_F(Families, BuildAllMakesEveryFormAndAnEncoderGetsItsText) {
  campus_.enterprise.build_cnf = BuildCnf::kAll;
  campus_.encodes_cnf = true;
  add(7, Protocol::kSip);
  set("logo_url", "x");
  const auto all = files();
  ASSERT_TRUE(all.ok()) << all.error().text;
  ASSERT_EQ(all->size(), 3u);
  EXPECT_EQ((*all)[0].name.view(), "sep001122000019.cnf.xml");
  EXPECT_EQ((*all)[1].name.view(), "sip001122000019.cnf");
  EXPECT_EQ((*all)[2].name.view(), "sep001122000019.cnf");
  const auto xml = test::read_xml(text((*all)[0].place));
  EXPECT_EQ(test::value_at(xml, "device/vendorConfig/logo_url"), "(missing)");
  test::expect_golden("cnf.txt", text((*all)[2].place));
}

TEST_F(Families, OldPhonesHaveXmlAndByThePolicyCnf) {
  add(2, Protocol::kSccp);
  EXPECT_EQ(files()->size(), 1u);
  campus_.encodes_cnf = true;
  EXPECT_EQ(files()->size(), 2u);
  campus_.enterprise.build_cnf = BuildCnf::kNone;
  EXPECT_EQ(files()->size(), 1u);
}

TEST_F(Families, ANameWithoutAMacHasNoFileOfThem) {
  DeviceRecord& device = add(7, Protocol::kSip);
  device.name = "CSFJANE";
  EXPECT_EQ(
      fault(),
      "CSFJANE: the file of its model is named by a MAC address, which this name has not; add "
      "the device as SEP and the 12 digits of it, or give this one another model");
}

TEST_F(Families, RenderingAllocatesNothing) {
  campus_.enterprise.services_url = campus_.enterprise.directory_url = "";
  add(20000, Protocol::kSip);
  set("TOS", "0x68b8");
  const PreparedCampus ready = test::prepared(campus_);
  abi::SegmentWriter writer(space_);
  DeviceRenderer renderer(ready);
  RenderedFiles files;
  for (const auto& [model, protocol] :
       {std::pair(20000u, Protocol::kSip), std::pair(7u, Protocol::kSccp),
        std::pair(437u, Protocol::kSip)}) {
    batch_.devices()[0].model = test::model_row(campus_, model, protocol);
    const std::size_t before = test::allocation_count();
    ASSERT_TRUE(
        renderer.render(test::templates(), batch_, batch_.devices()[0], writer, files).ok());
    EXPECT_EQ(test::allocation_count(), before) << model;
  }
}

TEST_F(Families, SmallFilesOfA7960) {
  campus_.enterprise.os79xx_load = "P0S3-8-12-00";
  const auto find = [&](std::string_view name) {
    for (const SharedFile& file : render_shared_files(campus_).files) {
      if (file.name == name) {
        return file.content;
      }
    }
    return std::string("(missing)");
  };
  EXPECT_EQ(find("OS79XX.TXT"), "P0S3-8-12-00\r\n");
  EXPECT_EQ(find("syncinfo.xml"), "(missing)");
  campus_.models[test::model_row(campus_, 7, Protocol::kSip)].in_use = true;
  const auto xml = test::read_xml(find("syncinfo.xml"));
  EXPECT_EQ(test::value_at(xml, "IMAGE/@VERSION"), "*");
  EXPECT_EQ(test::value_at(xml, "IMAGE/@SYNC"), "1");
}

// Only what is listed: a new field of a device is in it when somebody writes it there.
TEST_F(Families, TheShortFormHoldsNoSecret) {
  DeviceRecord& device = add(437, Protocol::kSip);
  campus_.enterprise.ssh_password = campus_.common_profiles[0].phone_password = "hush-1";
  device.phone_label = "hush-2";
  device.cert_hash = "0123456789abcdef0123456789abcdef";
  campus_.security_profiles[device.security_profile].encrypted_config = true;
  const std::string file = only("sep001122000019.cnf.xml");
  test::expect_golden("short_form.cnf.xml", file);
  EXPECT_EQ(file.find("hush"), std::string::npos);
  EXPECT_EQ(file.find("secret"), std::string::npos);
  const auto xml = test::read_xml(file);
  EXPECT_EQ(test::value_at(xml, "device/fullConfig"), "false");
  EXPECT_EQ(test::value_at(xml, "device/encrConfig"), "true");
  EXPECT_EQ(test::value_at(xml, "device/certHash"), device.cert_hash);
}

// Without the hash of its certificate the phone would ask for a new one; and nobody encrypts what a
// profile does not say.
TEST_F(Families, TheShortFormNeedsProfileAndCertificate) {
  DeviceRecord& device = add(437, Protocol::kSip);
  const auto full = [&] {
    return test::value_at(test::read_xml(only("sep001122000019.cnf.xml")), "device/fullConfig");
  };
  device.cert_hash = "0123456789abcdef0123456789abcdef";
  EXPECT_EQ(full(), "true");
  campus_.security_profiles[device.security_profile].encrypted_config = true;
  EXPECT_EQ(full(), "false");
  device.cert_hash = {};
  EXPECT_EQ(full(), "true");
}

}  // namespace
}  // namespace dialtone::generator
