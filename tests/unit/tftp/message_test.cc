// SPDX-License-Identifier: Apache-2.0
#include "dataplane/tftp/message.h"

#include "tests/support/nul_text.h"

#include <gtest/gtest.h>

#include <string>

namespace dialtone::tftp {
namespace {

using test::nul;

Request parse(const std::string& text) {
  const std::string packet = std::string("\0\1", 2) + text;
  return parse_request(std::as_bytes(std::span(packet.data(), packet.size())));
}

TEST(ParseRequest, OctetInAnyCaseT08) {
  for (const char* mode : {"octet", "OCTET", "OcTeT"}) {
    EXPECT_EQ(parse(nul("a|" + std::string(mode) + "|")).fault, RequestFault::kNone) << mode;
  }
}

TEST(ParseRequest, NetasciiInAnyCaseT08) {
  const Request request = parse(nul("a|NetASCII|"));
  EXPECT_EQ(request.fault, RequestFault::kNone);
  EXPECT_TRUE(request.netascii);
  EXPECT_FALSE(parse(nul("a|octet|")).netascii);
}

TEST(ParseRequest, StrayNulsAndOptionsBehindTheModeAreIgnoredT10Rfc2347) {
  for (const char* rest : {"|", "||||", "|blksize|1428|tsize|0|", "|blksize", "|blksize|"}) {
    EXPECT_EQ(parse(nul("name|octet" + std::string(rest))).fault, RequestFault::kNone) << rest;
  }
}

TEST(ParseRequest, MissingNulOrModeIsMalformedT05T06) {
  for (const char* text : {"", "f", "f|", "f|octet", "f||", "|", "||"}) {
    EXPECT_EQ(parse(nul(text)).fault, RequestFault::kMalformed) << text;
  }
}

TEST(ParseRequest, OtherModesT09) {
  for (const std::string& mode :
       {std::string("netasci"), std::string("mail"), std::string("octe"), std::string("octets"),
        std::string("bogus"), std::string(300, 'x'), std::string("/ctet")}) {
    EXPECT_EQ(parse(nul("f|" + mode + "|")).fault, RequestFault::kMode) << mode;
  }
}

TEST(ParseRequest, At512BytesReadAbove512MalformedT12Rfc2347) {
  const std::string base = nul("f|octet|");
  EXPECT_EQ(parse(base + std::string(510 - base.size(), '\0')).fault, RequestFault::kNone);
  EXPECT_EQ(parse(base + std::string(511 - base.size(), '\0')).fault, RequestFault::kMalformed);
}

TEST(ParseRequest, EmptyNameIsLeftToTheLookupT07) {
  const Request request = parse(nul("|octet|"));
  EXPECT_EQ(request.fault, RequestFault::kNone);
  EXPECT_TRUE(request.name.empty());
}

TEST(WriteError, CutsALongTextAndEndsWithNul) {
  std::string out(80, 'x');
  auto* bytes = reinterpret_cast<std::byte*>(out.data());
  EXPECT_EQ(write_error(bytes, 1, "gone"), 9U);
  EXPECT_EQ(out.substr(0, 9), std::string("\0\5\0\1gone\0", 9));
  EXPECT_EQ(write_error(bytes, 1, std::string(100, 'a')), 4U + 63 + 1);
  EXPECT_EQ(out[67], '\0');
  EXPECT_EQ(out[68], 'x');
}

}  // namespace
}  // namespace dialtone::tftp
