// SPDX-License-Identifier: Apache-2.0
#include "dataplane/server/counters.h"

#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <string_view>

namespace dialtone::server {
namespace {

TEST(Counters, NamesAreUniqueAndPlain) {
  std::set<std::string_view> names;
  for (const abi::CounterInfo& info : counter_table()) {
    EXPECT_TRUE(names.insert(info.name).second) << info.name;
    EXPECT_EQ(info.name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_"),
              std::string_view::npos);
    EXPECT_EQ(info.help.back(), '.') << info.name;
  }
  EXPECT_EQ(names.size(), kCounterCount);
}

TEST(Counters, DropReasonsFollowTheCounters) {
  EXPECT_EQ(counter_table()[index_of(Counter::kFramesReceived)].name, "frames_received");
  EXPECT_EQ(counter_table()[index_of(DropReason::kTruncated)].name, "drop_truncated");
  EXPECT_EQ(counter_table()[index_of(DropReason::kSessionsExhausted)].name,
            "drop_sessions_exhausted");
}

// docs/reference.md has a row for each, with the same line of help.
TEST(Counters, TheReferenceListsEveryOne) {
  std::ifstream file(DIALTONE_SOURCE_DIR "/docs/reference.md");
  ASSERT_TRUE(file);
  std::ostringstream text;
  text << file.rdbuf();
  for (const abi::CounterInfo& info : counter_table()) {
    const std::string row =
        "| `" + std::string(info.name) + "` | " + std::string(info.help) + " |\n";
    EXPECT_NE(text.str().find(row), std::string::npos) << "missing in docs/reference.md:\n" << row;
  }
}

}  // namespace
}  // namespace dialtone::server
