// SPDX-License-Identifier: Apache-2.0
//
// A device from power-on to its call manager: features 17, 70, 71, 73 to 76 and 78.
#include "bench/emu/device/device.h"
#include "bench/emu/registration/call_manager.h"
#include "tests/unit/emu/file_server.h"
#include "tests/unit/emu/tcp_peer.h"

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

namespace dialtone::emu {
namespace {

using Files = std::map<std::string, std::string>;

const IpAddress kCmA = IpAddress::from_v4(0x0a4d0005);
const IpAddress kCmB = IpAddress::from_v4(0x0a4d0006);
const IpAddress kTftp = IpAddress::from_v4(test::kServerAddress);

std::vector<IpAddress> resolve(const std::string& name) {
  if (name == "cm-a" || name == "CiscoCM1") {
    return {kCmA};
  }
  return name == "cm-b" ? std::vector{kCmB} : std::vector<IpAddress>();
}

DevicePlan phone(BootKind kind = BootKind::kPhone) {
  return {.name = "SEP001122334455",
          .model = "7941",
          .kind = kind,
          .host = {.mac = test::kPhoneMac,
                   .address = IpAddress::from_v4(test::kPhoneAddress),
                   .subnet = {IpAddress::from_v4(0x0a4d0000), 112}},
          .offer = {.option150 = {kTftp}},
          .order = boot_order(kind, test::kPhoneMac),
          .resolve = resolve,
          .number = 115,
          .registered_name = "SEP001122334455"};
}

std::string configuration(const std::string& protocol = "SCCP", const std::string& rest = "") {
  const auto member = [](const char* rank, const char* name) {
    return std::string("<member priority=\"") + rank + "\"><callManager><processNodeName>" + name +
           "</processNodeName></callManager></member>";
  };
  return "<device><deviceProtocol>" + protocol + "</deviceProtocol><devicePool><callManagerGroup>" +
         "<members>" + member("0", "cm-a") + member("1", "cm-b") +
         "</members></callManagerGroup></devicePool>" + rest + "</device>";
}

// The answer of a DNS server to a frame, where it is a question: a name of one label.
std::vector<std::string> dns_answer(const Host::Frame& frame,
                                    const std::map<std::string, IpAddress>& names) {
  const auto received = parse_frame(frame);
  const auto datagram = received ? parse_udp(*received) : std::nullopt;
  if (!datagram || datagram->to_port != kDnsPort) {
    return {};
  }
  constexpr std::size_t kHeader = 12;
  const std::string question(reinterpret_cast<const char*>(datagram->payload.data()),
                             datagram->payload.size());
  const auto known =
      names.find(question.substr(kHeader + 1, static_cast<std::size_t>(question[kHeader])));
  std::string answer = question;
  answer[2] = '\x81';
  answer[3] = known == names.end() ? '\x83' : '\x80';  // there is no such name, or there is
  if (known != names.end()) {
    answer[7] = 1;
    answer += std::string("\xc0\x0c\0\1\0\1\0\0\0\x3c\0\4", 12);
    for (int shift = 24; shift >= 0; shift -= 8) {
      answer += static_cast<char>(known->second.v4() >> shift);
    }
  }
  return {test::Packet()
              .from(datagram->to, kDnsPort)
              .from_mac(test::kServerMac)
              .to_mac(received->from_mac)
              .to_address(datagram->from)
              .to_port(datagram->from_port)
              .payload(answer)
              .bytes()};
}

class RegistrationLab {
 public:
  RegistrationLab(DevicePlan plan, Files files, CallManagerConfig config = {})
      : server(std::move(files)),
        manager(std::move(config), [this](const Registered& event) { told.push_back(event); }),
        plan_(std::move(plan)) {
    const auto listen = [this](const IpAddress& address, std::uint16_t port) {
      peers.emplace_back(address, port, [this](std::string_view bytes) {
        return sessions.try_emplace(peers_spoke, manager).first->second.on_bytes(bytes);
      });
    };
    for (const IpAddress& address : {kCmA, kCmB, kTftp}) {
      listen(address, 2000);
      listen(address, 5060);
    }
  }

  void run() {
    for (int turn = 0; !device.is_over() && turn < 20'000; ++turn) {
      if (device.host().outbox.empty()) {
        now = std::max(now, device.deadline());
        device.on_time(now);
        continue;
      }
      const Host::Frame frame = device.host().outbox.front();
      device.host().outbox.pop_front();
      const std::vector<std::string> named = dns_answer(frame, names);
      give(named.empty() ? server.on_frame(frame) : named);
      for (std::size_t i = 0; i < peers.size(); ++i) {
        peers_spoke = i;
        give(peers[i].on_frame(frame));
      }
    }
  }
  void give(const std::vector<std::string>& frames) {
    for (const std::string& frame : frames) {
      now += 100;
      device.on_frame(std::as_bytes(std::span(frame)), now);
    }
  }
  bool has_noted(const std::string& text) const {
    for (const Timeline::Event& event : device.timeline().events()) {
      if (event.what.find(text) != std::string::npos) {
        return true;
      }
    }
    return false;
  }

  Micros now = 0;
  test::FileServer server;
  std::map<std::string, IpAddress> names{};  // of the DNS server
  std::vector<Registered> told{};
  PlayedCallManager manager;
  std::size_t peers_spoke = 0;
  std::map<std::size_t, CallManagerSession> sessions{};
  std::vector<test::TcpPeer> peers{};  // cm-a, cm-b and the TFTP server: SCCP and SIP of each

 private:
  DevicePlan plan_;

 public:
  Device device{plan_, 0};
};

TEST(DeviceRegistration, TheFirstCallManagerThatListensTakesIt) {
  RegistrationLab lab(phone(), {{"SEP001122334455.cnf.xml", configuration()}});
  lab.run();
  EXPECT_EQ(lab.device.state(), DeviceState::kRegistered);
  EXPECT_EQ(lab.device.registration()->with()->name, "cm-a");
  ASSERT_EQ(lab.told.size(), 1u);
  EXPECT_EQ(lab.told[0].device, "SEP001122334455");
}

// Row 74, in each way in which one can be down.
TEST(DeviceRegistration, TheNextOneTakesItWhenTheFirstIsDown) {
  for (const std::string how : {"played", "refuses", "silent"}) {
    DevicePlan plan = phone();
    plan.call_managers.down =
        how == "played" ? std::set<std::string>{"cm-a"} : std::set<std::string>();
    RegistrationLab lab(plan, {{"SEP001122334455.cnf.xml", configuration()}});
    lab.peers[0].refuses = how == "refuses";
    lab.peers[0].is_silent = how == "silent";
    lab.run();
    EXPECT_EQ(lab.device.state(), DeviceState::kRegistered) << how;
    EXPECT_EQ(lab.device.registration()->with()->name, "cm-b") << how;
    EXPECT_EQ(lab.device.first_call_manager(), "cm-a") << how;
  }
}

TEST(DeviceRegistration, NamesOfCallManagersAreAskedOfDns) {
  DevicePlan plan = phone();
  plan.resolve = [](const std::string&) { return std::vector<IpAddress>(); };
  plan.dns = {IpAddress::from_v4(0x0a4d0003)};
  RegistrationLab lab(plan, {{"SEP001122334455.cnf.xml", configuration()}});
  lab.names = {{"cm-b", kCmB}};
  lab.run();
  EXPECT_EQ(lab.device.state(), DeviceState::kRegistered);
  EXPECT_EQ(lab.device.registration()->with()->address, kCmB);
  EXPECT_EQ(lab.device.dns()->questions(), 2u);
  EXPECT_TRUE(lab.has_noted("call manager cm-a: its address is not known"));
}

// Row 70.
TEST(DeviceRegistration, WithTheDefaultAPhoneRegistersByItself) {
  RegistrationLab lab(phone(),
                      {{"XMLDefault.cnf.xml",
                        "<Default><callManagerGroup><members><member priority=\"0\"><callManager>"
                        "<processNodeName>cm-b</processNodeName></callManager></member></members>"
                        "</callManagerGroup></Default>"}},
                      {.devices = std::set<std::string>(), .auto_register = true});
  lab.run();
  EXPECT_EQ(lab.device.state(), DeviceState::kAutoRegistered);
  ASSERT_EQ(lab.told.size(), 1u);
  EXPECT_EQ(lab.told[0].verdict, "auto-registered");
}

// Row 71: it has no default file, and what it is taken for does not register by itself.
TEST(DeviceRegistration, AGatewayIsRejected) {
  DevicePlan plan = phone(BootKind::kGateway);
  plan.order = boot_order(BootKind::kGateway, test::kPhoneMac, "SDA00dead0003");
  plan.registered_name = "SDA00dead0003";
  plan.number = 40;
  RegistrationLab lab(plan, {}, {.devices = std::set<std::string>(), .auto_register = true});
  lab.run();
  EXPECT_EQ(lab.device.state(), DeviceState::kRejected);
  EXPECT_TRUE(lab.has_noted("unknown gateway"));
}

// Row 73.
TEST(DeviceRegistration, WithoutACallManagerItTakesThatOfItsEra) {
  DevicePlan plan = phone();
  plan.call_managers.ignores_list = true;
  RegistrationLab late(plan, {{"SEP001122334455.cnf.xml", configuration()}});
  late.run();
  EXPECT_EQ(late.device.first_call_manager(), "tftp-server");
  EXPECT_EQ(late.device.registration()->with()->address, kTftp);
  plan.call_managers.fallback = CallManagerFallback::kCiscoCm1;
  RegistrationLab early(plan, {{"SEP001122334455.cnf.xml", configuration()}});
  early.run();
  EXPECT_EQ(early.device.registration()->with()->name, "CiscoCM1");
}

// Row 76.
TEST(DeviceRegistration, TheLoadOfAnOldPhoneComesFromItsCallManager) {
  DevicePlan plan = phone(BootKind::kPhoneCnf);
  plan.firmware = "old";
  plan.reset = 1'000'000;
  RegistrationLab lab(plan, {{"SEP001122334455.cnf", "\1\2\3"}, {"new.bin", "load"}},
                      {.load = "new"});
  lab.run();
  EXPECT_EQ(lab.device.state(), DeviceState::kRegistered);
  EXPECT_EQ(lab.device.load_source(), "cm");
  EXPECT_EQ(lab.device.firmware(), "new");
  EXPECT_EQ(lab.device.resets(), 1);
}

TEST(DeviceRegistration, ALoadOfAnyLengthIsAskedForAsFarAsItsFieldGoes) {
  DevicePlan plan = phone(BootKind::kPhoneCnf);
  plan.firmware = "old";
  RegistrationLab lab(plan, {{"SEP001122334455.cnf", "\1\2\3"}});
  constexpr std::size_t kSccpOfTftp = 4;
  lab.peers[kSccpOfTftp] = test::TcpPeer(kTftp, 2000, [](std::string_view) {
    return write_register_ack(30) + write_sccp(SccpType::kVersion, std::string(4000, 'x'));
  });
  lab.run();
  EXPECT_EQ(lab.device.state(), DeviceState::kRegistered);
  EXPECT_EQ(lab.server.asked.back(), std::string(kSccpVersion, 'x') + ".bin");
  EXPECT_EQ(lab.device.firmware(), "old");
}

// Rows 17 and 78.
TEST(DeviceRegistration, ASipPhoneRegistersItsLines) {
  const std::string lines =
      "<sipProfile><sipLines><line button=\"1\"><featureID>9</featureID><name>4711</name></line>"
      "<line button=\"2\"><featureID>2</featureID><name>speed</name></line>"
      "<line button=\"3\"><featureID>9</featureID><name>4712</name></line></sipLines></sipProfile>";
  DevicePlan plan = phone();
  plan.is_sip = true;
  RegistrationLab lab(plan, {{"SEP001122334455.cnf.xml", configuration("SIP", lines)}});
  lab.run();
  EXPECT_EQ(lab.device.state(), DeviceState::kRegistered);
  EXPECT_EQ(lab.device.registration()->lines_up(), 2u);
  plan.lines = 1;
  RegistrationLab one(plan, {{"SEP001122334455.cnf.xml", configuration("SIP", lines)}});
  one.run();
  EXPECT_EQ(one.device.registration()->lines_up(), 1u);
}

TEST(DeviceRegistration, WhereNobodyAnswersItKeepsItsFiles) {
  RegistrationLab lab(phone(), {{"SEP001122334455.cnf.xml", configuration()}});
  for (test::TcpPeer& peer : lab.peers) {
    peer.is_silent = true;
  }
  lab.run();
  EXPECT_EQ(lab.device.state(), DeviceState::kConfigured);
  EXPECT_TRUE(lab.has_noted("no call manager answers"));
}

}  // namespace
}  // namespace dialtone::emu
