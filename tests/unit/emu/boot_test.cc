// SPDX-License-Identifier: Apache-2.0
#include "bench/emu/device/boot.h"

#include "tests/unit/emu/file_server.h"

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

namespace dialtone::emu {
namespace {

constexpr Micros kSecond = 1'000'000;

// A device on a link with one server, on virtual time, until its boot is over.
class Lab {
 public:
  // `repeats`: the last block of a file is sent again when the next one is asked for.
  explicit Lab(BootKind kind, std::map<std::string, std::string> files, bool is_silent = false,
               bool repeats = false)
      : server(std::move(files)),
        host_({.mac = test::kPhoneMac,
               .address = IpAddress::from_v4(test::kPhoneAddress),
               .subnet = {IpAddress::from_v4(0x0a4d0000), 112}}),
        timeline(kSecond),
        boot(host_, timeline,
             {.order = boot_order(kind, test::kPhoneMac),
              .servers = {IpAddress::from_v4(test::kServerAddress)}},
             kSecond) {
    server.is_silent = is_silent;
    Micros now = kSecond;
    for (int turn = 0; boot.state() == BootState::kBooting && turn < 1000; ++turn) {
      if (host_.outbox.empty()) {
        now = std::min(boot.deadline(), host_.deadline());
        host_.on_time(now);
        boot.on_time(now);
        continue;
      }
      const Host::Frame frame = host_.outbox.front();
      host_.outbox.pop_front();
      const std::size_t asked = server.asked.size();
      std::vector<std::string> answers = server.on_frame(frame);
      if (repeats && server.asked.size() != asked && !last_.empty()) {
        answers.insert(answers.begin(), last_);
      }
      for (const std::string& answer : answers) {
        last_ = answer;
        now += 1000;
        if (const auto datagram = host_.on_frame(std::as_bytes(std::span(answer))).datagram) {
          boot.on_datagram(*datagram, now);
        }
      }
    }
    for (; !host_.outbox.empty(); host_.outbox.pop_front()) {
      server.on_frame(host_.outbox.front());  // the last ACKs
    }
  }

  test::FileServer server;

 private:
  Host host_;
  std::string last_{};

 public:
  Timeline timeline;
  Boot boot;
};

using Names = std::vector<std::string>;
using Files = std::map<std::string, std::string>;

const Files kPhoneFiles{{"SEP001122334455.cnf.xml", std::string(1500, 'x')},
                        {"XMLDefault.cnf.xml", "<Default/>"}};

TEST(Boot, AKnownPhone) {
  const Lab lab(BootKind::kPhone, kPhoneFiles);
  EXPECT_EQ(lab.boot.state(), BootState::kConfigured);
  EXPECT_EQ(lab.server.asked, (Names{"CTLSEP001122334455.tlv", "ITLSEP001122334455.tlv",
                                     "ITLFile.tlv", "SEP001122334455.cnf.xml"}));
  ASSERT_NE(lab.boot.found(FileRole::kConfig), nullptr);
  EXPECT_EQ(lab.boot.found(FileRole::kConfig)->content.size(), 1500u);
  EXPECT_EQ(lab.boot.found(FileRole::kDefault), nullptr);
}

TEST(Boot, APhoneThatHasAnItlDoesNotAskForTheGeneralOne) {
  Files files = kPhoneFiles;
  files["ITLSEP001122334455.tlv"] = "itl";
  const Lab lab(BootKind::kPhone, files);
  EXPECT_EQ(lab.server.asked, (Names{"CTLSEP001122334455.tlv", "ITLSEP001122334455.tlv",
                                     "SEP001122334455.cnf.xml.sgn", "XMLDefault.cnf.xml.sgn"}));
  EXPECT_EQ(lab.boot.state(), BootState::kUnconfigured);  // it takes no plain one instead
}

// Row 70, its first half.
TEST(Boot, AnUnknownPhoneGetsTheDefault) {
  const Lab lab(BootKind::kPhone7940Sccp, {{"XMLDefault.cnf.xml", "<Default/>"}});
  EXPECT_EQ(lab.boot.state(), BootState::kDefault);
  EXPECT_EQ(lab.server.asked.back(), "XMLDefault.cnf.xml");
}

TEST(Boot, AskedInTurnUntilOneIsThere) {
  const Lab lab(BootKind::kPhone7905Sccp, {{"XMLDefault.cnf.xml", "<Default/>"}});
  EXPECT_EQ(lab.server.asked, (Names{"SEP001122334455.cnf.xml", "XMLDefault.cnf.xml"}));
  const Lab none(BootKind::kPhone7905Sccp, {});
  EXPECT_EQ(none.server.asked,
            (Names{"SEP001122334455.cnf.xml", "XMLDefault.cnf.xml", "SEPDefault.cnf"}));
  EXPECT_EQ(none.boot.state(), BootState::kUnconfigured);
}

TEST(Boot, ASipPhoneOf7940ReadsTheDefaultFirst) {
  const Lab lab(BootKind::kPhone7940Sip,
                {{"SIPDefault.cnf", "a: 1\n"}, {"SIP001122334455.cnf", "b: 2\n"}});
  EXPECT_EQ(lab.server.asked,
            (Names{"CTLSEP001122334455.tlv", "SIPDefault.cnf", "SIP001122334455.cnf"}));
  EXPECT_EQ(lab.boot.state(), BootState::kConfigured);
}

// Its last ACK may be lost; a server that hears none keeps the transfer open.
TEST(Boot, Rfc1350Section6TheLastBlockIsAcknowledgedAgain) {
  const Lab lab(BootKind::kPhone7940Sip,
                {{"SIPDefault.cnf", "a: 1\n"}, {"SIP001122334455.cnf", "b"}},
                /*is_silent=*/false, /*repeats=*/true);
  EXPECT_EQ(lab.boot.state(), BootState::kConfigured);
  EXPECT_EQ(lab.server.acks, 3);
}

TEST(Boot, NobodyThereAtAll) {
  const Lab lab(BootKind::kPhone, kPhoneFiles, /*is_silent=*/true);
  EXPECT_EQ(lab.boot.state(), BootState::kNoServer);
  ASSERT_FALSE(lab.timeline.events().empty());
  EXPECT_EQ(lab.timeline.events().back().at, 60 * kSecond);
  EXPECT_EQ(lab.timeline.events().back().what, "no TFTP server answers");
}

TEST(Boot, TheTimelineSaysWhatCameFromWhom) {
  const Lab lab(BootKind::kPhone7912, {{"gk001122334455", "#txt"}});
  ASSERT_EQ(lab.timeline.events().size(), 1u);
  EXPECT_EQ(lab.timeline.events()[0].what, "gk001122334455: whole, 4 bytes from 10.77.0.1");
}

}  // namespace
}  // namespace dialtone::emu
