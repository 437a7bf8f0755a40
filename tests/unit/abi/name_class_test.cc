// SPDX-License-Identifier: Apache-2.0
#include "dataplane/abi/name_class.h"

#include "dataplane/abi/canonical_name.h"

#include <gtest/gtest.h>

#include <string_view>

namespace dialtone::abi {
namespace {

struct Example {
  std::string_view spelling;  // as a phone sends it
  NameClass expected;
};

class NameClassOf : public testing::TestWithParam<Example> {};

TEST_P(NameClassOf, IsSeenFromTheNameAlone) {
  CanonicalName name;
  ASSERT_TRUE(canonicalize(GetParam().spelling, name));
  EXPECT_EQ(name_class(name.view()), GetParam().expected) << GetParam().spelling;
  EXPECT_EQ(name_class(name.view(), name_key(name.view(), 1)), GetParam().expected);
}

constexpr Example kExamples[] = {
    {"CTLSEP001122334455.tlv", NameClass::kTrust},
    {"ITLSEP001122334455.tlv", NameClass::kTrust},
    {"ext_ITLSEP001122334455.tlv", NameClass::kTrust},
    {"CTLFile.tlv", NameClass::kTrust},
    {"ITLFile.tlv", NameClass::kTrust},
    {"file.tlv", NameClass::kOther},
    {"SEP001122334455.cnf.xml", NameClass::kPhone},
    {"SEP001122334455.cnf.xml.sgn", NameClass::kPhone},
    {"SEP001122334455.cnf.xml.enc.sgn", NameClass::kPhone},
    {"ATA00112233445F.cnf.xml", NameClass::kPhone},
    {"VGC001122334455.cnf.xml", NameClass::kPhone},
    {"CSFJDOE.cnf.xml", NameClass::kPhone},
    {"SEP001122334455.cnf", NameClass::kPhoneLegacy},
    {"SEPDefault.cnf", NameClass::kPhoneLegacy},
    {"SAADefault.cnf", NameClass::kPhoneLegacy},
    {"SIP001122334455.cnf", NameClass::kSip},
    {"SIPDefault.cnf", NameClass::kSip},
    {"MGC001122334455.cnf", NameClass::kSip},
    {"ld001122334455", NameClass::kLd},
    {"lddefault.cfg", NameClass::kLd},
    {"gk001122334455", NameClass::kGk},
    {"gkdefault.cfg", NameClass::kGk},
    {"ata001122334455", NameClass::kAta},
    {"ld00112233445", NameClass::kOther},
    {"ld00112233445g", NameClass::kOther},
    {"XMLDefault.cnf.xml", NameClass::kDefault},
    {"XMLDefault.cnf.xml.sgn", NameClass::kDefault},
    {"OS79XX.TXT", NameClass::kDefault},
    {"SKIGW1122334455.cnf.xml", NameClass::kGateway},
    {"AN1122334455600.cnf.xml", NameClass::kGateway},
    {"vg224.example.com.cnf.xml", NameClass::kGateway},
    {"folder/name.cnf.xml", NameClass::kOther},
    {"DR11d2aa14-9b07-4d4e-8f50-0d0a1f3d8f9c.xml", NameClass::kDial},
    {"dialplan.xml", NameClass::kDial},
    {"SK11d2aa14-9b07-4d4e-8f50-0d0a1f3d8f9c.xml.sgn", NameClass::kSoftkey},
    {"DefaultFP0000000000-11d2aa14.xml", NameClass::kSoftkey},
    {"skin.xml", NameClass::kOther},
    {"Ringlist.xml", NameClass::kList},
    {"DistinctiveRingList.xml.sgn", NameClass::kList},
    {"Desktops/320x212x16/List.xml", NameClass::kList},
    {"AppDialRules.xml", NameClass::kList},
    {"DirLookupDialRules.xml", NameClass::kList},
    {"WLANDefault.xml", NameClass::kList},
    {"English_United_States/mk-sip.jar", NameClass::kLocale},
    {"United_States/g3-tones.xml", NameClass::kLocale},
    {"7921-dictionary.xml", NameClass::kLocale},
    {"7921-kate.utf-8.xml", NameClass::kLocale},
    {"7921-font.dat", NameClass::kLocale},
    {"7960-font.xml", NameClass::kLocale},
    {"SCCP42.9-4-2SR3-1S.loads", NameClass::kFirmware},
    {"term42.default.loads", NameClass::kFirmware},
    {"jar42sccp.9-4-2ES26.sbn", NameClass::kFirmware},
    {"P0S3-8-12-00.sb2", NameClass::kFirmware},
    {"rootfs88xx.12-0-1.zz.sgn", NameClass::kFirmware},
    {"kern.12-0-1.bin2.sgn", NameClass::kFirmware},
    {"name.zz", NameClass::kOther},
    {"CP7912080000SIP.sbin", NameClass::kFirmware},
    {"ATA030100SCCP.zup", NameClass::kFirmware},
    {"Analog1.raw", NameClass::kMedia},
    {"ring.rwb", NameClass::kMedia},
    {"Desktops/320x212x16/TN-Fountain.png", NameClass::kMedia},
    {"picture.png", NameClass::kOther},
    {"ConfigFileCacheList.txt", NameClass::kInventory},
    {"BinFileCacheList.txt", NameClass::kInventory},
    {"global-settings.xml", NameClass::kInventory},
    {"SPDefault.cnf.xml", NameClass::kInventory},
    {"readme.txt", NameClass::kOther},
    {"a", NameClass::kOther},
    {".sgn", NameClass::kOther},
    {"a.", NameClass::kOther},
};
INSTANTIATE_TEST_SUITE_P(Cisco, NameClassOf, testing::ValuesIn(kExamples));

}  // namespace
}  // namespace dialtone::abi
