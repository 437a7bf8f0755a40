// SPDX-License-Identifier: Apache-2.0
#include "dataplane/tftp/netascii.h"

#include "dataplane/tftp/transfer.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace dialtone::tftp {
namespace {

std::span<const std::byte> bytes_of(const std::string& text) {
  return std::as_bytes(std::span(text.data(), text.size()));
}

// The whole of it at once, said as RFC 764 does.
std::string translated(const std::string& text) {
  std::string out;
  for (const char letter : text) {
    if (letter == '\n') {
      out += "\r\n";
    } else if (letter == '\r') {
      out += std::string("\r\0", 2);
    } else {
      out += letter;
    }
  }
  return out;
}

// What a client gets, block by block; each block is sent `copies` times.
std::string fetched(const std::string& text, std::uint16_t block_size, int copies = 1) {
  Session session;
  session.content = bytes_of(text).data();
  session.length = text.size();
  session.block_size = block_size;
  begin(session, 0);
  begin_text(session);
  std::string out;
  std::string block(block_size, '?');
  for (int guard = 0; guard < 100000; ++guard) {
    std::size_t size = 0;
    for (int copy = 0; copy < copies; ++copy) {
      EXPECT_TRUE(may_send(session));
      size = write_text_block(session, std::as_writable_bytes(std::span(block)).data());
      on_sent(session);
      EXPECT_FALSE(may_send(session));
      if (copy + 1 < copies) {
        on_timeout(session, 0);
      }
    }
    out += block.substr(0, size);
    const auto outcome = on_ack(session, static_cast<std::uint16_t>(session.acked + 1), 0);
    if (outcome == AckOutcome::kFinished) {
      EXPECT_LT(size, block_size) << "a short block ends it";
      return out;
    }
    EXPECT_EQ(outcome, AckOutcome::kAdvanced);
    EXPECT_EQ(size, block_size);
  }
  return out;
}

TEST(Netascii, LinesAndCarriageReturnsT77Rfc1350) {
  for (const std::string& text : {std::string("a\nb"), std::string("a\rb"), std::string("a\r\nb"),
                                  std::string("\n"), std::string("\r"), std::string("end\n"),
                                  std::string(), std::string("a\0b", 3), std::string("\xff\xfe")}) {
    EXPECT_EQ(fetched(text, 512), translated(text));
  }
}

TEST(Netascii, APairMayLieAcrossTwoBlocksT77) {
  for (const char ending : {'\n', '\r'}) {
    for (const std::size_t before : {510U, 511U, 512U, 1022U, 1023U}) {
      const std::string text = std::string(before, 'x') + ending + "tail";
      EXPECT_EQ(fetched(text, 512), translated(text)) << before;
      EXPECT_EQ(fetched(text, 512, 3), translated(text)) << before << ", with copies";
    }
  }
}

TEST(Netascii, AWholeNumberOfBlocksEndsWithAnEmptyOneT71) {
  EXPECT_EQ(fetched(std::string(512, 'x'), 512), std::string(512, 'x'));
  EXPECT_EQ(fetched(std::string(256, '\n'), 512), translated(std::string(256, '\n')));
  EXPECT_EQ(fetched(std::string(511, 'x') + '\n', 512), translated(std::string(511, 'x') + '\n'));
}

TEST(Netascii, AgreesWithTheWholeAtEachBlockSize) {
  std::mt19937 random(11);
  for (int round = 0; round < 300; ++round) {
    std::string text(random() % 3000, ' ');
    for (char& letter : text) {
      letter = "ab\n\r"[random() % 4];
    }
    const auto block_size = static_cast<std::uint16_t>(8 + random() % 700);
    ASSERT_EQ(fetched(text, block_size, 1 + round % 2), translated(text)) << block_size;
  }
}

}  // namespace
}  // namespace dialtone::tftp
