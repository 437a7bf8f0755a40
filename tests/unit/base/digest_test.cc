// SPDX-License-Identifier: Apache-2.0
#include "dataplane/base/digest.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace dialtone {
namespace {

TEST(Digest, MatchesThePublishedValueOfTheEmptyInput) {
  // XXH3-128 of nothing with seed 0, from the xxHash specification's test vectors.
  EXPECT_EQ(to_hex(digest_of({})), "99aa06d3014798d86001c324468d497f");
}

TEST(Digest, StreamEqualsOneCall) {
  const std::string_view text = "SEP001122334455.cnf.xml and its bytes";
  const auto bytes = std::as_bytes(std::span(text));
  DigestStream stream;
  stream.update(bytes.first(5));
  stream.update(bytes.subspan(5));
  EXPECT_EQ(stream.finish(), digest_of(bytes));
}

// One call takes the widest registers that the machine has, a stream those of every machine. Around
// the sizes at which xxHash changes its way, and over its blocks of 1024 bytes.
TEST(Digest, AnyRegistersGiveTheSame) {
  std::string text(70'000, '\0');
  for (std::size_t i = 0; i < text.size(); ++i) {
    text[i] = static_cast<char>(i * 131 + i / 251);
  }
  const auto bytes = std::as_bytes(std::span(text));
  for (const std::size_t size : {0, 1, 16, 128, 240, 241, 255, 1024, 1025, 4096, 65'536, 69'999}) {
    for (const std::size_t begin : {0, 1}) {
      DigestStream stream;
      stream.update(bytes.subspan(begin, size));
      EXPECT_EQ(digest_of(bytes.subspan(begin, size)), stream.finish()) << size;
    }
  }
}

}  // namespace
}  // namespace dialtone
