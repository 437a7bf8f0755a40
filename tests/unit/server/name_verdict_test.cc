// SPDX-License-Identifier: Apache-2.0
//
// What people are told of a name is what a worker answers: abi::judge_name() against a real one,
// for each of many names under each of many policies.
#include "dataplane/abi/name_verdict.h"

#include "tests/unit/server/misses.h"

#include <array>
#include <random>

namespace dialtone::server {
namespace {

using abi::NameAnswer;
using abi::NameVerdict;
using test::kPhoneAddress;
using test::Packet;
using test::ReplyView;
using test::TestImage;

const std::vector<std::string>& spelled_names() {
  static const std::vector<std::string> kNames = [] {
    std::vector<std::string> names = {"SEP001122334455.cnf.xml",
                                      "/sep001122334455.CNF.XML",
                                      "\\SEP001122334455.cnf.xml",
                                      "//sep001122334455.cnf.xml",
                                      "SEP001122334455.cnf.xml.sgn",
                                      "SEP665544332211.cnf.xml",
                                      "CTLSEP001122334455.tlv",
                                      "itlfile.tlv",
                                      "SIP001122334455.cnf",
                                      "ld001122334455",
                                      "gk001122334455",
                                      "XMLDefault.cnf.xml",
                                      "RINGLIST.XML",
                                      "sub/ring.raw",
                                      "sub\\ring.raw",
                                      "sub/../ring.raw",
                                      "sub//ring.raw",
                                      "./ringlist.xml",
                                      "ringlist.xml/",
                                      "/",
                                      "\\",
                                      ".",
                                      "..",
                                      "...",
                                      "composed",
                                      "gone",
                                      "buried",
                                      "long-buried",
                                      "",
                                      "a",
                                      "%n%s",
                                      "caf\xc3\xa9",
                                      "tab\there",
                                      "del\x7f",
                                      std::string(255, 'n'),
                                      std::string(256, 'n'),
                                      "/" + std::string(255, 'n'),
                                      std::string(400, 'n'),
                                      "C:\\a",
                                      "term65.default.loads"};
    // And what nobody would think of.
    std::minstd_rand random(7);
    constexpr std::string_view kBytes = "aAzZ09./\\-_ \x01\x1f\x80\xff";
    for (int i = 0; i < 2000; ++i) {
      std::string name(random() % 6, ' ');
      for (char& byte : name) {
        byte = kBytes[random() % kBytes.size()];
      }
      names.push_back(std::move(name));
    }
    return names;
  }();
  return kNames;
}

void add_files(TestImage& image) {
  image.add("sep001122334455.cnf.xml", test::pattern(9000), abi::FileClass::kDeviceConfig)
      .add("xmldefault.cnf.xml", "default", abi::FileClass::kDefaultConfig)
      .add("ringlist.xml", "rings", abi::FileClass::kRing)
      .add("sub/ring.raw", "")
      .add("a", "a")
      .add("a/z", "az")
      .add(std::string(255, 'n'), "long")
      .add_kind("composed", "x", abi::Kind::kComposed)
      .add_kind("gone", "", abi::Kind::kAbsent)
      .add_tombstone("buried", 60'000)
      .add_tombstone("long-buried", 1000);
}

abi::ClientRange range(const IpAddress& address, std::uint32_t allowed) {
  return {address.high, address.low, allowed, 0};
}

class NameVerdictTest : public Misses {
 protected:
  // `change` gets the image before it is built; its time begins now.
  template <typename Change>
  void serve(Change change) {
    image_ = std::make_unique<TestImage>(1 << 20, ++generation_);
    add_files(*image_);
    change(*image_);
    server.publish(&image_->build().publish_at(server.now).live());
    published_ = server.now;
  }

  NameVerdict judge(const std::string& name) const {
    return judge_name(image_->live().view,
                      {.name = name,
                       .client = IpAddress::from_v4(kPhoneAddress),
                       .age = std::chrono::milliseconds((server.now - published_) / kMs),
                       .is_listening = listening_.load()});
  }

  void expect_same(const std::string& name) {
    SCOPED_TRACE(testing::PrintToString(name));
    const NameVerdict verdict = judge(name);
    const std::uint64_t parked = server.count(Counter::kRequestsParked);
    const auto frame = server.send(Packet().from(kPhoneAddress, 2000).rrq(name));
    ++seen_[static_cast<std::size_t>(verdict.answer)];
    const auto error = error_of(verdict.answer, image_->live().view.policy());
    if (verdict.answer == NameAnswer::kData) {
      ASSERT_TRUE(frame && verdict.file);
      const ReplyView reply = test::parse_reply(*frame);
      EXPECT_EQ(reply.opcode, 3);
      const auto bytes =
          verdict.file->bytes().first(std::min<std::size_t>(verdict.file->record->length, 512));
      EXPECT_EQ(reply.body, std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size()));
    } else if (error) {
      ASSERT_TRUE(frame);
      const ReplyView reply = test::parse_reply(*frame);
      EXPECT_EQ(reply.opcode, 5);
      EXPECT_EQ(reply.number, error->code);
      EXPECT_EQ(reply.body, error->text);
    } else {
      EXPECT_FALSE(frame);
    }
    EXPECT_EQ(server.count(Counter::kRequestsParked) - parked,
              verdict.answer == NameAnswer::kAsks ? 1u : 0u);
    server.responder().end_all_sessions();
    asked();
  }
  void expect_all_same() {
    for (const std::string& name : spelled_names()) {
      expect_same(name);
    }
  }
  std::uint64_t seen(NameAnswer answer) const { return seen_[static_cast<std::size_t>(answer)]; }

 private:
  std::unique_ptr<TestImage> image_;
  std::uint64_t generation_ = 100;
  Ticks published_ = 0;
  std::array<std::uint64_t, 7> seen_{};
};

TEST_F(NameVerdictTest, IsWhatAWorkerAnswers) {
  serve([](TestImage&) {});
  expect_all_same();
  EXPECT_GT(seen(NameAnswer::kData), 20u);
  EXPECT_GT(seen(NameAnswer::kNotFound), 500u);
  EXPECT_EQ(seen(NameAnswer::kComposed), 1u);
  EXPECT_EQ(judge("SEP001122334455.cnf.xml").name_class, abi::NameClass::kPhone);
  EXPECT_EQ(judge("CTLSEP001122334455.tlv").name_class, abi::NameClass::kTrust);
}

TEST_F(NameVerdictTest, ATrustListOfTheCluster) {
  serve([](TestImage& image) {
    image.add("ctlfile.tlv", "list", abi::FileClass::kTrust);
    image.policy().miss_rule = abi::MissRule::kAsk;
  });
  expect_same("CTLSEP001122334455.tlv");
  EXPECT_EQ(seen(NameAnswer::kData), 1u);
  EXPECT_EQ(judge("CTLSEP001122334455.tlv").file->name(), "ctlfile.tlv");
  expect_same("ITLSEP001122334455.tlv");
  expect_same("CTLSEP665544332211.tlv");
  EXPECT_EQ(seen(NameAnswer::kAsks), 2u);
}

TEST_F(NameVerdictTest, WhereControlIsAskedForNames) {
  const auto asks = [](TestImage& image) {
    image.policy().miss_rule = abi::MissRule::kAsk;
    image.policy().miss_park_ms = kParkMs;
  };
  serve(asks);
  expect_all_same();
  EXPECT_GT(seen(NameAnswer::kAsks), 500u);
  EXPECT_TRUE(judge("long-buried").is_buried);
  server.now += 2000 * kMs;
  EXPECT_FALSE(judge("long-buried").is_buried) << "its time is over";
  EXPECT_TRUE(judge("buried").is_buried);
  expect_same("long-buried");
  expect_same("buried");
  listening_ = false;
  const std::uint64_t before = seen(NameAnswer::kAsks);
  expect_all_same();
  EXPECT_EQ(seen(NameAnswer::kAsks), before) << "nobody to ask";
}

TEST_F(NameVerdictTest, WhileControlBuildsEverything) {
  serve([](TestImage& image) { image.policy().rebuilding_s = 60; });
  expect_all_same();
  EXPECT_GT(seen(NameAnswer::kRebuilding), 500u);
  EXPECT_GT(seen(NameAnswer::kNotFound), 100u) << "a name that is none";
  server.now += 61'000 * kMs;
  expect_same("ringlist.xml");
  EXPECT_EQ(seen(NameAnswer::kData), 1u);
}

// Of that `explain` tells before it asks for a verdict: whatever the name is, nobody hears
// anything.
TEST_F(NameVerdictTest, WhileTheServiceIsStopped) {
  serve([](TestImage& image) {
    image.policy().miss_rule = abi::MissRule::kAsk;
    image.policy().miss_park_ms = kParkMs;
  });
  server.responder().take_no_more();
  for (const std::string& name : spelled_names()) {
    EXPECT_FALSE(server.send(Packet().from(kPhoneAddress, 2000).rrq(name)))
        << testing::PrintToString(name);
  }
  EXPECT_EQ(server.count(DropReason::kStopping), spelled_names().size());
  EXPECT_EQ(server.count(Counter::kRequestsParked), 0u);
  EXPECT_TRUE(asked().empty());
  EXPECT_EQ(server.sessions(), 0u);
  server.responder().take_again();
  expect_all_same();
}

TEST_F(NameVerdictTest, WhoMayNotAsk) {
  const auto denies = [](TestImage& image) {
    image.client_ranges() = {range({}, 1), range(IpAddress::from_v4(kPhoneAddress), 0),
                             range(IpAddress::from_v4(kPhoneAddress + 1), 1)};
  };
  serve(denies);
  expect_all_same();
  EXPECT_EQ(seen(NameAnswer::kSilence), spelled_names().size());
  serve([&](TestImage& image) {
    denies(image);
    image.policy().answers_denied = 1;
  });
  expect_all_same();
  EXPECT_EQ(seen(NameAnswer::kDenied), spelled_names().size());
}

}  // namespace
}  // namespace dialtone::server
