// SPDX-License-Identifier: Apache-2.0
//
// Options as clients send them, and what is granted: the cases T30-T53 of
// facts/tftp-state-of-the-art 3.2.
#include "dataplane/tftp/options.h"

#include "dataplane/tftp/negotiation.h"
#include "tests/support/nul_text.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace dialtone::tftp {
namespace {

using test::nul;

constexpr TransferLimits kLimits{1468, 64, 65536};

// The OACK of a file of 9,000 bytes with '|' for NUL, "none" for DATA 1, "error" for ERROR 8.
std::string answer(const std::string& options, const TransferLimits& limits = kLimits,
                   std::uint64_t file_size = 9000) {
  AskedOptions asked;
  const std::string text = nul(options);
  if (!parse_options(text, asked)) {
    return "error";
  }
  Session session;
  session.length = file_size;
  session.timeout_us = 1'000'000;
  negotiate(asked, limits, session);
  if (!session.has(SessionFlag::kOackPending)) {
    EXPECT_EQ(session.block_size, 512);
    EXPECT_EQ(session.window, 1);
    return "none";
  }
  std::byte packet[kMaxOack];
  const std::size_t length = write_oack(packet, session);
  EXPECT_LE(length, kMaxOack);
  EXPECT_EQ(packet[0], std::byte{0});
  EXPECT_EQ(packet[1], std::byte{6});
  std::string out(reinterpret_cast<const char*>(packet) + 2, length - 2);
  std::replace(out.begin(), out.end(), '\0', '|');
  return out;
}

TEST(Options, ABlockSizeBelowTheBoundIsLeftOutT30Rfc2348) {
  for (const char* size : {"0", "1", "7"}) {
    EXPECT_EQ(answer(std::string("blksize|") + size + "|"), "none") << size;
  }
}

TEST(Options, ABlockSizeWithinTheBoundsIsGrantedT31Rfc2348) {
  for (const std::string size : {"8", "511", "512", "1428", "1468"}) {
    EXPECT_EQ(answer("blksize|" + size + "|"), "blksize|" + size + "|");
  }
}

TEST(Options, ALargeBlockSizeIsCutToTheLinkT32T33Rfc2348) {
  for (const char* size : {"1469", "65464", "65465", "100000"}) {
    EXPECT_EQ(answer(std::string("blksize|") + size + "|"), "blksize|1468|") << size;
  }
  EXPECT_EQ(answer("blksize|65535|", {65535, 64, 65536}), "blksize|65464|");
}

TEST(Options, WhatIsNoNumberIsLeftOutT34T35T36) {
  for (const char* size : {"-1", "abc", "0x200", "512abc", " 512", "+512", "", "512 ", "4294967808",
                           "18446744073709552128", "99999999999999999999999999"}) {
    EXPECT_EQ(answer(std::string("blksize|") + size + "|"), "none") << size;
  }
}

TEST(Options, NamesAreCaseBlindT37Rfc2347) {
  EXPECT_EQ(answer("BLKSIZE|1024|"), "blksize|1024|");
  EXPECT_EQ(answer("TSize|0|"), "tsize|9000|");
}

TEST(Options, AnOptionTwiceIsAnErrorT38Rfc2347) {
  EXPECT_EQ(answer("blksize|1024|blksize|512|"), "error");
  EXPECT_EQ(answer("tsize|0|BLKSIZE|1024|Tsize|0|"), "error");
  EXPECT_EQ(answer("blksize|abc|blksize|512|"), "error");
}

TEST(Options, UnknownOptionsAreLeftOutT39T40Rfc2347) {
  EXPECT_EQ(answer("foo|bar|"), "none");
  EXPECT_EQ(answer("foo|bar|blksize|1024|"), "blksize|1024|");
  EXPECT_EQ(answer("foo|bar|foo|bar|"), "none");
  EXPECT_EQ(answer("multicast||"), "none");
}

TEST(Options, AnIncompleteOneIsLeftOutT41) {
  EXPECT_EQ(answer("blksize|"), "none");
  EXPECT_EQ(answer("blksize|1024"), "none");
  EXPECT_EQ(answer("blksize"), "none");
  EXPECT_EQ(answer("tsize|0|blksize|1024"), "tsize|9000|");
}

TEST(Options, StrayNulsAreNoOptionsT10) {
  for (const char* text : {"", "|", "||||"}) {
    EXPECT_EQ(answer(text), "none") << text;
  }
}

TEST(Options, ManyAndLongOnesT42) {
  std::string many;
  for (int i = 0; i < 120; ++i) {
    many += "a|1|";
  }
  EXPECT_EQ(answer(many + "tsize|0|"), "tsize|9000|");
  EXPECT_EQ(answer(std::string(480, 'x') + "|1|"), "none");
}

TEST(Options, TheSizeIsTheRealOneT43T44Rfc2349) {
  EXPECT_EQ(answer("tsize|0|"), "tsize|9000|");
  EXPECT_EQ(answer("tsize|5|"), "tsize|9000|");
  EXPECT_EQ(answer("tsize|-1|"), "none");
  EXPECT_EQ(answer("tsize|0|", kLimits, std::uint64_t{5} << 30), "tsize|5368709120|");
}

TEST(Options, TheSizeOfAnEmptyFileIsLeftOutForCurl) {
  EXPECT_EQ(answer("tsize|0|", kLimits, 0), "none");
  EXPECT_EQ(answer("tsize|0|blksize|1024|", kLimits, 0), "blksize|1024|");
}

TEST(Options, TheTimeoutIsEchoedT47T48Rfc2349) {
  EXPECT_EQ(answer("timeout|1|"), "timeout|1|");
  EXPECT_EQ(answer("timeout|255|"), "timeout|255|");
  for (const char* seconds : {"0", "256", "abc", "1.0"}) {
    EXPECT_EQ(answer(std::string("timeout|") + seconds + "|"), "none") << seconds;
  }
}

TEST(Options, WindowsAreBoundedInBlocksAndBytesT49T50T51Rfc7440) {
  for (const std::string blocks : {"1", "8", "64"}) {
    EXPECT_EQ(answer("windowsize|" + blocks + "|"), "windowsize|" + blocks + "|");
  }
  for (const char* blocks : {"0", "65536", "abc"}) {
    EXPECT_EQ(answer(std::string("windowsize|") + blocks + "|"), "none") << blocks;
  }
  EXPECT_EQ(answer("windowsize|65535|"), "windowsize|64|");
  EXPECT_EQ(answer("windowsize|65535|blksize|65464|"), "blksize|1468|windowsize|44|");
  EXPECT_EQ(answer("windowsize|16|blksize|1428|", {1468, 64, 512}), "blksize|1428|windowsize|1|");
}

TEST(Options, ThoseOfPeersT53) {
  EXPECT_EQ(answer("utimeout|100000|"), "utimeout|100000|");
  EXPECT_EQ(answer("utimeout|9999|"), "none");
  EXPECT_EQ(answer("utimeout|100000|timeout|3|"), "timeout|3|");
  EXPECT_EQ(answer("rollover|0|"), "rollover|0|");
  EXPECT_EQ(answer("rollover|1|"), "rollover|1|");
  EXPECT_EQ(answer("rollover|2|"), "none");
  EXPECT_EQ(answer("blksize2|1400|"), "blksize2|1024|");
  EXPECT_EQ(answer("blksize2|1024|"), "blksize2|1024|");
  EXPECT_EQ(answer("blksize2|60000|"), "blksize2|1024|");
  EXPECT_EQ(answer("blksize2|1400|blksize|1428|"), "blksize|1428|");
}

TEST(Options, TheOrderMeansNothingRfc2347) {
  std::string options[] = {"blksize|1428|", "tsize|0|", "timeout|2|", "windowsize|4|"};
  std::sort(std::begin(options), std::end(options));
  do {
    EXPECT_EQ(answer(options[0] + options[1] + options[2] + options[3]),
              "blksize|1428|tsize|9000|timeout|2|windowsize|4|");
  } while (std::next_permutation(std::begin(options), std::end(options)));
}

}  // namespace
}  // namespace dialtone::tftp
