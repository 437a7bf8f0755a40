// SPDX-License-Identifier: Apache-2.0
#include "bench/emu/storm/storm_phone.h"

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

namespace dialtone::emu {
namespace {

constexpr Micros kSecond = 1'000'000;
constexpr wire::MacAddress kMac{{0x00, 0x11, 0x22, 0x33, 0x44, 0x55}};

std::string packet(int opcode, int number, const std::string& rest) {
  return std::string{0, static_cast<char>(opcode), static_cast<char>(number >> 8),
                     static_cast<char>(number & 255)} +
         rest;
}

OriginFile origin_file(const std::string& content, bool by_digest) {
  const auto bytes = std::as_bytes(std::span(content));
  OriginFile file{.bytes = content.size(), .digest = digest_of(bytes)};
  if (!by_digest) {
    file.content.assign(bytes.begin(), bytes.end());
  }
  return file;
}

// One phone; this is its server, in lock step, on virtual time.
class Lab final : public PhonePackets {
 public:
  explicit Lab(std::map<std::string, std::string> files, const Origin* origin = nullptr,
               Micros planned = 0)
      : files_(std::move(files)), phone(script_, kMac, planned) {
    rules.origin = origin;
    rules.packets = this;
    rules.fates = &fates;
  }

  std::string sent_last() const { return sent_.empty() ? "" : sent_.back().payload; }

  std::uint32_t sum(Fate fate) const {
    std::uint32_t all = 0;
    for (const Fates::Second& second : fates.seconds()) {
      all += second[static_cast<std::size_t>(fate)];
    }
    return all;
  }

  void boot() {
    phone.power_on(rules, kSecond, now);
    for (int turn = 0; !phone.is_over() && turn < 1000; ++turn) {
      if (sent_.empty()) {
        now = phone.deadline();
        phone.on_time(rules, now);
        continue;
      }
      const Sent sent = sent_.front();
      sent_.erase(sent_.begin());
      const std::string answer = answer_to(sent);
      if (!answer.empty()) {
        now += 1000;
        phone.on_packet(rules, 3000, sent.port, std::as_bytes(std::span(answer)), now);
      }
    }
  }

  std::vector<std::string> asked;
  std::map<std::string, std::pair<int, std::string>> errors;  // answers to a name, once
  StormRules rules{};
  Fates fates{};
  Micros now = kSecond;

 private:
  struct Sent {
    std::uint16_t port;
    std::string payload;
  };

  void send(const StormPhone&, std::uint16_t, std::uint16_t from,
            std::span<const std::byte> payload) override {
    sent_.push_back({from, {reinterpret_cast<const char*>(payload.data()), payload.size()}});
  }

  std::string answer_to(const Sent& sent) {
    const int opcode = sent.payload[1];
    if (opcode == 1) {
      name_ = sent.payload.c_str() + 2;
      asked.push_back(name_);
      if (const auto error = errors.find(name_); error != errors.end()) {
        const auto [code, text] = error->second;
        errors.erase(error);
        return packet(5, code, text + '\0');
      }
      return files_.contains(name_) ? block(1) : packet(5, 1, std::string("File not found") + '\0');
    }
    const int acked = static_cast<unsigned char>(sent.payload[2]) << 8 |
                      static_cast<unsigned char>(sent.payload[3]);
    const std::size_t behind = static_cast<std::size_t>(acked) * 512;
    return opcode == 4 && files_.contains(name_) && behind <= files_[name_].size()
               ? block(acked + 1)
               : "";
  }
  std::string block(int number) {
    return packet(3, number, files_[name_].substr(static_cast<std::size_t>(number - 1) * 512, 512));
  }

  BootScript script_{BootKind::kPhone};
  std::map<std::string, std::string> files_;
  std::string name_;
  std::vector<Sent> sent_;

 public:
  StormPhone phone;
};

using Files = std::map<std::string, std::string>;

const std::string kName = "SEP001122334455.cnf.xml";
const std::string kContent = std::string(1300, 'c') + "end";

TEST(StormPhone, BootsAndIsReady) {
  Lab lab(Files{{kName, kContent}}, nullptr, 500'000);
  lab.now += 600'000;  // the generator was late, and that counts
  lab.boot();
  EXPECT_EQ(lab.phone.outcome(), Outcome::kReady);
  EXPECT_EQ(lab.asked, (std::vector<std::string>{"CTLSEP001122334455.tlv", "ITLSEP001122334455.tlv",
                                                 "ITLFile.tlv", kName}));
  const PhaseTimes& times = lab.phone.times();
  EXPECT_EQ(times.first_answer, 101'000u);
  EXPECT_EQ(times.trust, 103'000u);
  EXPECT_EQ(times.config, 106'000u);
  EXPECT_EQ(times.ready, 106'000u);
  EXPECT_EQ(lab.phone.counts().bytes, kContent.size());
  EXPECT_EQ(lab.phone.counts().not_found, 3u);
  EXPECT_EQ(lab.phone.counts().requests, 4u);
  EXPECT_EQ(lab.phone.counts().retries, 0u);
  EXPECT_EQ(lab.sum(Fate::kNotFound), 3u);
  EXPECT_EQ(lab.sum(Fate::kServed), 1u);
}

TEST(StormPhone, EachByteIsHeldAgainstTheOrigin) {
  for (const bool by_digest : {false, true}) {
    Origin origin;
    origin.add(kName, origin_file(kContent, by_digest));
    Lab right(Files{{kName, kContent}}, &origin);
    right.boot();
    EXPECT_EQ(right.phone.outcome(), Outcome::kReady);
    EXPECT_EQ(right.phone.counts().verified, 1u);

    std::string wrong = kContent;
    wrong[700] = 'x';
    for (const std::string& content : {wrong, kContent.substr(0, 1302), kContent + "x"}) {
      Lab lab(Files{{kName, content}}, &origin);
      lab.boot();
      EXPECT_EQ(lab.phone.outcome(), Outcome::kWrongByte) << content.size();
      EXPECT_EQ(lab.phone.counts().verified, 0u);
    }
  }
}

TEST(StormPhone, AFileOfTwoStatesIsTorn) {
  std::string after = kContent;
  after.replace(0, 512, std::string(512, 'a'));
  after.replace(1024, after.size() - 1024, std::string(after.size() - 1024, 'a'));
  Origin origin;
  for (const std::string& content : {kContent, after}) {
    origin.begin_state();
    origin.add(kName, origin_file(content, false));
  }
  for (const std::string& content :
       {kContent, after, after.substr(0, 512) + kContent.substr(512)}) {
    Lab lab(Files{{kName, content}}, &origin);
    lab.boot();
    const bool is_torn = content != kContent && content != after;
    EXPECT_EQ(lab.phone.outcome(), is_torn ? Outcome::kTorn : Outcome::kReady);
  }
}

TEST(StormPhone, LosesItsPowerAsPlanned) {
  Lab lab(Files{{kName, kContent}});
  lab.phone.lose_power_after(4);  // three trust lists, and the first block
  lab.boot();
  EXPECT_EQ(lab.phone.outcome(), Outcome::kVanished);
  EXPECT_EQ(lab.sum(Fate::kOpen), 1u);
  EXPECT_EQ(lab.sum(Fate::kNotFound), 3u);
}

TEST(StormPhone, IsReadyWithAllThatItsListNeeds) {
  const auto script = BootScript::of_list("CTLSEP{MAC}.tlv?,SEP{MAC}.cnf.xml,ringlist.xml");
  ASSERT_TRUE(script);
  for (const bool whole : {true, false}) {
    Files files{{"SEP001122334455.cnf.xml", "<device/>"}};
    if (whole) {
      files["ringlist.xml"] = "<CiscoIPPhoneRingList/>";
    }
    Lab lab(files);
    lab.phone = StormPhone(*script, kMac, 0);
    lab.boot();
    EXPECT_EQ(lab.phone.outcome(), whole ? Outcome::kReady : Outcome::kFailed);
    EXPECT_EQ(lab.asked, (std::vector<std::string>{"CTLSEP001122334455.tlv",
                                                   "SEP001122334455.cnf.xml", "ringlist.xml"}));
  }
}

TEST(StormPhone, ADenialOfAFileThatTheOriginHasIsNoSuccess) {
  Origin origin;
  origin.add(kName, origin_file(kContent, true));
  origin.add("XMLDefault.cnf.xml", origin_file("<Default/>", true));
  Lab lab(Files{{"XMLDefault.cnf.xml", "<Default/>"}}, &origin);
  lab.boot();
  EXPECT_EQ(lab.phone.outcome(), Outcome::kWithheld);
}

TEST(StormPhone, TheLastAckOfTheFileBeforeIsSentAgain) {
  Lab lab(Files{{"ITLSEP001122334455.tlv", "itl"}, {kName, kContent}});
  lab.boot();
  ASSERT_EQ(lab.phone.outcome(), Outcome::kReady);
  // The configuration came in three blocks from the third port.
  const std::string again = packet(3, 3, kContent.substr(1024));
  lab.phone.on_packet(lab.rules, 3000, 49154, std::as_bytes(std::span(again)), lab.now);
  EXPECT_EQ(lab.sent_last(), packet(4, 3, ""));
}

TEST(StormPhone, AFileThatTheOriginDoesNotHaveIsWrong) {
  const Origin origin;
  Lab lab(Files{{kName, kContent}}, &origin);
  lab.boot();
  EXPECT_EQ(lab.phone.outcome(), Outcome::kWrongByte);
}

TEST(StormPhone, ComesBackToAServerThatIsBusy) {
  Lab lab(Files{{kName, kContent}});
  lab.errors[kName] = {3, "Disk Full"};
  lab.boot();
  EXPECT_EQ(lab.phone.outcome(), Outcome::kReady);
  EXPECT_EQ(lab.phone.counts().come_backs, 1u);
  EXPECT_EQ(lab.sum(Fate::kLater), 1u);
  EXPECT_GE(lab.now, 5 * kSecond);
}

TEST(StormPhone, WithoutAConfigurationItHasFailed) {
  Lab lab(Files{});
  lab.boot();
  EXPECT_EQ(lab.phone.outcome(), Outcome::kFailed);
  EXPECT_EQ(lab.asked.back(), "XMLDefault.cnf.xml");
}

TEST(StormPhone, NobodyAnswersForAMinute) {
  Lab lab(Files{{kName, kContent}});
  lab.phone.power_on(lab.rules, kSecond, lab.now);
  while (!lab.phone.is_over()) {
    lab.now = lab.phone.deadline();
    lab.phone.on_time(lab.rules, lab.now);
  }
  EXPECT_EQ(lab.phone.outcome(), Outcome::kUnserved);
  EXPECT_EQ(lab.phone.times().ready, 60u * kSecond);
  EXPECT_EQ(lab.phone.counts().retries, 14u);
  EXPECT_EQ(lab.sum(Fate::kUnanswered), 15u);
  EXPECT_EQ(lab.fates.seconds().size(), 57u);
}

TEST(StormPhone, WhatHasNoAnswerAtTheEndIsOpen) {
  Lab lab(Files{{kName, kContent}});
  lab.phone.power_on(lab.rules, kSecond, lab.now);
  lab.phone.end_run(lab.rules);
  EXPECT_EQ(lab.sum(Fate::kOpen), 1u);
  EXPECT_EQ(lab.phone.counts().requests, 1u);
}

}  // namespace
}  // namespace dialtone::emu
