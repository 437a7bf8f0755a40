// SPDX-License-Identifier: Apache-2.0
#include "control/daemon/options.h"

#include "tests/support/temp_folder.h"

#include <gtest/gtest.h>

#include <string>

namespace dialtone::daemon {
namespace {

class OptionsTest : public testing::Test {
 protected:
  Options read(const std::string& text) {
    folder_.write("dialtone.toml", text);
    faults_.clear();
    return read_options(folder_.file("dialtone.toml"), faults_);
  }
  std::string first_fault() const { return faults_.empty() ? "" : to_string(faults_.front()); }

  test::TempFolder folder_;
  Diagnostics faults_;
};

TEST_F(OptionsTest, ADatabaseAloneIsEnough) {
  const Options options = read("[control]\ndatabase = \"phones.db\"\n");
  EXPECT_EQ(first_fault(), "");
  EXPECT_EQ(options.database, "phones.db");
  EXPECT_EQ(options.assets, "");
  EXPECT_EQ(options.socket, "run/control.sock");
  EXPECT_EQ(options.dataplane, "run/dataplane.sock");
  EXPECT_GE(options.threads, 1);
  EXPECT_TRUE(options.huge_pages);
}

TEST_F(OptionsTest, MissesAreAnsweredAtOnceUnlessAskedFor) {
  EXPECT_FALSE(read("[control]\ndatabase = \"d\"\n").asks_for_misses);
  const Options asks = read(
      "[control]\ndatabase = \"d\"\nmisses = \"ask\"\nmiss_park_ms = 2000\nmiss_wait_ms = 50\n");
  EXPECT_EQ(first_fault(), "");
  EXPECT_TRUE(asks.asks_for_misses);
  EXPECT_EQ(asks.miss_park_ms, 2000U);
  EXPECT_EQ(asks.miss_wait_ms, 50U);
  read("[control]\ndatabase = \"d\"\nmisses = \"ask\"\nmiss_park_ms = 50\n");
  EXPECT_NE(first_fault().find("not below 'miss_park_ms'"), std::string::npos) << first_fault();
  read("[control]\ndatabase = \"d\"\nmisses = \"later\"\n");
  EXPECT_NE(first_fault(), "");
}

TEST_F(OptionsTest, EveryKeyIsRead) {
  folder_.write("assets/x", "");
  const Options options = read("[control]\nassets = \"" + folder_.file("assets") +
                               "\"\nsocket = \"c\"\ndataplane = \"d\"\nthreads = 3\n"
                               "hugepages = false\nlog_level = \"debug\"\n[dataplane]\nany = 1\n");
  EXPECT_EQ(first_fault(), "");
  EXPECT_EQ(options.assets, folder_.file("assets"));
  EXPECT_EQ(options.socket, "c");
  EXPECT_EQ(options.dataplane, "d");
  EXPECT_EQ(options.threads, 3);
  EXPECT_FALSE(options.huge_pages);
  EXPECT_EQ(options.log_level, "debug");
}

TEST_F(OptionsTest, NothingToServeIsAFault) {
  read("[control]\nthreads = 2\n");
  ASSERT_EQ(faults_.size(), 1u);
  EXPECT_EQ(faults_[0].code, "missing-key");
}

TEST_F(OptionsTest, AllFaultsAreReportedWithTheirLines) {
  read("[control]\ndatabse = \"x\"\nassets = \"/nowhere\"\nthreads = 0\n");
  std::string all;
  for (const Diagnostic& fault : faults_) {
    all += std::to_string(fault.line) + " " + fault.code + "\n";
  }
  EXPECT_NE(all.find("2 unknown-key"), std::string::npos) << all;
  EXPECT_NE(all.find("3 bad-value"), std::string::npos) << all;
  EXPECT_NE(all.find("4 "), std::string::npos) << all;
}

TEST_F(OptionsTest, TheTwoSocketsMustDiffer) {
  read("[control]\ndatabase = \"x\"\nsocket = \"s\"\ndataplane = \"s\"\n");
  ASSERT_EQ(faults_.size(), 1u);
  EXPECT_NE(faults_[0].text.find("same file"), std::string::npos);
}

TEST_F(OptionsTest, AFileThatIsNotThereIsOneFault) {
  read_options(folder_.file("none.toml"), faults_);
  EXPECT_EQ(faults_.size(), 1u);
}

}  // namespace
}  // namespace dialtone::daemon
