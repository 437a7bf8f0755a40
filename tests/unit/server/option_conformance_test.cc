// SPDX-License-Identifier: Apache-2.0
//
// Options: cases T30 to T56 of docs/tftp-conformance.md, and RFC 2347, 2348, 2349, 7440.
#include "tests/unit/server/conformance.h"

namespace dialtone::server {
namespace {

using test::Conformance;
using test::kTicksPerSecond;
using test::nul;
using test::Phone;
using test::ReplyView;
using test::Server;
using test::told;

constexpr const char* kPlain = "DATA 1 512 bytes";

class OptionConformance : public Conformance {
 protected:
  // The value of one option in the OACK; "left out".
  std::string granted(const std::string& name, const std::string& value) {
    const std::string got = options(name + "|" + value + "|");
    const std::string begin = "OACK " + name + "|";
    return got.starts_with(begin) ? got.substr(begin.size(), got.size() - begin.size() - 1)
           : got == kPlain        ? "left out"
                                  : got;
  }
};

TEST_P(OptionConformance, T30_Rfc2348_1_Rfc2348_2_BlockSizesBelow8AreLeftOut) {
  for (const char* size : {"0", "1", "7"}) {
    EXPECT_EQ(granted("blksize", size), "left out") << size;
  }
}

TEST_P(OptionConformance, T31_Rfc2348_1_BlockSizesOfTheLinkAreGranted) {
  for (const char* size : {"8", "511", "512", "1428", "1468"}) {
    EXPECT_EQ(granted("blksize", size), size);
  }
}

TEST_P(OptionConformance, T32_Rfc2348_2_LargeBlockSizesAreCutToTheMtu) {
  for (const char* size : {"1469", "8192", "65464"}) {
    EXPECT_EQ(granted("blksize", size), "1468") << size;
  }
}

// What a hop on the way carries is said by `mtu`: no packet is larger than that.
TEST_P(OptionConformance, S16_Rfc2348_2_BlocksFollowTheMtuOfTheNarrowestHop) {
  for (const std::uint16_t mtu : {576, 1280, 1400, 1500}) {
    Server narrow({.max_block_size = static_cast<std::uint16_t>(mtu - kPacketOverhead)});
    narrow.publish(&image.live());
    Phone one(narrow, test::kPhoneAddress);
    EXPECT_EQ(one.ask(kLongFile + "blksize|8192|"),
              "OACK blksize|" + std::to_string(mtu - kPacketOverhead) + "|");
    const auto data = narrow.send(one.to_transfer().ack(0));
    ASSERT_TRUE(data);
    EXPECT_EQ(data->size(), 14U + mtu);
  }
}

TEST_P(OptionConformance, T33_Rfc2348_1_BlockSizesAbove65464GetNoMoreThanThat) {
  for (const char* size : {"65465", "65535", "65536", "100000"}) {
    EXPECT_EQ(granted("blksize", size), "1468") << size;
  }
}

TEST_P(OptionConformance, T34_Rfc2347_7_ANegativeBlockSizeIsLeftOut) {
  EXPECT_EQ(granted("blksize", "-1"), "left out");
}

TEST_P(OptionConformance, T35_Rfc2347_7_WhatIsNoNumberIsLeftOut) {
  for (const char* size :
       {"abc", "0x200", "512abc", " 512", "512 ", "+512", "", "0512", "5.12e2"}) {
    EXPECT_EQ(granted("blksize", size), "left out") << size;
  }
}

TEST_P(OptionConformance, T36_Rfc2347_7_NoValueWrapsAround) {
  for (const char* size :
       {"4294967808", "18446744073709552128", "340282366920938463463374607431768211968"}) {
    EXPECT_EQ(granted("blksize", size), "left out") << size;
  }
  EXPECT_EQ(granted("timeout", "4294967297"), "left out");
  EXPECT_EQ(granted("windowsize", "65537"), "left out");
}

TEST_P(OptionConformance, T37_Rfc2347_1_NamesAreCaseBlind) {
  EXPECT_EQ(options("BLKSIZE|1024|"), "OACK blksize|1024|");
  EXPECT_EQ(options("TSize|0|wINDOWSIZE|4|"), "OACK tsize|9000|windowsize|4|");
}

TEST_P(OptionConformance, T38_Rfc2347_4_AnOptionTwiceIsError8) {
  EXPECT_EQ(options("blksize|1024|blksize|512|"), "ERROR 8");
  EXPECT_EQ(options("tsize|0|BLKSIZE|1024|TSIZE|0|"), "ERROR 8");
  EXPECT_EQ(options("blksize|abc|blksize|512|"), "ERROR 8");
}

TEST_P(OptionConformance, T39_Rfc2347_5_Rfc2347_9_AnUnknownOptionAloneIsPlain) {
  EXPECT_EQ(options("foo|bar|"), kPlain);
  EXPECT_EQ(server.count(Counter::kOacksSent), 0U);
}

TEST_P(OptionConformance, T40_Rfc2347_5_UnknownOptionsAreLeftOutOfTheOack) {
  EXPECT_EQ(options("foo|bar|blksize|1024|"), "OACK blksize|1024|");
  EXPECT_EQ(options("blksize|1024|foo|bar|foo|bar|"), "OACK blksize|1024|");
}

TEST_P(OptionConformance, T41_Rfc2347_1_Rfc2347_7_IncompleteOptionsAreLeftOut) {
  for (const char* text : {"blksize|", "blksize|1024", "blksize", "|1024|"}) {
    EXPECT_EQ(options(text), kPlain) << text;
  }
}

TEST_P(OptionConformance, T42_Rfc2347_5_ManyAndLongOptionsAreUnknownOnes) {
  std::string many;
  for (int i = 0; i < 110; ++i) {
    many += "x|" + std::to_string(i % 10) + "|";
  }
  EXPECT_EQ(options(many), kPlain);
  EXPECT_EQ(answer("a|octet|" + std::string(230, '|')), "DATA 1 hello");
  EXPECT_EQ(answer("a|octet|" + std::string(480, 'x') + "|1|"), "DATA 1 hello");
  EXPECT_EQ(answer("a|octet|utimeout|" + std::string(400, '9') + "|"), "DATA 1 hello");
}

TEST_P(OptionConformance, T43_Rfc2349_2_TheSizeIsTold) {
  EXPECT_EQ(granted("tsize", "0"), "9000");
}

TEST_P(OptionConformance, T44_Rfc2349_2_TheSizeIsTheRealOneWhateverIsAsked) {
  EXPECT_EQ(granted("tsize", "5"), "9000");
  EXPECT_EQ(granted("tsize", "18446744073709551615"), "9000");
}

TEST_P(OptionConformance, T45_Rfc2349_2_NoSizeIsToldOfATextToBeTranslated) {
  EXPECT_EQ(answer("two|netascii|tsize|0|"), kPlain);
  EXPECT_EQ(answer("two|netascii|tsize|0|blksize|100|"), "OACK blksize|100|");
}

TEST_P(OptionConformance, T46_Rfc2349_3_AWriteOfAnySizeIsError2) {
  EXPECT_EQ(answer("new|octet|tsize|999999999999|", 2), "ERROR 2");
  EXPECT_EQ(answer("new|octet|tsize|1|", 2), "ERROR 2");
}

TEST_P(OptionConformance, T47_Rfc2349_1_TheTimeoutIsEchoedAsItWasWritten) {
  for (const char* seconds : {"1", "3", "30", "255"}) {
    EXPECT_EQ(granted("timeout", seconds), seconds);
  }
}

TEST_P(OptionConformance, T48_Rfc2349_1_OtherTimeoutsAreLeftOut) {
  for (const char* seconds : {"0", "256", "abc", "1.0", "01"}) {
    EXPECT_EQ(granted("timeout", seconds), "left out") << seconds;
  }
}

TEST_P(OptionConformance, T49_Rfc7440_1_WindowsUpToTheBoundAreGranted) {
  for (const char* blocks : {"1", "8", "64"}) {
    EXPECT_EQ(granted("windowsize", blocks), blocks);
  }
}

TEST_P(OptionConformance, T50_Rfc7440_1_OtherWindowsAreLeftOut) {
  for (const char* blocks : {"0", "65536", "abc", "-1"}) {
    EXPECT_EQ(granted("windowsize", blocks), "left out") << blocks;
  }
}

TEST_P(OptionConformance, T51_Rfc7440_1_WindowsAreBoundedInBytes) {
  EXPECT_EQ(options("windowsize|65535|blksize|65464|"), "OACK blksize|1468|windowsize|44|");
  image.manifest().policy.max_window_bytes = 8192;
  Server bounded;
  bounded.publish(&image.live());
  Phone one(bounded, test::kPhoneAddress);
  EXPECT_EQ(one.ask(kLongFile + "windowsize|65535|blksize|1024|"),
            "OACK blksize|1024|windowsize|8|");
  EXPECT_EQ(one.blocks_for(0), "1 2 3 4 5 6 7 8");  // and then nothing without an ACK
  EXPECT_TRUE(bounded.run_timers().empty());
}

TEST_P(OptionConformance, T52_Rfc2347_6_TheOackHoldsOnlyWhatWasAsked) {
  EXPECT_EQ(options("windowsize|8|"), "OACK windowsize|8|");
  EXPECT_EQ(options("timeout|5|"), "OACK timeout|5|");
  EXPECT_EQ(options("tsize|0|"), "OACK tsize|9000|");
}

TEST_P(OptionConformance, T53_Rfc2090_OptionsOfPeersFollowTheirConvention) {
  EXPECT_EQ(options("multicast||"), kPlain);
  EXPECT_EQ(granted("utimeout", "100000"), "100000");
  EXPECT_EQ(granted("rollover", "0"), "0");
  EXPECT_EQ(granted("rollover", "1"), "1");
  EXPECT_EQ(granted("rollover", "2"), "left out");
  EXPECT_EQ(granted("blksize2", "1400"), "1024");
}

TEST_P(OptionConformance, T54_Rfc2347_10_Error8ForAnOackEndsItSilently) {
  Phone one = phone();
  EXPECT_EQ(one.ask(kLongFile + "blksize|1024|"), "OACK blksize|1024|");
  EXPECT_FALSE(server.send(one.to_transfer().error(8, "no")));
  EXPECT_EQ(server.sessions(), 0U);
  server.now += 10 * kTicksPerSecond;
  EXPECT_TRUE(server.run_timers().empty());
  EXPECT_EQ(server.count(Counter::kTransfersAborted), 1U);
}

TEST_P(OptionConformance, T55_Rfc2347_8_AnOackIsRepeatedSomeTimesAndNoDataComes) {
  phone().ask(kLongFile + "blksize|1024|");
  std::size_t copies = 0;
  for (int tenth = 0; tenth < 3000; ++tenth) {
    server.now += kTicksPerSecond / 10;
    for (const ReplyView& copy : server.unasked()) {
      EXPECT_EQ(told(copy), "OACK blksize|1024|");
      ++copies;
    }
  }
  EXPECT_GE(copies, 1U);
  EXPECT_LE(copies, image.manifest().policy.first_copies);
  EXPECT_EQ(server.sessions(), 0U);
}

TEST_P(OptionConformance, T56_Rfc2347_8_AfterAnOackOnlyAck0BringsData) {
  Phone one = phone();
  one.ask(kLongFile + "blksize|1024|");
  for (const std::uint16_t block : {1, 2, 40, 65535}) {
    EXPECT_EQ(one.blocks_for(block), "") << block;
  }
  EXPECT_EQ(server.count(Counter::kAcksFuture), 4U);
  EXPECT_EQ(one.blocks_for(0), "1");
  one.give_up();
}

TEST_P(OptionConformance, Rfc2347_3_TheOrderMeansNothing) {
  std::vector<std::string> asked = {"blksize|1428|", "tsize|0|", "timeout|2|", "windowsize|4|"};
  std::sort(asked.begin(), asked.end());
  int orders = 0;
  do {
    EXPECT_EQ(options(asked[0] + asked[1] + asked[2] + asked[3]),
              "OACK blksize|1428|tsize|9000|timeout|2|windowsize|4|");
    ++orders;
  } while (std::next_permutation(asked.begin(), asked.end()));
  EXPECT_EQ(orders, 24);
}

TEST_P(OptionConformance, Rfc2347_11_OptionsThatAreLeftOutHaveNoEffect) {
  Phone one = phone();
  const auto first = one.request(kLongFile + "blksize|7|windowsize|0|timeout|0|");
  EXPECT_EQ(told(first), kPlain);
  EXPECT_EQ(one.finish(first), long_text);  // in lock step, 512 bytes a block
}

TEST_P(OptionConformance, Rfc2347_12_EachTextOfAnOackEndsWithOneNul) {
  Phone one = phone();
  EXPECT_EQ(one.request(kLongFile + "blksize|1024|tsize|0|timeout|3|windowsize|4|").packet,
            nul("|\6blksize|1024|tsize|9000|timeout|3|windowsize|4|"));
  one.give_up();
}

TEST_P(OptionConformance, Rfc2348_3_TheEndIsABlockBelowTheAgreedSize) {
  OtherFiles sizes(4 << 20);
  const std::string bytes = test::pattern(3 * 1468 + 1);
  for (std::size_t block : {8U, 512U, 1428U, 1468U}) {
    for (std::size_t length : {3 * block - 1, 3 * block, 3 * block + 1}) {
      const std::string name = std::to_string(block) + "-" + std::to_string(length);
      sizes.add(name, bytes.substr(0, length));
    }
  }
  sizes.build();
  server.publish(&sizes.live());
  for (std::size_t block : {8U, 512U, 1428U, 1468U}) {
    for (std::size_t length : {3 * block - 1, 3 * block, 3 * block + 1}) {
      const std::string size = std::to_string(block);
      Phone one = phone();
      const auto first =
          one.request(size + "-" + std::to_string(length) + "|octet|blksize|" + size + "|");
      EXPECT_EQ(one.finish(first, block), bytes.substr(0, length)) << block << " " << length;
    }
  }
  EXPECT_EQ(server.count(Counter::kTransfersCompleted), 12U);
}

TEST_P(OptionConformance, Rfc2349_4_TheAgreedTimeoutIsTheOneThatIsUsed) {
  Phone one = phone();
  one.ask(kLongFile + "timeout|5|");
  EXPECT_EQ(one.blocks_for(0), "1");
  server.now += 5 * kTicksPerSecond - 1;
  EXPECT_TRUE(server.run_timers().empty());
  server.now += 2 * kTicksPerSecond;
  EXPECT_EQ(server.run_timers().size(), 1U);
  one.give_up();
}

INSTANTIATE_TEST_SUITE_P(Policy, OptionConformance, test::both_policies(), test::name_of_policy);

}  // namespace
}  // namespace dialtone::server
