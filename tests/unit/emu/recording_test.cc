// SPDX-License-Identifier: Apache-2.0
#include "bench/emu/storm/recording.h"

#include "bench/emu/host/frame.h"
#include "bench/emu/storm/json_text.h"
#include "tests/support/temp_folder.h"

#include <gtest/gtest.h>

#include <array>
#include <cstring>
#include <string>
#include <vector>

namespace dialtone::emu {
namespace {

std::vector<std::string> names_of(const BootScript& script) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < script.size(); ++i) {
    FileName name;
    script.write_name(i, {}, name);
    names.emplace_back(name.view());
  }
  return names;
}

std::string raw(const auto& value) {
  return {reinterpret_cast<const char*>(&value), sizeof(value)};
}

// A capture of one datagram for each of them, a second apart.
std::string capture_of(const std::vector<std::pair<std::uint16_t, std::string>>& datagrams,
                       std::uint32_t link_type = 1) {
  struct Head {
    std::uint32_t magic = 0xa1b2c3d4;
    std::uint16_t major = 2, minor = 4;
    std::uint32_t zone = 0, figures = 0, longest = 65535, link_type = 0;
  } head;
  head.link_type = link_type;
  std::string file = raw(head);
  std::uint32_t second = 1000;
  for (const auto& [to_port, payload] : datagrams) {
    std::array<std::byte, 2048> frame{};
    const Path path{{{2, 0, 0, 0, 0, 1}},
                    {{2, 0, 0, 0, 0, 2}},
                    {},
                    IpAddress::from_v4(0x0a4d0002),
                    IpAddress::from_v4(0x0a4d0001),
                    50000,
                    to_port};
    const auto length =
        static_cast<std::uint32_t>(write_udp(path, std::as_bytes(std::span(payload)), frame));
    const std::uint32_t packet[4]{second++, 0, length, length};
    file += raw(packet) + std::string(reinterpret_cast<const char*>(frame.data()), length);
  }
  return file;
}

std::string request(const std::string& name) {
  return std::string("\0\1", 2) + name + '\0' + "octet" + '\0';
}

TEST(Recording, OfACapture) {
  const test::TempFolder folder;
  folder.write("c", capture_of({{69, request("CTLSEP1.tlv")},
                                {69, request("CTLSEP1.tlv")},  // again
                                {4000, request("ack")},
                                {69, std::string("\0\2up\0octet\0", 11)},
                                {69, request(std::string(60, 'n'))},
                                {69, "x"},
                                {69, request("SEP1.cnf.xml")}}));
  auto recording = read_recording(folder.file("c"));
  ASSERT_TRUE(recording) << recording.error().text;
  EXPECT_EQ(recording->requests.size(), 3u);
  EXPECT_EQ(recording->left_out, 1u);
  const auto plan = plan_replay(*std::move(recording), 1);
  ASSERT_EQ(plan->phones.size(), 1u);
  EXPECT_EQ(names_of(*plan->scripts[0]), (std::vector<std::string>{"CTLSEP1.tlv", "SEP1.cnf.xml"}));
  EXPECT_EQ(plan->scripts[0]->needed(), 0u);
}

TEST(Recording, OfEvents) {
  const test::TempFolder folder;
  folder.write("e", R"({"ok":true,"result":{"events":[
    {"event":"request","time_us":5000000,"client":"10.0.0.2","port":1,"name":"b","name_length":1},
    {"event":"request","time_us":1000000,"client":"10.0.0.1","port":1,"name":"a","name_length":1},
    {"event":"end","time_us":1000001,"client":"10.0.0.1","port":1,"name":"a","name_length":1},
    {"event":"request","time_us":2000000,"client":"10.0.0.1","port":2,"name":"a","name_length":1},
    {"event":"request","time_us":2000001,"client":"10.0.0.1","port":2,"name":"cut","name_length":80},
    {"event":"request","time_us":90000000,"client":"10.0.0.1","port":1,"name":"c","name_length":1}]}})");
  auto recording = read_recording(folder.file("e"));
  ASSERT_TRUE(recording) << recording.error().text;
  EXPECT_EQ(recording->left_out, 1u);
  const auto plan = plan_replay(*std::move(recording), 2);
  ASSERT_EQ(plan->phones.size(), 3u);  // the first client began anew after a minute
  EXPECT_EQ(names_of(*plan->scripts[0]), (std::vector<std::string>{"a", "a"}));
  EXPECT_EQ(plan->phones[1].planned(), 2'000'000u);
  EXPECT_EQ(names_of(*plan->scripts[2]), (std::vector<std::string>{"c"}));
}

TEST(Recording, OfEventsThatWereFollowed) {
  const test::TempFolder folder;
  const std::string event =
      R"({"event":"request","time_us":1,"client":"10.0.0.1","port":1,"name":"a"})";
  folder.write("f", R"({"result":{"events":[)" + event + "]}}\n" + R"({"result":{"events":[)" +
                        event + "," + event + "]}}\n");
  const auto recording = read_recording(folder.file("f"));
  ASSERT_TRUE(recording) << recording.error().text;
  EXPECT_EQ(recording->requests.size(), 3u);
}

// Such a name stands in the record of the storm that asks for it again.
TEST(Recording, ANameThatIsNoUtf8IsKeptAndCanBeWritten) {
  const test::TempFolder folder;
  folder.write("c", capture_of({{69, request("SEP\xff.xml")}}));
  const auto recording = read_recording(folder.file("c"));
  ASSERT_TRUE(recording) << recording.error().text;
  ASSERT_EQ(recording->requests.size(), 1u);
  EXPECT_EQ(recording->requests[0].name, "SEP\xff.xml");
  const nlohmann::json document = {{"file", recording->requests[0].name}};
  EXPECT_EQ(json_text(document), "{\"file\":\"SEP\xef\xbf\xbd.xml\"}");
}

TEST(Recording, WhatCannotBeReadIsRefused) {
  const test::TempFolder folder;
  for (const std::string& content :
       {std::string("no capture"), std::string("{}"), std::string("[1]"),
        std::string(R"([{"event":"request"}])"), capture_of({}, 113)}) {
    folder.write("bad", content);
    EXPECT_FALSE(read_recording(folder.file("bad"))) << content;
  }
  EXPECT_FALSE(read_recording("/nosuch"));
  EXPECT_FALSE(plan_replay({}, 1));
}

}  // namespace
}  // namespace dialtone::emu
