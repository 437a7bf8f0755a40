// SPDX-License-Identifier: Apache-2.0
//
// A device from power-on to its call manager: features 17, 70, 71, 73 to 76 and 78.
#include "tests/unit/emu/registration_lab.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

namespace dialtone::emu {
namespace {

using namespace registration_lab;

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
