// SPDX-License-Identifier: Apache-2.0
#include "control/assets/load_list.h"
#include "tests/unit/control_assets/scanned_folder.h"

#include <filesystem>

namespace dialtone::assets {
namespace {

using LoadsTest = ScannedFolder;

std::string listed(const std::string& text) {
  const auto parts = read_load_list(std::as_bytes(std::span(text)));
  std::string out;
  for (const LoadPart& part : parts.value_or(std::vector<LoadPart>{{"none", 0}})) {
    out += part.name + (part.bytes ? ":" + std::to_string(*part.bytes) : "") +
           (part.md5.empty() ? "" : ":" + part.md5) + ";";
  }
  return out;
}

TEST(LoadList, IsReadBehindASignatureAndWithoutOne) {
  EXPECT_EQ(listed("# a\r\na.sbn\r\n\r\nB.sb2\r\n"), "a.sbn;B.sb2;");
  EXPECT_EQ(listed("LA_VERSION 8\n#? HW_REV 2\nx.SBN 12 0123456789ABCDEF0123456789abcdef"),
            "x.SBN:12:0123456789abcdef0123456789abcdef;");
  EXPECT_EQ(listed("x.SBN 0123456789abcdef0123456789abcdef 12 more"),
            "x.SBN:12:0123456789abcdef0123456789abcdef;");
  EXPECT_EQ(listed("x.SBN 12 0123456789abcdef"), "x.SBN:12;");
  const std::string head("\1\0\2\1\1\2\0\2\0\20......", 16);
  EXPECT_EQ(listed(head + "a.sbn\n"), "a.sbn;");
  EXPECT_EQ(listed(head.substr(0, 12)), "none:0;") << "cut within its header";
  EXPECT_EQ(listed("\x80\1\2\3"), "none:0;");
  EXPECT_EQ(listed(""), "none:0;");
  EXPECT_EQ(listed("../up\n"), "none:0;");
}

TEST_F(LoadsTest, AListIsHeldBackUntilAllThatItListsIsThere) {
  folder_.write("x.loads", "a.sbn\nB.sbn 3\n");
  folder_.write("a.sbn", "a");
  EXPECT_EQ(put(scan()), (Texts{"a.sbn=a"}));
  ASSERT_EQ(faults_.size(), 1u);
  EXPECT_EQ(faults_[0].code, "incomplete-load");
  EXPECT_EQ(faults_[0].text, "held back until all that it lists is there: B.sbn is not there");
  EXPECT_FALSE(assets_.loads().at("x.loads").served);
  folder_.write("b.sbn", "b");
  EXPECT_EQ(put(scan()), (Texts{"b.sbn=b"}));
  EXPECT_NE(faults_.at(0).text.find("B.sbn has 1 bytes, not 3"), std::string::npos);
  folder_.write("b.sbn", "bbb");
  EXPECT_EQ(put(scan()), (Texts{"b.sbn=bbb", "x.loads=a.sbn\nB.sbn 3\n"}));
  EXPECT_TRUE(faults_.empty());
  EXPECT_TRUE(put(scan()).empty());
  EXPECT_TRUE(assets_.loads().at("x.loads").served);
}

// Of "abc" and "xyz": RFC 1321 has the first.
TEST_F(LoadsTest, AListWithAnMd5IsHeldBackUntilTheBytesAreThose) {
  constexpr const char* kAbc = "900150983cd24fb0d6963f7d28e17f72";
  constexpr const char* kXyz = "d16fb36f0911f878998c136191af705e";
  folder_.write("x.sbn", "xyz");
  scan();
  folder_.write("x.loads", std::string("x.sbn 3 ") + kAbc + "\n");
  EXPECT_TRUE(put(scan()).empty());
  ASSERT_EQ(faults_.size(), 1u);
  EXPECT_EQ(faults_[0].text, std::string("held back until all that it lists is there: x.sbn has "
                                         "the MD5 ") +
                                 kXyz + ", not " + kAbc);
  folder_.write("x.sbn", "abc");
  EXPECT_EQ(put(scan()).size(), 2u);
  EXPECT_TRUE(faults_.empty());
  EXPECT_TRUE(put(scan()).empty()) << "and it stays";
  folder_.write("x.sbn", "abd");
  EXPECT_EQ(scan().gone, Texts{"x.loads"});
}

// A phone gets what is served, whatever lies in the folder: "abc" at first, then "xyz".
TEST_F(LoadsTest, AListIsHeldAgainstTheContentThatIsServed) {
  assets_ = AssetFolder(folder_.path(), false, true, 64);
  folder_.write("x.sbn", "abc");
  scan();
  folder_.write("x.sbn", std::string(65, 'x'));  // too large: what it had is served
  folder_.write("x.loads", "x.sbn 3 900150983cd24fb0d6963f7d28e17f72\n");
  EXPECT_EQ(put(scan()).size(), 1u);
  ASSERT_EQ(faults_.size(), 1u);
  EXPECT_EQ(faults_[0].code, "too-large");
  folder_.write("x.sbn", "xyz");
  EXPECT_EQ(scan().gone, Texts{"x.loads"});
  folder_.write("x.loads", "x.sbn 3 d16fb36f0911f878998c136191af705e\n");
  EXPECT_EQ(put(scan()).size(), 1u);
}

TEST_F(LoadsTest, TheListBeforeIsServedOnAsLongAsItsFilesAreThere) {
  folder_.write("x.loads", "a.sbn\n");
  folder_.write("a.sbn", "a");
  scan();
  folder_.write("x.loads", "new.sbn\n");
  auto change = scan();
  EXPECT_TRUE(put(change).empty() && change.gone.empty());
  EXPECT_NE(faults_.at(0).text.find("its last content is served"), std::string::npos);
  std::filesystem::remove(folder_.file("a.sbn"));
  EXPECT_EQ(scan().gone, (Texts{"a.sbn", "x.loads"})) << "nothing of it can be ended now";
  folder_.write("new.sbn", "n");
  EXPECT_EQ(put(scan()), (Texts{"new.sbn=n", "x.loads=new.sbn\n"}));
  std::filesystem::remove(folder_.file("new.sbn"));
  EXPECT_EQ(scan().gone, (Texts{"new.sbn", "x.loads"}));
}

TEST_F(LoadsTest, BySettingItIsServedWithAWarning) {
  AssetFolder serves(folder_.path(), false, /*hold_loads=*/false);
  folder_.write("x.loads", "a.sbn\n");
  folder_.write("sub/y.loads", "c.sbn\n");
  folder_.write("sub/c.sbn", "c");
  folder_.write("z.loads", "\x80");
  const auto change = serves.scan({}, faults_);
  ASSERT_TRUE(change.ok());
  EXPECT_EQ(change->put.size(), 4u);
  ASSERT_EQ(faults_.size(), 1u);
  EXPECT_NE(faults_[0].text.find("a.sbn is not there"), std::string::npos);
}

}  // namespace
}  // namespace dialtone::assets
