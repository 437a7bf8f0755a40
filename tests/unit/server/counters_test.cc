// SPDX-License-Identifier: Apache-2.0
#include "dataplane/server/counters.h"

#include "dataplane/abi/cisco_counters.h"

#include <gtest/gtest.h>
#include <strings.h>

#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <string_view>

namespace dialtone::server {
namespace {

std::string reference() {
  std::ifstream file(DIALTONE_SOURCE_DIR "/docs/reference.md");
  EXPECT_TRUE(file);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

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

TEST(Counters, CiscosAreSumsOfOnesThatExist) {
  std::set<std::string_view> names;
  for (const abi::CounterInfo& info : counter_table()) {
    names.insert(info.name);
  }
  std::string_view before;
  for (const abi::CiscoCounter& counter : abi::cisco_counters()) {
    abi::for_each_part(counter, [&](std::string_view part) {
      EXPECT_TRUE(names.contains(part)) << counter.name << ": " << part;
    });
    EXPECT_EQ(counter.help.back(), '.') << counter.name;
    EXPECT_LT(strcasecmp(std::string(before).c_str(), std::string(counter.name).c_str()), 0);
    before = counter.name;
  }
}

TEST(Counters, TheReferenceListsCiscosToo) {
  const std::string text = reference();
  for (const abi::CiscoCounter& counter : abi::cisco_counters()) {
    std::string row = "| `" + std::string(counter.name) + "` | ";
    std::string ours;
    abi::for_each_part(counter, [&](std::string_view part) {
      ours += (ours.empty() ? "`" : ", `") + std::string(part) + "`";
    });
    row += (ours.empty() ? "0" : ours) + " | " + std::string(counter.help) + " |\n";
    EXPECT_NE(text.find(row), std::string::npos) << "missing in docs/reference.md:\n" << row;
  }
}

// docs/reference.md has a row for each, with the same line of help.
TEST(Counters, TheReferenceListsEveryOne) {
  const std::string text = reference();
  for (const abi::CounterInfo& info : counter_table()) {
    const std::string row =
        "| `" + std::string(info.name) + "` | " + std::string(info.help) + " |\n";
    EXPECT_NE(text.find(row), std::string::npos) << "missing in docs/reference.md:\n" << row;
  }
}

}  // namespace
}  // namespace dialtone::server
