// SPDX-License-Identifier: Apache-2.0
#include "bench/emu/device/download.h"

#include "bench/emu/device/reaction.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace dialtone::emu {
namespace {

constexpr Micros kSecond = 1'000'000;
const std::vector<IpAddress> kServers{IpAddress::from_v4(0x0a000001),
                                      IpAddress::from_v4(0x0a000002)};

std::string packet(std::uint8_t opcode, std::uint8_t number, const std::string& rest) {
  return std::string{0, static_cast<char>(opcode), 0, static_cast<char>(number)} + rest;
}
std::string error(std::uint8_t code, const std::string& text) {
  return packet(5, code, text + '\0');
}

// One download; its servers are this class.
class Lab {
 public:
  explicit Lab(std::size_t servers = 2, const DownloadConfig& config = {})
      : host({.address = IpAddress::from_v4(0x0a000009),
              .subnet = {IpAddress::from_v4(0x0a000000), 104}}),
        servers_(kServers.begin(), kServers.begin() + static_cast<std::ptrdiff_t>(servers)),
        download(host, servers_, 0, "f.xml", config, 50000, now) {}

  void answer(std::size_t server, const std::string& text, int port = 50000) {
    download.on_datagram({kServers[server], host.config().address, 3000,
                          static_cast<std::uint16_t>(port), std::as_bytes(std::span(text))},
                         now);
  }
  void wait() {
    now = download.deadline();
    download.on_time(now);
  }

  Micros now = kSecond;
  Host host;

 private:
  std::vector<IpAddress> servers_;

 public:
  Download download;
};

TEST(Reaction, GoesByTheTextWhereTheCodeIsTheSame) {
  EXPECT_EQ(react(1, "File not found"), Reaction::kNextFile);
  EXPECT_EQ(react(3, "Process Allocation Exceeded"), Reaction::kNextServer);
  EXPECT_EQ(react(3, "Disk Full"), Reaction::kComeBack);
  EXPECT_EQ(react(3, "Delay: rebuilding, try again later"), Reaction::kComeBack);
  EXPECT_EQ(react(0, "Server is busy, try again later"), Reaction::kComeBack);
  EXPECT_EQ(react(2, "Access violation"), Reaction::kGiveUpFile);
  EXPECT_EQ(status_message(2), "TFTP access error");
  EXPECT_EQ(status_message(4), "TFTP error");
}

TEST(Download, OfTheFirstServer) {
  Lab lab;
  lab.answer(0, packet(3, 1, "content"));
  ASSERT_EQ(lab.download.result().end, DownloadEnd::kWhole);
  EXPECT_EQ(lab.download.result().content.size(), 7u);
  EXPECT_EQ(lab.download.result().server, 0u);
}

TEST(Download, AnswersOfOthersAreNotHeard) {
  Lab lab;
  lab.answer(1, packet(3, 1, "content"));
  EXPECT_FALSE(lab.download.is_done());
}

// Row 68: after 15 requests.
TEST(Download, TheSecondServerIsAskedWhenTheFirstIsSilent) {
  Lab lab;
  while (lab.download.result().server == 0) {
    lab.wait();
  }
  EXPECT_EQ(lab.now, 61 * kSecond);
  lab.answer(1, packet(3, 1, "content"), 50003);
  ASSERT_EQ(lab.download.result().end, DownloadEnd::kWhole);
  EXPECT_EQ(lab.download.result().server, 1u);
  EXPECT_EQ(lab.download.result().attempts, 2u);
  EXPECT_EQ(lab.download.result().counts.requests, 16u);
}

TEST(Download, NobodyAnswers) {
  Lab lab;
  while (!lab.download.is_done()) {
    lab.wait();
  }
  EXPECT_EQ(lab.download.result().end, DownloadEnd::kSilent);
  EXPECT_EQ(lab.now, 121 * kSecond);
}

// Row 26.
TEST(Download, AFullServerSendsItToTheSecond) {
  Lab lab;
  lab.answer(0, error(3, "Process Allocation Exceeded"));
  EXPECT_EQ(lab.download.result().server, 1u);
  lab.answer(1, packet(3, 1, "content"), 50001);
  EXPECT_EQ(lab.download.result().end, DownloadEnd::kWhole);
}

TEST(Download, AFullServerThatIsTheOnlyOneIsAskedAgain) {
  Lab lab(1);
  lab.answer(0, error(3, "Process Allocation Exceeded"));
  EXPECT_FALSE(lab.download.is_done());
  lab.wait();
  lab.answer(0, packet(3, 1, "content"), 50001);
  EXPECT_EQ(lab.download.result().end, DownloadEnd::kWhole);
  EXPECT_EQ(lab.download.result().come_backs, 1u);
}

// Rows 27 and 28.
TEST(Download, ARebuildingServerIsWaitedFor) {
  for (const char* text : {"Disk Full", "Delay: rebuilding, try again later"}) {
    Lab lab;
    lab.answer(0, error(3, text));
    EXPECT_EQ(lab.download.result().server, 0u);
    EXPECT_EQ(lab.download.deadline(), 5 * kSecond);
    lab.wait();
    lab.answer(0, packet(3, 1, "content"), 50001);
    EXPECT_EQ(lab.download.result().end, DownloadEnd::kWhole);
    EXPECT_EQ(lab.download.result().server, 0u);
  }
}

TEST(Download, WhatIsPlayedOfTheFirstServerIsNotAskedOfIt) {
  Lab lab(2, {.first_server = PlayedError{3, "Process Allocation Exceeded"},
              .first_server_until = 10 * kSecond});
  EXPECT_EQ(lab.download.result().server, 1u);
  ASSERT_EQ(lab.host.outbox.size(), 1u);
  EXPECT_EQ(parse_neighbour(*parse_frame(lab.host.outbox.front()))->asked, kServers[1]);
  lab.answer(1, packet(3, 1, "content"), 50001);
  EXPECT_EQ(lab.download.result().end, DownloadEnd::kWhole);
}

TEST(Download, WhatIsPlayedEndsInTime) {
  Lab lab(2, {.first_server = PlayedError{3, "Disk Full"}, .first_server_until = 6 * kSecond});
  lab.wait();
  EXPECT_EQ(lab.now, 5 * kSecond);
  EXPECT_TRUE(lab.host.outbox.empty());
  lab.wait();
  EXPECT_EQ(lab.now, 9 * kSecond);
  EXPECT_EQ(lab.host.outbox.size(), 1u) << "now it is asked";
  lab.answer(0, packet(3, 1, "content"), 50002);
  EXPECT_EQ(lab.download.result().end, DownloadEnd::kWhole);
  EXPECT_EQ(lab.download.result().server, 0u);
  EXPECT_EQ(lab.download.result().come_backs, 2u);
}

TEST(Download, WhoIsToldToComeBackForEverGivesUp) {
  Lab lab;
  for (int i = 0; !lab.download.is_done(); ++i) {
    ASSERT_LT(i, 100);
    lab.answer(0, error(3, "Disk Full"), 50000 + i);
    if (!lab.download.is_done()) {
      lab.wait();
    }
  }
  EXPECT_EQ(lab.download.result().end, DownloadEnd::kRefused);
  EXPECT_EQ(lab.download.result().error_text, "Disk Full");
}

TEST(Download, NotFoundIsTheAnswerOfTheFirst) {
  Lab lab;
  lab.answer(0, error(1, "File not found"));
  EXPECT_EQ(lab.download.result().end, DownloadEnd::kNotFound);
  EXPECT_EQ(lab.download.result().server, 0u);
}

}  // namespace
}  // namespace dialtone::emu
