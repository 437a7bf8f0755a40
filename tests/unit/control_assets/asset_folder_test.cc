// SPDX-License-Identifier: Apache-2.0
#include "control/assets/read_file.h"
#include "tests/unit/control_assets/scanned_folder.h"

#include <filesystem>
#include <fstream>
#include <string>

namespace dialtone::assets {
namespace {

namespace fs = std::filesystem;

using AssetFolderTest = ScannedFolder;

TEST_F(AssetFolderTest, TheFirstScanReadsTheWholeTree) {
  folder_.write("RingList.xml", "rings");
  folder_.write("Desktops/320x212x16/List.xml", "list");
  folder_.write("empty", "");
  const auto change = scan();
  EXPECT_EQ(put(change),
            (Texts{"desktops/320x212x16/list.xml=list", "empty=", "ringlist.xml=rings"}));
  EXPECT_TRUE(change.gone.empty());
  EXPECT_TRUE(faults_.empty());
  const auto& record = change.put.front().second.record();
  EXPECT_EQ(record.origin, abi::Origin::kAsset);
  EXPECT_GT(record.modified_s, 1600000000u);
}

TEST_F(AssetFolderTest, LaterScansBringOnlyWhatDiffers) {
  folder_.write("a", "1");
  folder_.write("b", "1");
  folder_.write("c", "1");
  scan();
  EXPECT_TRUE(put(scan()).empty());
  folder_.write("b", "22");
  fs::remove(folder_.path() + "/c");
  const auto change = scan();
  EXPECT_EQ(put(change), (Texts{"b=22"}));
  EXPECT_EQ(change.gone, (Texts{"c"}));
}

// As `cp -p` over it of a load that was packed with fixed times.
TEST_F(AssetFolderTest, NewContentWithTheOldSizeAndTimeIsRead) {
  folder_.write("a", "old");
  const auto time = fs::last_write_time(folder_.file("a"));
  scan();
  folder_.write("a", "new");
  fs::last_write_time(folder_.file("a"), time);
  EXPECT_EQ(put(scan()), (Texts{"a=new"}));
}

TEST_F(AssetFolderTest, AFileThatIsReplacedByRenameIsRead) {
  folder_.write("a", "old");
  scan();
  folder_.write(".a.part", "new");
  fs::rename(folder_.path() + "/.a.part", folder_.path() + "/a");
  EXPECT_EQ(put(scan()), (Texts{"a=new"}));
}

// It would take control's time, and the memory that others need.
TEST_F(AssetFolderTest, AFileThatIsTooLargeIsNotReadAndHoldsNoneOfTheOthers) {
  assets_ = AssetFolder(folder_.path(), false, true, std::uint64_t{1} << 20);
  folder_.write("grown", "old");
  scan();
  folder_.write("huge", "");
  folder_.write("new", "1");
  fs::resize_file(folder_.file("grown"), (std::uintmax_t{1} << 20) + 1);
  fs::resize_file(folder_.file("huge"), std::uintmax_t{1} << 40);
  EXPECT_EQ(put(scan()), (Texts{"new=1"}));
  ASSERT_EQ(faults_.size(), 2U);
  EXPECT_EQ(faults_[0].code, "too-large");
  EXPECT_EQ(faults_[0].text,
            "its last content is served: it has 1048577 bytes, and 'asset_max_mb' of [control] "
            "allows 1 MiB; take it away, or raise that");
  EXPECT_EQ(faults_[1].text.find("not served: it has 1099511627776 bytes"), 0U);
  fs::resize_file(folder_.file("grown"), 1);
  EXPECT_EQ(put(scan()), (Texts{"grown=o"}));
}

// It had fewer bytes when the folder was listed.
TEST_F(AssetFolderTest, AFileThatHasGrownAboveTheLimitIsNotReadEither) {
  folder_.write("grown", "");
  fs::resize_file(folder_.file("grown"), std::uintmax_t{1} << 31);
  image_build::SegmentStack stack;
  const auto done = read_file(folder_.file("grown"), folder_.path(), "grown",
                              abi::FileClass::kOther, std::uint64_t{1} << 20, stack);
  ASSERT_FALSE(done.ok());
  EXPECT_EQ(done.error().text.find("it has 2147483648 bytes"), 0U) << done.error().text;
}

TEST_F(AssetFolderTest, HiddenFilesAndFoldersAreLeftOut) {
  folder_.write(".RingList.xml.Xa3f", "half");
  folder_.write(".git/config", "x");
  folder_.write("seen", "x");
  EXPECT_EQ(put(scan()), (Texts{"seen=x"}));
}

TEST_F(AssetFolderTest, TwoNamesThatDifferInCaseAreAFaultAndTheFirstIsServed) {
  folder_.write("Load.sbn", "upper");
  folder_.write("load.SBN", "lower");
  EXPECT_EQ(put(scan()), (Texts{"load.sbn=upper"}));
  ASSERT_EQ(faults_.size(), 1u);
  EXPECT_EQ(faults_[0].code, "same-name");
  EXPECT_EQ(faults_[0].file, folder_.path() + "/load.SBN");
}

TEST_F(AssetFolderTest, ANameThatNobodyCanAskForIsAFault) {
  folder_.write("bad\x01name", "x");
  folder_.write("good", "x");
  EXPECT_EQ(put(scan()), (Texts{"good=x"}));
  ASSERT_EQ(faults_.size(), 1u);
  EXPECT_EQ(faults_[0].code, "bad-name");
}

TEST_F(AssetFolderTest, SymlinksToFilesAreFollowedBrokenOnesAreAFault) {
  folder_.write("target", "x");
  fs::create_symlink("target", folder_.path() + "/link");
  fs::create_symlink("nowhere", folder_.path() + "/broken");
  fs::create_directory_symlink(".", folder_.path() + "/loop");
  EXPECT_EQ(put(scan()), (Texts{"link=x", "target=x"}));
  ASSERT_EQ(faults_.size(), 1u);
  EXPECT_EQ(faults_[0].code, "unreadable");
}

TEST_F(AssetFolderTest, T15_SymlinksThatLeadOutsideAreAFault) {
  test::TempFolder elsewhere;
  elsewhere.write("secret", "s");
  elsewhere.write("b/secret", "s");
  folder_.write("a", "x");
  folder_.write("b/c", "y");
  fs::create_symlink(elsewhere.path() + "/secret", folder_.path() + "/absolute");
  fs::create_symlink("../../../../../../../etc/passwd", folder_.path() + "/b/relative");
  fs::create_symlink("../a", folder_.path() + "/b/within");
  EXPECT_EQ(put(scan()), (Texts{"a=x", "b/c=y", "b/within=x"}));
  ASSERT_EQ(faults_.size(), 2u);
  for (const Diagnostic& fault : faults_) {
    EXPECT_EQ(fault.code, "unreadable");
    EXPECT_NE(fault.text.find("leads out of the asset folder; copy"), std::string::npos);
  }
}

// A folder whose name only begins as this one's does is another one.
TEST_F(AssetFolderTest, T15_ASymlinkToASiblingIsAFaultToo) {
  const std::string sibling = folder_.path() + "-2";
  fs::create_directory(sibling);
  std::ofstream(sibling + "/secret") << "s";
  fs::create_symlink(sibling + "/secret", folder_.path() + "/link");
  EXPECT_EQ(put(scan()), Texts{});
  EXPECT_EQ(faults_.size(), 1u);
  fs::remove_all(sibling);
}

TEST_F(AssetFolderTest, T16_ANamedPipeHoldsNobodyUp) {
  ASSERT_EQ(::mkfifo((folder_.path() + "/pipe").c_str(), 0600), 0);
  folder_.write("a", "x");
  EXPECT_EQ(put(scan()), (Texts{"a=x"}));
}

TEST_F(AssetFolderTest, AFolderThatIsGoneIsAnErrorAndKeepsWhatWasRead) {
  folder_.write("a", "x");
  scan();
  const std::string away = folder_.path() + ".away";
  fs::rename(folder_.path(), away);
  EXPECT_FALSE(assets_.scan(before_, faults_).ok());
  fs::rename(away, folder_.path());
  const auto change = scan();
  EXPECT_TRUE(change.put.empty() && change.gone.empty());
}

TEST(FileClass, FollowsTheNamesThatPhonesUse) {
  EXPECT_EQ(class_of("ringlist.xml"), abi::FileClass::kRing);
  EXPECT_EQ(class_of("chime.raw"), abi::FileClass::kRing);
  EXPECT_EQ(class_of("sip88xx.12-8-1-0001-455.loads"), abi::FileClass::kLoad);
  EXPECT_EQ(class_of("desktops/320x212x16/list.xml"), abi::FileClass::kBackground);
  EXPECT_EQ(class_of("united_kingdom/g3-tones.xml"), abi::FileClass::kLocale);
  EXPECT_EQ(class_of("ctlsep001122334455.tlv"), abi::FileClass::kTrust);
  EXPECT_EQ(class_of("sep001122334455.cnf.xml"), abi::FileClass::kDeviceConfig);
  EXPECT_EQ(class_of("xmldefault.cnf.xml"), abi::FileClass::kDefaultConfig);
  for (const char* name :
       {"dialplan.xml", "dr0b36d0b4-2b3a.xml", "appdialrules.xml", "dirlookupdialrules.xml"}) {
    EXPECT_EQ(class_of(name), abi::FileClass::kDialPlan) << name;
  }
  for (const char* name : {"softkey.xml", "softkeys_std.xml", "sk0b36d0b4-2b3a.xml", "stdfp.xml",
                           "defaultfp0000000000-0b36.xml"}) {
    EXPECT_EQ(class_of(name), abi::FileClass::kSoftkey) << name;
  }
  for (const char* name : {"readme", "drums.xml", "skinny.xml", "dr.txt"}) {
    EXPECT_EQ(class_of(name), abi::FileClass::kOther) << name;
  }
}

}  // namespace
}  // namespace dialtone::assets
