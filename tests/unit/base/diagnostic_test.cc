// SPDX-License-Identifier: Apache-2.0
#include "dataplane/base/diagnostic.h"

#include <gtest/gtest.h>

namespace dialtone {
namespace {

TEST(Diagnostic, PrintsPlaceCodeAndText) {
  EXPECT_EQ(to_string(Diagnostic{"a.toml", 3, 7, "unknown-key", "no such key"}),
            "a.toml:3:7: unknown-key: no such key");
  EXPECT_EQ(to_string(Diagnostic{"a.toml", 3, 0, "type", "not a number"}),
            "a.toml:3: type: not a number");
  EXPECT_EQ(to_string(Diagnostic{"a.toml", 0, 0, "missing", "no table"}),
            "a.toml: missing: no table");
}

// They quote what others wrote: in a log, a line stays a line.
TEST(Diagnostic, PrintsNoControlCharacters) {
  EXPECT_EQ(
      to_string(Diagnostic{"a\n.toml", 3, 0, "bad-name", "'x\n\x1b[2J\xff' is no name"}),
      "a\xEF\xBF\xBD.toml:3: bad-name: 'x\xEF\xBF\xBD\xEF\xBF\xBD[2J\xEF\xBF\xBD' is no name");
}

TEST(Diagnostic, ErrorHoldsEveryOneOfThem) {
  const Error error = to_error(ErrorCode::kUsage, {{"f", 1, 0, "a", "x"}, {"f", 2, 0, "b", "y"}});
  EXPECT_EQ(error.code, ErrorCode::kUsage);
  EXPECT_EQ(error.text, "f:1: a: x\nf:2: b: y");
}

TEST(Diagnostic, NearestWordFindsTypingMistakesOnly) {
  EXPECT_EQ(nearest_word("adress", {"device", "address", "mac"}), "address");
  EXPECT_EQ(nearest_word("zzzzzz", {"device", "address", "mac"}), "");
}

TEST(Diagnostic, NearestWordIsNeverTheWordItself) {
  EXPECT_EQ(nearest_word("line1000.dn", {"line1000.dn"}), "");
  EXPECT_EQ(nearest_word("mac", {"mac", "mic"}), "mic");
}

// Its time grows with the product of the lengths, and the word may come out of a file.
TEST(Diagnostic, NearestWordOfALongWordIsNotLookedFor) {
  const std::string word(65, 'a');
  EXPECT_EQ(nearest_word(word, {word + "b"}), "");
  EXPECT_EQ(nearest_word(word.substr(1), {word}), word);
}

}  // namespace
}  // namespace dialtone
