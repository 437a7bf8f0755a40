// SPDX-License-Identifier: Apache-2.0
//
// The readers of requests and options against a slow one (tests/support/plain_request.h): texts
// made of pieces that mean something, then spoilt.
#include "dataplane/tftp/message.h"
#include "dataplane/tftp/negotiation.h"
#include "dataplane/tftp/netascii.h"
#include "tests/support/plain_request.h"

#include <gtest/gtest.h>

#include <array>
#include <random>
#include <string>

namespace dialtone::tftp {
namespace {

using test::PlainRequest;

const char* const kPieces[] = {"blksize", "BLKSIZE",  "blksize2",   "tsize",    "TSize",
                               "timeout", "utimeout", "rollover",   "foo",      "windowsize",
                               "x",       "",         "windowsizE", "multicast"};
const char* const kValues[] = {"0",
                               "1",
                               "7",
                               "8",
                               "511",
                               "512",
                               "1428",
                               "65464",
                               "65465",
                               "65535",
                               "65536",
                               "255",
                               "256",
                               "9999",
                               "10000",
                               "255000000",
                               "255000001",
                               "-1",
                               "+1",
                               " 1",
                               "01",
                               "0x10",
                               "1a",
                               "",
                               "4294967295",
                               "4294967296",
                               "4294967808",
                               "18446744073709551615",
                               "18446744073709551616",
                               "99999999999999999999999999"};

template <std::size_t N>
std::string any(std::mt19937& random, const char* const (&of)[N]) {
  return of[random() % N];
}

std::string options_text(std::mt19937& random) {
  std::string text;
  for (auto count = random() % 5; count > 0; --count) {
    text += any(random, kPieces) + '\0' + any(random, kValues) + '\0';
  }
  for (auto faults = random() % 4 == 0 ? random() % 3 : 0; faults > 0 && !text.empty(); --faults) {
    const std::size_t at = random() % text.size();
    switch (random() % 3) {
      case 0:
        text.resize(at);
        break;
      case 1:
        text[at] = static_cast<char>(random());
        break;
      default:
        text.insert(at, 1, '\0');
    }
  }
  return text;
}

// What the server would say, and agree on, for the same.
struct Answer {
  std::string oack;
  std::uint64_t block_size;
  std::uint64_t window;
};
Answer answer(const AskedOptions& asked, const TransferLimits& limits, std::uint64_t file_size,
              bool netascii) {
  Session session;
  session.length = file_size;
  session.timeout_us = 1'000'000;
  if (netascii) {
    begin_text(session);
  }
  negotiate(asked, limits, session);
  Answer out{{}, session.block_size, session.window};
  if (session.has(SessionFlag::kOackPending)) {
    std::array<char, kMaxOack> packet;
    const std::size_t length =
        write_oack(std::as_writable_bytes(std::span(packet)).data(), session);
    out.oack.assign(packet.data() + 2, length - 2);
  }
  return out;
}

TEST(OptionsProperty, AgreeWithASlowReader) {
  std::mt19937 random(2347);
  std::size_t granted = 0;
  for (int round = 0; round < 20'000; ++round) {
    const std::string text = options_text(random);
    const PlainRequest plain = test::read_options_plainly(text);
    AskedOptions asked;
    const bool once = parse_options(text, asked);
    ASSERT_EQ(once, plain.fault == PlainRequest::Fault::kNone) << testing::PrintToString(text);
    if (!once) {
      continue;
    }
    const TransferLimits limits{static_cast<std::uint16_t>(8 + random() % 9000),
                                static_cast<std::uint8_t>(1 + random() % 255),
                                static_cast<std::uint32_t>(512 + random() % 100'000)};
    const std::uint64_t file_size = random() % 3 == 0 ? 0 : random();
    PlainRequest request = plain;
    request.netascii = random() % 4 == 0;
    const test::PlainGrant grant = test::grant_plainly(
        request, {limits.max_block_size, limits.max_window, limits.max_window_bytes}, file_size);
    const Answer got = answer(asked, limits, file_size, request.netascii);
    ASSERT_EQ(got.oack, grant.oack) << testing::PrintToString(text);
    ASSERT_EQ(got.block_size, grant.block_size);
    ASSERT_EQ(got.window, grant.window);
    granted += grant.oack.empty() ? 0 : 1;
  }
  EXPECT_GT(granted, 3'000U) << "the texts mean something";
}

TEST(RequestProperty, AgreesWithASlowReader) {
  std::mt19937 random(1350);
  const char* const kModes[] = {"octet", "OCTET", "netascii", "NetAscii", "mail", "octe", ""};
  std::size_t read = 0;
  for (int round = 0; round < 20'000; ++round) {
    std::string packet = std::string("\0\1", 2) + std::string(random() % 8, 'n') + '\0' +
                         any(random, kModes) + '\0' + options_text(random);
    if (random() % 8 == 0) {
      packet.resize(2 + random() % (packet.size() - 1));
    }
    if (random() % 16 == 0) {
      packet += std::string(500, 'p');
    }
    const PlainRequest plain = test::read_plainly(packet);
    const Request request = parse_request(std::as_bytes(std::span(packet.data(), packet.size())));
    const auto shown = testing::PrintToString(packet);
    ASSERT_EQ(request.fault == RequestFault::kMalformed,
              plain.fault == PlainRequest::Fault::kMalformed)
        << shown;
    ASSERT_EQ(request.fault == RequestFault::kMode, plain.fault == PlainRequest::Fault::kMode)
        << shown;
    if (request.fault == RequestFault::kNone) {
      ++read;
      ASSERT_EQ(request.name, plain.name) << shown;
      ASSERT_EQ(request.netascii, plain.netascii) << shown;
    }
  }
  EXPECT_GT(read, 5'000U) << "the packets mean something";
}

}  // namespace
}  // namespace dialtone::tftp
