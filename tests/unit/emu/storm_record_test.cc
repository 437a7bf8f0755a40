// SPDX-License-Identifier: Apache-2.0
//
// What run.jsonl and meta.json hold of a storm, one that was interrupted in the middle: a phone
// that is ready, one without a file, one that waits for an answer, and one that waits for its
// power.
#include "bench/emu/storm/storm_record.h"

#include "bench/emu/report/run_data.h"
#include "dataplane/config/address_text.h"
#include "tests/support/temp_folder.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace dialtone::emu {
namespace {

using nlohmann::json;

constexpr Micros kBegan = 1'000'000;  // the zero of the plan
constexpr std::string_view kConfig = "<device/>";

std::string text_of(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

std::vector<json> lines_of(const std::string& path) {
  std::vector<json> lines;
  std::istringstream in(text_of(path));
  for (std::string line; std::getline(in, line);) {
    lines.push_back(json::parse(line));
  }
  return lines;
}

std::string packet(int opcode, int number, std::string_view rest) {
  return std::string{0, static_cast<char>(opcode), 0, static_cast<char>(number)} +
         std::string(rest);
}

// Phones whose server answers at once, or never.
class Storm final : public PhonePackets {
 public:
  explicit Storm(std::uint32_t phones)
      : plan(*plan_campus({.phones = phones, .power = "ramp", .window_s = 4})) {
    rules.packets = this;
    rules.fates = &fates;
  }

  // Each answer comes a millisecond after what it answers.
  void boot(std::size_t phone, bool has_file) {
    Micros now = power_on(phone);
    while (!plan.phones[phone].is_over()) {
      now += 1000;
      const std::string request = std::exchange(sent_, "");
      const bool is_found = has_file && request.find(".cnf.xml") != std::string::npos;
      const std::string answer =
          is_found ? packet(3, 1, kConfig) : packet(5, 1, std::string_view("no\0", 3));
      plan.phones[phone].on_packet(rules, 3000, port_, std::as_bytes(std::span(answer)), now);
    }
  }
  // Nobody answers.
  Micros power_on(std::size_t phone) {
    const Micros now = kBegan + plan.phones[phone].planned();
    plan.phones[phone].power_on(rules, kBegan, now);
    return now;
  }
  json interrupted() {
    for (StormPhone& phone : plan.phones) {
      phone.end_run(rules);
    }
    return storm_document(plan, {counts, fates, StormEnd::kInterrupted}, {{"seed", 1}});
  }

  CampusPlan plan;
  StormRules rules{};
  Fates fates{};
  GeneratorCounts counts{};

 private:
  void send(const StormPhone&, std::uint16_t, std::uint16_t from_port,
            std::span<const std::byte> payload) override {
    sent_.assign(reinterpret_cast<const char*>(payload.data()), payload.size());
    port_ = from_port;
  }

  std::string sent_{};
  std::uint16_t port_ = 0;
};

// Of four phones, a second between each two.
class StormRecord : public testing::Test {
 protected:
  StormRecord() {
    storm.boot(0, true);
    storm.boot(1, false);
    storm.power_on(2);
    storm.counts.total = 3'500'000;
    document = storm.interrupted();
  }

  Storm storm{4};
  json document;
  const test::TempFolder folder;
};

TEST_F(StormRecord, TheWholeCountsEachPhoneAndEachRequestOnce) {
  EXPECT_EQ(document["phones"], 4);
  EXPECT_EQ(document["ready"], 1);
  EXPECT_EQ(document["failed"], 3) << "who is not ready";
  EXPECT_EQ(document["outcomes"]["ready"], 1);
  EXPECT_EQ(document["outcomes"]["failed"], 1);
  EXPECT_EQ(document["outcomes"]["booting"], 1);
  EXPECT_EQ(document["outcomes"]["waiting"], 1);
  EXPECT_EQ(document["ended"], "interrupted");
  EXPECT_EQ(document["seconds"], 3.5);
  EXPECT_EQ(document["files"], 1);
  EXPECT_EQ(document["bytes"], kConfig.size());
  EXPECT_EQ(document["conditions"], (json{{"seed", 1}}));
  const json& sums = document["fates"]["sums"];
  EXPECT_EQ(sums["served"], 1);
  EXPECT_EQ(sums["open"], 1) << "the request of the phone that was interrupted";
  EXPECT_EQ(sums["not_found"], document["not_found"]);
  std::uint32_t all = 0;
  for (const json& sum : sums) {
    all += sum.get<std::uint32_t>();
  }
  EXPECT_EQ(document["requests"], all);
  EXPECT_EQ(document["unaccounted"], 0);
  // By the second in which they were sent: one phone has its power in each.
  EXPECT_EQ(document["fates"]["seconds"].size(), 3u);
  EXPECT_EQ(document["fates"]["seconds"][2], json::array({0, 0, 0, 0, 0, 1}));
}

TEST_F(StormRecord, PhasesAreOfThoseThatHavePassedThem) {
  const json& phases = document["phases"];
  EXPECT_EQ(phases["first_answer"]["count"], 2);
  EXPECT_EQ(phases["first_answer"]["max_ms"], 1.0);
  EXPECT_EQ(phases["config"]["count"], 1);
  EXPECT_EQ(phases["ready"]["count"], 1);
  EXPECT_EQ(phases["ready"]["p50_ms"], phases["ready"]["max_ms"]);
  Storm nobody(1);
  const json empty = nobody.interrupted()["phases"]["ready"];
  EXPECT_EQ(empty, (json{{"count", 0}})) << "a percentile of nobody would be a claim that holds";
}

TEST_F(StormRecord, AnInterruptedStormIsKeptWhole) {
  ASSERT_TRUE(prepare_record(folder.file("new/run")));
  ASSERT_TRUE(write_record(folder.file("new/run"), storm.plan, document));
  EXPECT_EQ(json::parse(text_of(folder.file("new/run/meta.json"))), document);
  EXPECT_TRUE(text_of(folder.file("new/run/run.jsonl")).ends_with("}\n"));
  const std::vector<json> lines = lines_of(folder.file("new/run/run.jsonl"));
  ASSERT_EQ(lines.size(), 4u);
  std::uint32_t requests = 0;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    EXPECT_EQ(lines[i]["mac"], config::mac_text(storm.plan.phones[i].mac().bytes));
    EXPECT_EQ(lines[i]["model"], "7941");
    EXPECT_EQ(lines[i]["planned_us"], i * 1'000'000);
    requests += lines[i]["requests"].get<std::uint32_t>();
  }
  EXPECT_EQ(document["requests"], requests);
  const json& ready = lines[0];
  EXPECT_EQ(ready["outcome"], "ready");
  EXPECT_EQ(ready["first_answer_us"], 1000);
  EXPECT_EQ(ready["ready_us"], ready["config_us"]);
  EXPECT_EQ(ready["config_us"], 1000 * ready["requests"].get<int>()) << "one answer for each";
  EXPECT_EQ(ready["files"], 1);
  EXPECT_EQ(lines[1]["outcome"], "failed");
  EXPECT_EQ(lines[2]["outcome"], "booting");
  EXPECT_EQ(lines[2]["first_answer_us"], 0);
  EXPECT_EQ(lines[3]["outcome"], "waiting");
  EXPECT_EQ(lines[3]["requests"], 0);
}

// Who reads it holds the two files against each other.
TEST_F(StormRecord, TheReportReadsIt) {
  ASSERT_TRUE(write_record(folder.path(), storm.plan, document));
  const auto run = read_run(folder.path());
  ASSERT_TRUE(run) << run.error().text;
  EXPECT_EQ(run->phones.size(), 4u);
  EXPECT_EQ(run->sorted(3).size(), 1u);
  EXPECT_EQ(run->meta["ended"], "interrupted");
}

TEST_F(StormRecord, TakesTheFolderOfALongerOne) {
  Storm shorter(2);
  ASSERT_TRUE(write_record(folder.path(), storm.plan, document));
  ASSERT_TRUE(write_record(folder.path(), shorter.plan, shorter.interrupted()));
  EXPECT_EQ(lines_of(folder.file("run.jsonl")).size(), 2u);
  EXPECT_TRUE(read_run(folder.path()));
}

TEST_F(StormRecord, NamesOfTheNetworkAreNeverBrokenText) {
  CampusPlan plan;
  plan.scripts.push_back(
      std::make_unique<BootScript>(BootScript::of_names({"caf\xe9\"\n", "other"})));
  plan.phones.emplace_back(*plan.scripts.back(), storm.plan.phones[0].mac(), 0);
  plan.models.emplace_back("recorded");
  plan.phones[0].power_on(storm.rules, kBegan, kBegan);
  ASSERT_TRUE(write_record(folder.path(), plan, document));
  EXPECT_EQ(lines_of(folder.file("run.jsonl")).at(0)["file"], "caf\xef\xbf\xbd\"\n");
}

TEST_F(StormRecord, AFolderThatCannotBeIsRefusedBeforeTheStorm) {
  folder.write("file", "");
  const auto bad = prepare_record(folder.file("file/run"));
  ASSERT_FALSE(bad);
  EXPECT_NE(bad.error().text.find("--record"), std::string::npos);
  EXPECT_NE(bad.error().text.find(folder.file("file/run")), std::string::npos);
}

// And what lay there stays: two files that belong together.
TEST_F(StormRecord, AFullDiskIsSaidAndLeavesTheEarlierRecord) {
  for (const std::string name : {"run.jsonl", "meta.json"}) {
    const test::TempFolder full;
    ASSERT_TRUE(write_record(full.path(), storm.plan, document));
    std::filesystem::create_symlink("/dev/full", full.file(name + ".new"));
    Storm shorter(2);
    const auto written = write_record(full.path(), shorter.plan, shorter.interrupted());
    ASSERT_FALSE(written) << name;
    EXPECT_EQ(written.error().text, "--record: writing " + full.file(name) +
                                        ".new (nothing of it is kept): No space left on device");
    EXPECT_EQ(lines_of(full.file("run.jsonl")).size(), 4u) << name;
    EXPECT_EQ(json::parse(text_of(full.file("meta.json"))), document) << name;
    EXPECT_FALSE(std::filesystem::exists(full.file("run.jsonl.new"))) << name;
    EXPECT_FALSE(std::filesystem::exists(full.file("meta.json.new"))) << name;
  }
}

TEST_F(StormRecord, WhatIsPreparedLeavesNothingAndNothingIsLost) {
  ASSERT_TRUE(write_record(folder.path(), storm.plan, document));
  ASSERT_TRUE(prepare_record(folder.path()));
  EXPECT_TRUE(read_run(folder.path())) << "the storm may find no server";
  ASSERT_TRUE(prepare_record(folder.file("new")));
  EXPECT_TRUE(std::filesystem::is_empty(folder.file("new")));
}

TEST_F(StormRecord, SaysWhereTheGeneratorWasTheLimit) {
  EXPECT_EQ(document["generator"]["limits"], json::array());
  storm.counts.busy = storm.counts.total;
  storm.counts.port_missed = 17;
  storm.counts.not_sent = 23;
  storm.counts.no_buffer = 29;
  storm.counts.late_starts.add(6000);
  const json generator = storm.interrupted()["generator"];
  EXPECT_EQ(generator["busy"], 1.0);
  EXPECT_EQ(generator["latest_start_ms"], 6.0);
  const std::string limits = generator["limits"].dump();
  EXPECT_EQ(generator["limits"].size(), 5u);
  for (const char* number : {"90 %", "5 ms", "17 frames", "23 frames", "29 frames"}) {
    EXPECT_NE(limits.find(number), std::string::npos) << number;
  }
}

}  // namespace
}  // namespace dialtone::emu
