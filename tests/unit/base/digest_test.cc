// SPDX-License-Identifier: Apache-2.0
#include "dataplane/base/digest.h"

#include <gtest/gtest.h>

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

}  // namespace
}  // namespace dialtone
