// SPDX-License-Identifier: Apache-2.0
#include "bench/emu/storm/file_check.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace dialtone::emu {
namespace {

const std::string kBefore(1200, 'b');
const std::string kAfter(1300, 'a');

OriginFile state(const std::string& content, bool by_digest = false) {
  const auto bytes = std::as_bytes(std::span(content));
  OriginFile file{.bytes = content.size(), .digest = digest_of(bytes)};
  if (!by_digest) {
    file.content.assign(bytes.begin(), bytes.end());
  }
  return file;
}

FileVerdict verdict(const std::vector<OriginFile>& states, const std::string& content) {
  FileCheck check(states);
  for (std::size_t at = 0; at < content.size(); at += 512) {
    check.add(at, std::as_bytes(std::span(content))
                      .subspan(at, std::min<std::size_t>(512, content.size() - at)));
  }
  return check.finish(content.size());
}

TEST(FileCheck, OneOfTwoStatesIsRight) {
  for (const bool by_digest : {false, true}) {
    const std::vector<OriginFile> states{state(kBefore, by_digest), state(kAfter, by_digest)};
    EXPECT_EQ(verdict(states, kBefore), FileVerdict::kRight);
    EXPECT_EQ(verdict(states, kAfter), FileVerdict::kRight);
    EXPECT_EQ(verdict(states, kBefore + "x"), FileVerdict::kWrong);
  }
}

TEST(FileCheck, PartsOfBothAreTorn) {
  const std::string torn = kBefore.substr(0, 512) + kAfter.substr(512);
  EXPECT_EQ(verdict({state(kBefore), state(kAfter)}, torn), FileVerdict::kTorn);
  // By digests nobody can tell.
  EXPECT_EQ(verdict({state(kBefore, true), state(kAfter)}, torn), FileVerdict::kWrong);
  EXPECT_EQ(verdict({state(kBefore)}, torn), FileVerdict::kWrong);
}

TEST(FileCheck, AFileThatIsNowhereIsWrong) {
  EXPECT_EQ(verdict({}, kBefore), FileVerdict::kWrong);
}

TEST(FileCheck, AnEmptyFileIsRightWhereOneIsEmpty) {
  EXPECT_EQ(verdict({state("")}, ""), FileVerdict::kRight);
  EXPECT_EQ(verdict({state("", true)}, ""), FileVerdict::kRight);
  EXPECT_EQ(verdict({state(kBefore)}, ""), FileVerdict::kWrong);
  EXPECT_EQ(verdict({state(kBefore, true)}, ""), FileVerdict::kWrong);
}

TEST(FileCheck, ARestartForgets) {
  const std::vector<OriginFile> states{state(kBefore), state(kAfter)};
  FileCheck check(states);
  const std::string other(512, 'x');
  check.add(0, std::as_bytes(std::span(other)));
  check.restart();
  check.add(0, std::as_bytes(std::span(kAfter)));
  EXPECT_EQ(check.finish(kAfter.size()), FileVerdict::kRight);
}

}  // namespace
}  // namespace dialtone::emu
