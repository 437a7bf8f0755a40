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

TEST_F(OptionsTest, APrivateKeyIsNoneOfTheFilesThatAreServed) {
  folder_.write("assets/key.pem", "");
  const std::string assets = "[control]\nassets = \"" + folder_.file("assets") + "\"\n";
  read(assets + "[signing]\ncertificate = \"c\"\nkey = \"" + folder_.file("assets/key.pem") +
       "\"\n");
  EXPECT_NE(first_fault().find("put the private key elsewhere"), std::string::npos)
      << first_fault();
  EXPECT_TRUE(read(assets + "[signing]\ncertificate = \"c\"\nkey = \"k\"\n").signing.has_value());
  EXPECT_EQ(first_fault(), "");
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

TEST_F(OptionsTest, GenerationsAreKeptBesideTheDatabaseAndNeverServed) {
  const Options beside = read("[control]\ndatabase = \"run/phones.db\"\n");
  EXPECT_EQ(beside.generations, "run/phones.generations");
  EXPECT_EQ(beside.generations_kept, 20u);
  EXPECT_EQ(read("[control]\ndatabase = \"d.db\"\ngenerations_kept = 0\n").generations, "");
  const Options own =
      read("[control]\ndatabase = \"d.db\"\ngenerations = \"g\"\ngenerations_kept = 3\n");
  EXPECT_EQ(own.generations, "g");
  EXPECT_EQ(own.generations_kept, 3u);
  folder_.write("assets/x", "");
  const std::string assets = "[control]\nassets = \"" + folder_.file("assets") + "\"\n";
  EXPECT_EQ(read(assets).generations, "");
  EXPECT_EQ(read(assets + "database = \"" + folder_.file("assets/d.db") + "\"\n").generations, "");
  EXPECT_EQ(first_fault(), "");
  read(assets + "generations = \"" + folder_.file("assets/kept") + "\"\n");
  EXPECT_NE(first_fault().find("choose another one"), std::string::npos) << first_fault();
}

TEST_F(OptionsTest, TheProgramThatResetsPhonesIsOneThatCanBeRun) {
  const std::string control = "[control]\ndatabase = \"d\"\nreset_command = ";
  EXPECT_TRUE(read("[control]\ndatabase = \"d\"\n").reset_command.empty());
  EXPECT_EQ(read(control + "\"/bin/sh  -e x\"\n").reset_command,
            (std::vector<std::string>{"/bin/sh", "-e", "x"}));
  EXPECT_EQ(first_fault(), "");
  read(control + "\"sh\"\n");
  EXPECT_NE(first_fault().find("'sh' is not the full path of a program"), std::string::npos)
      << first_fault();
  EXPECT_NE(first_fault().find(":3:"), std::string::npos) << first_fault();
  read(control + "\"/bin/\"\n");
  EXPECT_NE(first_fault().find("'/bin/' is not the full path of a program"), std::string::npos)
      << first_fault();
}

TEST_F(OptionsTest, EveryEncoderThatCannotBeRunIsNamedAtItsLine) {
  read(
      "[control]\ndatabase = \"d\"\nencoder_ld = \"/bin/cat\"\nencoder_gk = \"cat\"\n"
      "encoder_cnf = \"/no/such -x\"\n");
  ASSERT_EQ(faults_.size(), 2U);
  EXPECT_EQ(faults_[0].line, 4U);
  EXPECT_EQ(faults_[1].line, 5U);
  EXPECT_EQ(faults_[1].text,
            "encoder '/no/such -x': its first word is not the full path of a program that can be "
            "run");
  EXPECT_EQ(read("[control]\ndatabase = \"d\"\nencoder_cnf = \"/bin/cat\"\n").encoders.cnf,
            "/bin/cat");
  EXPECT_EQ(first_fault(), "");
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
  EXPECT_EQ(options.asset_most, std::uint64_t{256} << 20);
  EXPECT_EQ(read("[control]\ndatabase = \"d\"\nasset_max_mb = 4000\n").asset_most,
            std::uint64_t{4000} << 20);
  EXPECT_EQ(first_fault(), "");
}

TEST_F(OptionsTest, WithoutAPolicyAllAreServedAsManyAsFit) {
  const Options options = read("[control]\ndatabase = \"x\"\n");
  EXPECT_EQ(first_fault(), "");
  EXPECT_EQ(options.policy.profile, "dialtone");
  const abi::Policy& policy = options.policy.served.policy;
  EXPECT_EQ(policy.max_sessions, 0u);
  EXPECT_EQ(policy.answers_busy, 0);
  EXPECT_EQ(policy.answers_denied, 0);
  EXPECT_EQ(policy.first_packets, 2u);
  EXPECT_FALSE(options.policy.answer_while_rebuilding);
  EXPECT_TRUE(options.policy.served.clients.empty());
}

TEST_F(OptionsTest, AProfileSetsCountAndAnswers) {
  struct Case {
    const char* name;
    std::uint32_t count;
    std::uint16_t code;
    const char* busy;
    const char* rebuilding;
  };
  for (const Case& c : {Case{"cm3", 30, 0, "Server is busy, try again later", "Disk Full"},
                        Case{"cm5", 200, 3, "Process Allocation Exceeded", "Disk Full"},
                        Case{"cm9", 200, 3, "Server is busy, try again later",
                             "Delay: rebuilding, try again later"},
                        Case{"cm12", 500, 3, "Server is busy, try again later",
                             "Delay: rebuilding, try again later"},
                        Case{"cm14", 500, 3, "Server is busy, try again later",
                             "Delay: rebuilding, try again later"}}) {
    const Options options =
        read(std::string("[control]\ndatabase = \"x\"\n[policy]\nprofile = \"") + c.name + "\"\n");
    EXPECT_EQ(first_fault(), "");
    const abi::Policy& policy = options.policy.served.policy;
    EXPECT_EQ(policy.max_sessions, c.count) << c.name;
    EXPECT_EQ(policy.answers_busy, 1) << c.name;
    EXPECT_EQ(policy.busy.code, c.code) << c.name;
    EXPECT_STREQ(policy.busy.text, c.busy);
    EXPECT_STREQ(policy.rebuilding.text, c.rebuilding);
  }
}

TEST_F(OptionsTest, SettingsOverrideTheProfile) {
  const Options options = read(
      "[control]\ndatabase = \"x\"\n[policy]\nprofile = \"cm5\"\nmax_serving_count = 3000\n"
      "when_full = \"wait\"\nbusy_code = 0\nbusy_text = \"later\"\nrebuilding_code = 9\n"
      "rebuilding_text = \"soon\"\nanswer_while_rebuilding = true\nallow = [\"10.0.0.0/8\"]\n"
      "deny = [\"10.1.0.0/16\", \"2001:db8::1\"]\nwhen_denied = \"error\"\n"
      "source_requests_per_second = 1\nprefix_requests_per_second = 2\nfirst_packets = 3\n"
      "unproven_kb = 4\nproven_s = 5\nretransmit_ms = 50\nretransmits = 20\nmax_window = 255\n"
      "max_window_bytes = 16777216\n");
  EXPECT_EQ(first_fault(), "");
  const abi::Policy& policy = options.policy.served.policy;
  EXPECT_EQ(policy.max_sessions, 3000u);
  EXPECT_EQ(policy.answers_busy, 0);
  EXPECT_EQ(policy.busy.code, 0);
  EXPECT_STREQ(policy.busy.text, "later");
  EXPECT_EQ(policy.rebuilding.code, 9);
  EXPECT_STREQ(policy.rebuilding.text, "soon");
  EXPECT_TRUE(options.policy.answer_while_rebuilding);
  EXPECT_EQ(options.policy.served.clients.size(), 5u);
  EXPECT_EQ(policy.answers_denied, 1);
  EXPECT_EQ(policy.source_requests, 1u);
  EXPECT_EQ(policy.prefix_requests, 2u);
  EXPECT_EQ(policy.first_packets, 3u);
  EXPECT_EQ(policy.unproven_bytes, 4096u);
  EXPECT_EQ(policy.proven_s, 5u);
  EXPECT_EQ(policy.retransmit_ms, 50u);
  EXPECT_EQ(policy.retransmits, 20u);
  EXPECT_EQ(policy.first_copies, 1u);
  EXPECT_EQ(policy.max_window, 255u);
  EXPECT_EQ(policy.max_window_bytes, 16u << 20);
}

// image_validate.h refuses more copies to who has not answered than to who has.
TEST_F(OptionsTest, WithoutCopiesThereIsNoneOfAFirstPacketEither) {
  const Options options = read("[control]\ndatabase = \"x\"\n[policy]\nretransmits = 0\n");
  EXPECT_EQ(first_fault(), "");
  EXPECT_EQ(options.policy.served.policy.retransmits, 0u);
  EXPECT_EQ(options.policy.served.policy.first_copies, 0u);
}

TEST_F(OptionsTest, FaultsOfAPolicySayWhatIsWrong) {
  struct Case {
    const char* line;
    const char* code;
    const char* says;
  };
  for (const Case& c : {
           Case{"profile = \"cm10\"", "bad-value", "cm1"},
           Case{"allow = \"10.0.0.0/8\"", "wrong-type", "list of prefixes"},
           Case{"allow = [\"10.0.0.1/8\"]", "bad-prefix", "10.0.0.1/8"},
           Case{"deny = [\"10.0.0.0/33\"]", "bad-prefix", "10.0.0.0/33"},
           Case{"allow = [\"10.0.0.0/08\"]", "bad-prefix", "no number that begins with 0"},
           Case{"deny = [\"::/0\", \"::/0\"]", "bad-prefix", "twice"},
           Case{"allow = [\"::ffff:10.0.0.0/8\"]", "bad-prefix", "without ::ffff:"},
           Case{"allow = [\"::ffff:10.0.0.0/104\", \"10.0.0.0/8\"]", "bad-prefix", "twice"},
           Case{"allow = [\"::/0\"]\ndeny = [\"::/0\"]", "bad-prefix", "'allow' as well"},
           Case{"when_full = \"maybe\"", "bad-value", "busy"},
           Case{"busy_text = \"a\\nb\"", "bad-value", "printable"},
           Case{"busy_code = 65536", "out-of-range", "65535"},
           Case{"proven_s = 0", "out-of-range", "1 to"},
           Case{"unproven_kb = -1", "out-of-range", "0 to 1048576"},
           Case{"unproven_kb = 1048577", "out-of-range", "0 to 1048576"},
           Case{"unproven_kb = 0.5", "wrong-type", "an integer"},
           Case{"retransmit_ms = 49", "out-of-range", "50 to 60000"},
           Case{"retransmits = 21", "out-of-range", "0 to 20"},
           Case{"max_window = 0", "out-of-range", "1 to 255"},
           Case{"max_window = 256", "out-of-range", "1 to 255"},
           Case{"max_window_bytes = 511", "out-of-range", "512 to 16777216"},
           Case{"answer_while_rebuilding = true", "bad-value", "dialtone serves while"},
           Case{"profile = \"cm3\"\nanswer_while_rebuilding = true", "bad-value", "cm3 serves"},
           Case{"profile = \"cm4\"\nanswer_while_rebuilding = true", "bad-value", "cm4"},
           Case{"allow = []", "bad-value", "nobody"},
           Case{"deny = [\"0.0.0.0/0\", \"::/0\"]", "bad-value", "nobody"},
           Case{"deny = [\"::/1\", \"8000::/1\", \"0.0.0.0/1\", \"128.0.0.0/1\"]", "bad-value",
                "nobody"},
           Case{"allow = [\"10.0.0.0/8\"]\ndeny = [\"10.0.0.0/9\", \"10.128.0.0/9\"]", "bad-value",
                "'allow' lets in"},
           Case{"allow = [\"10.0.0.0/08\"]\ndeny = [\"0.0.0.0/0\", \"::/0\"]", "bad-prefix", "08"},
           Case{"alow = []", "unknown-key", "allow"},
       }) {
    read(std::string("[control]\ndatabase = \"x\"\n[policy]\n") + c.line + "\n");
    ASSERT_EQ(faults_.size(), 1u) << c.line << first_fault();
    EXPECT_EQ(faults_[0].code, c.code) << c.line;
    EXPECT_NE(faults_[0].text.find(c.says), std::string::npos) << first_fault();
  }
}

TEST_F(OptionsTest, APrefixThatIsAllowedAndDeniedIsToldAtItsEntry) {
  read(
      "[control]\ndatabase = \"x\"\n[policy]\nallow = [\"10.0.0.0/8\", \"2001:db8::/32\"]\n"
      "deny = [\n  \"10.0.0.1/8\",\n  \"10.1.0.0/16\",\n  \"10.2.0.0/16\", "
      "\"2001:DB8::/32\",\n]\n");
  ASSERT_EQ(faults_.size(), 2u);
  EXPECT_EQ(faults_[0].line, 6u) << first_fault();
  EXPECT_EQ(faults_[1].line, 8u);
  EXPECT_EQ(faults_[1].column, 18u);
  EXPECT_EQ(faults_[1].text, "2001:db8::/32 is in 'allow' as well; take it out of one");
}

TEST_F(OptionsTest, ADenyThatLeavesSomebodyIsNone) {
  for (const char* lists : {"deny = [\"0.0.0.0/0\"]", "deny = [\"::/0\"]",
                            "allow = [\"10.0.0.1\"]\ndeny = [\"0.0.0.0/0\", \"::/0\"]"}) {
    read(std::string("[control]\ndatabase = \"x\"\n[policy]\n") + lists + "\n");
    EXPECT_TRUE(faults_.empty()) << lists << ": " << first_fault();
  }
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
