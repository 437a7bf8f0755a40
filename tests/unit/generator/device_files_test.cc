// SPDX-License-Identifier: Apache-2.0
#include "generator/device_files.h"

#include "generator/device_name.h"
#include "generator/ptag.h"

#include <gtest/gtest.h>

#include <string>

namespace dialtone::generator {
namespace {

std::string name_of(DeviceFile file, std::string_view device) {
  abi::CanonicalName name;
  return device_file_name(file, device, name) ? std::string(name.view()) : "(none)";
}

TEST(DeviceFiles, NamesComeFromTheMac) {
  EXPECT_EQ(spelled_file_name(DeviceFile::kXml, "SEP0011AABBCCDD"), "SEP0011AABBCCDD.cnf.xml");
  EXPECT_EQ(spelled_file_name(DeviceFile::kSip7960, "SEP0011AABBCCDD"), "SIP0011AABBCCDD.cnf");
  EXPECT_EQ(spelled_file_name(DeviceFile::kLd, "SEP0011AABBCCDD"), "ld0011aabbccdd");
  EXPECT_EQ(spelled_file_name(DeviceFile::kGk, "SEP0011AABBCCDD"), "gk0011aabbccdd");
  EXPECT_EQ(spelled_file_name(DeviceFile::kAta, "ATA0011AABBCCDD"), "ata0011aabbccdd");
  EXPECT_EQ(spelled_file_name(DeviceFile::kCnf, "SEP0011AABBCCDD"), "SEP0011AABBCCDD.cnf");
  EXPECT_EQ(name_of(DeviceFile::kXml, "CSFJANE.DOE"), "csfjane.doe.cnf.xml");
  EXPECT_EQ(name_of(DeviceFile::kCnf, "CSFJANE.DOE"), "(none)");
  for (const char* device : {"", "SEP/../x", "a\\b", "a\nb"}) {
    EXPECT_EQ(name_of(DeviceFile::kXml, device), "(none)") << device;
  }
}

TEST(DeviceFiles, ThePolicyDecides) {
  const auto count = [](Family family, bool selective, BuildCnf policy) {
    const DeviceFileSet files = files_of(family, selective, policy);
    return (files.has(DeviceFile::kXml) ? 10 : 0) + (files.has(DeviceFile::kCnf) ? 1 : 0);
  };
  EXPECT_EQ(count(Family::kSep, false, BuildCnf::kAll), 11);
  EXPECT_EQ(count(Family::kSep, false, BuildCnf::kSelective), 10);
  EXPECT_EQ(count(Family::kCnf, true, BuildCnf::kSelective), 11);
  EXPECT_EQ(count(Family::kCnf, true, BuildCnf::kNone), 10);
  EXPECT_EQ(count(Family::kLd, false, BuildCnf::kAll), 11);
  EXPECT_EQ(count(Family::kLd, false, BuildCnf::kNone), 0);
}

// Rows that another program has written come here as they are.
TEST(DeviceName, IsAMacOrBeginsWithAKnownWord) {
  for (const char* name : {"SEP001122AABBCC", "sep001122aabbcc", "ATA001122AABBCC",
                           "VGC001122AABBCC", "CSFJANE.DOE", "SKIGW1FCAC3DE10", "ANx"}) {
    EXPECT_EQ(device_name_fault(name), "") << name;
  }
  EXPECT_TRUE(device_name_fault("CSF" + std::string(61, 'A')).empty());
  for (const std::string& name :
       {std::string(), std::string("SEP00ZZ"), std::string("SEP001122AABBC"), std::string("CSF"),
        std::string("CSF x"), std::string("router1"), "CSF" + std::string(62, 'A')}) {
    EXPECT_NE(device_name_fault(name), "") << name;
  }
  EXPECT_EQ(device_name_fault("SEP00ZZ"),
            "'SEP00ZZ' is no device name: SEP is followed by the 12 hexadecimal digits of the MAC "
            "address");
}

TEST(Ptag, EachTypeTakesItsOwn) {
  const auto good = [](Family family, const std::string& line) {
    return check_profile(family, Protocol::kSip, "#txt\n" + line + "\n").ok();
  };
  for (const char* line : {"StaticIP:192.0.2.1", "TOS:0x68b8", "TOS:104", "Dhcp:1",
                           "UIPassword:12345", "UID:jane", "RingOnOffTime:2,4,25",
                           "NPrintf:192.0.2.1.514", "MediaPort:4294967295", "UID:", "# note"}) {
    EXPECT_TRUE(good(Family::kLd, line)) << line;
  }
  for (const char* line :
       {"StaticIP:192.0.2", "StaticIP:192.0.2.256", "StaticIP:192.0.2.1.5", "TOS:0x1ffffffff",
        "TOS:", "Dhcp:2", "Dhcp:true", "UIPassword:12345678901", "UIPassword:12a", "UID:\xc3\xb6",
        "UID:123456789012345678901234567890123", "RingOnOffTime:2,4,25,1", "RingOnOffTime:2,,3",
        "RingOnOffTime:70000", "NPrintf:192.0.2.1", "MediaPort:4294967296", "MediaPort:-1",
        "NoSuch:1", "no colon"}) {
    EXPECT_FALSE(good(Family::kLd, line)) << line;
  }
  EXPECT_FALSE(check_profile(Family::kLd, Protocol::kSip, "Dhcp:1\n").ok());
}

// 47, 67 and 100 are other things to other families (cisco-tftp 5.2).
TEST(Ptag, EachFamilyHasItsOwnTable) {
  EXPECT_TRUE(has_ptag(Family::kLd, "Proxy2"));
  EXPECT_FALSE(has_ptag(Family::kGk, "Proxy2"));
  EXPECT_TRUE(has_ptag(Family::kAta, "SecProxy"));
  EXPECT_FALSE(has_ptags(Family::kSip7960));
  EXPECT_EQ(ptags(Family::kAta).size(), 104u);
}

}  // namespace
}  // namespace dialtone::generator
