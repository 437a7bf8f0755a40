// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/generator/golden.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

namespace dialtone::test {

void expect_golden(const std::string& file, const std::string& text) {
  const std::string path = std::string(DIALTONE_TEST_DATA "/golden/") + file;
  if (std::getenv("DIALTONE_UPDATE_GOLDEN") != nullptr) {
    std::ofstream(path, std::ios::binary) << text;
  }
  std::ifstream in(path, std::ios::binary);
  std::stringstream golden;
  golden << in.rdbuf();
  EXPECT_EQ(text, golden.str()) << "differs from " << path;
}

}  // namespace dialtone::test
