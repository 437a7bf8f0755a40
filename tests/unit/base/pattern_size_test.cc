// SPDX-License-Identifier: Apache-2.0
#include "dataplane/base/pattern_size.h"

#include <gtest/gtest.h>

#include <string>

namespace dialtone {
namespace {

TEST(PatternSize, LengthTimesRepetitionsIsBounded) {
  const std::string most(4096, 'a');
  for (const std::string& pattern :
       {std::string(), most, std::string("^([0-9a-f]{2}[:-]){5}[0-9a-f]{2}$"),
        std::string("a\\{99999}"), std::string("a{0}"), std::string("a{,3}"), std::string("a{")}) {
    EXPECT_EQ(pattern_size_fault(pattern), "") << pattern;
  }
  for (const std::string& pattern :
       {most + "a", std::string("a{255}{255}"), std::string("a{1,4096}"), std::string("(a{5000"),
        std::string("a{99999999999999999999}"), "(" + std::string(500, 'a') + "){9}"}) {
    EXPECT_NE(pattern_size_fault(pattern).find("may be 4096 at most"), std::string::npos)
        << pattern;
  }
}

}  // namespace
}  // namespace dialtone
