// SPDX-License-Identifier: Apache-2.0
#include "dataplane/abi/served_file.h"

#include "tests/support/test_image.h"

#include <gtest/gtest.h>

#include <string>

namespace dialtone::abi {
namespace {

// What answers the name; "-": nothing.
std::string answer(const test::TestImage& image, std::string_view name) {
  const ImageView& view = image.live().view;
  const auto file = find_served(view, name, name_key(name, view.seed()));
  return file ? std::string(reinterpret_cast<const char*>(file->content), file->record->length)
              : "-";
}

class ServedFile : public testing::Test {
 protected:
  ServedFile() {
    image.add("sep001122334455.cnf.xml", "phone")
        .add("sip00112233aaaa.cnf", "7960")
        .add("csfjdoe.cnf.xml", "jabber");
  }
  test::TestImage image;
};

TEST_F(ServedFile, ADeviceGetsTheListOfItsCluster) {
  image.add("ctlfile.tlv", "ctl").add("itlfile.tlv", "itl").build();
  EXPECT_EQ(answer(image, "ctlsep001122334455.tlv"), "ctl");
  EXPECT_EQ(answer(image, "itlsep001122334455.tlv"), "itl");
  EXPECT_EQ(answer(image, "ctlsep00112233aaaa.tlv"), "ctl");
  EXPECT_EQ(answer(image, "itlcsfjdoe.tlv"), "itl");
  EXPECT_EQ(answer(image, "ctlfile.tlv"), "ctl");
  EXPECT_EQ(answer(image, "sep001122334455.cnf.xml"), "phone");
}

TEST_F(ServedFile, AnUnknownDeviceGetsNone) {
  image.add("ctlfile.tlv", "ctl").add("itlfile.tlv", "itl").build();
  for (const char* name : {"ctlsep00dead000001.tlv", "itlsep00dead000001.tlv", "ctl.tlv", "itl.tlv",
                           "ext_itlsep001122334455.tlv", "ctlsep001122334455.tlv.sgn",
                           "ctlsep001122334455", "xtlsep001122334455.tlv"}) {
    EXPECT_EQ(answer(image, name), "-") << name;
  }
  EXPECT_EQ(answer(image, "ctl" + std::string(kMaxNameLength - 7, 'a') + ".tlv"), "-");
}

TEST_F(ServedFile, OneOfItsOwnComesFirst) {
  image.add("ctlfile.tlv", "ctl").add("ctlsep001122334455.tlv", "own").build();
  EXPECT_EQ(answer(image, "ctlsep001122334455.tlv"), "own");
  EXPECT_EQ(answer(image, "itlsep001122334455.tlv"), "-") << "the cluster has no ITL";
}

TEST_F(ServedFile, WhatIsAbsentStandsForNobody) {
  image.add_kind("itlfile.tlv", "", Kind::kAbsent)
      .add("ctlfile.tlv", "ctl")
      .add_kind("sep0011223344ff.cnf.xml", "", Kind::kAbsent)
      .build();
  EXPECT_EQ(answer(image, "itlsep001122334455.tlv"), "-");
  EXPECT_EQ(answer(image, "ctlsep0011223344ff.tlv"), "-") << "the device has gone";
}

}  // namespace
}  // namespace dialtone::abi
