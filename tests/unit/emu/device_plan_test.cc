// SPDX-License-Identifier: Apache-2.0
#include "bench/emu/app/device_plan.h"

#include "bench/emu/app/client_addresses.h"
#include "bench/emu/app/nvram_file.h"
#include "dataplane/config/address_text.h"
#include "tests/support/temp_folder.h"

#include <gtest/gtest.h>

#include <string>

namespace dialtone::emu {
namespace {

// The servers that the planned device asks.
Servers servers_of(const DeviceOptions& options) {
  const auto plan = plan_device(options);
  EXPECT_TRUE(plan) << plan.error().text;
  return find_servers(plan->precedence, plan->offer, plan->memory, plan->resolve);
}

IpAddress ip(const std::string& text) {
  return config::parse_ip(text).value();
}

TEST(DevicePlan, APhoneIsKnownByItsMac) {
  const auto plan = plan_device({.mac = "00:11:22:33:44:55", .address = "10.0.0.9/24"});
  ASSERT_TRUE(plan) << plan.error().text;
  EXPECT_EQ(plan->name, "SEP001122334455");
  EXPECT_EQ(plan->host.address, ip("10.0.0.9"));
  EXPECT_EQ(config::prefix_text(plan->host.subnet), "10.0.0.0/24");
  EXPECT_EQ(plan->precedence, Precedence::kPhone);
}

TEST(DevicePlan, OldFirmwareBelievesAsGatewaysDo) {
  for (const char* version : {"8.0.3", "8.0(3)", "7.9", "5-0-1", "SCCP41.8-0-3S", "P0S3-07-5-00"}) {
    EXPECT_EQ(plan_device({.firmware = version})->precedence, Precedence::kGateway) << version;
  }
  for (const char* version :
       {"8.0.4", "8.0(4)", "9.4.2", "12-8-1", "SIP41.9-4-2", "P0S3-08-12-00", "old"}) {
    EXPECT_EQ(plan_device({.firmware = version})->precedence, Precedence::kPhone) << version;
  }
  EXPECT_EQ(plan_device({.profile = "cm3"})->precedence, Precedence::kGateway);
}

TEST(DevicePlan, AnIpv6PhoneHasAnOrderOfItsOwn) {
  const auto plan = plan_device({.address = "2001:db8::9/64"});
  EXPECT_EQ(plan->precedence, Precedence::kIpv6);
  EXPECT_EQ(config::prefix_text(plan->host.subnet), "2001:db8::/64");
}

// Row 62.
TEST(DevicePlan, OptionsStandInTheOrderOfTheAnswer) {
  const DeviceOptions gateway{
      .is_gateway = true, .name = "gw", .options = "66=10.0.0.2,150=10.0.0.3"};
  EXPECT_EQ(servers_of(gateway).addresses.front(), ip("10.0.0.3"));
  DeviceOptions other = gateway;
  other.options = "150=10.0.0.3,66=10.0.0.2";
  EXPECT_EQ(servers_of(other).addresses.front(), ip("10.0.0.2"));
}

// Rows 65 and 66.
TEST(DevicePlan, VendorOptionsOfIpv6StandForWhatDhcpSays) {
  EXPECT_EQ(servers_of({.v6 = true, .vendor_subopts = {"1=2001:db8::1"}}).addresses.front(),
            ip("2001:db8::1"));
  const test::TempFolder folder;
  folder.write("zone", "tftp.example 2001:db8::2\n");
  const Servers servers =
      servers_of({.v6 = true, .vendor_subopts = {"2=tftp.example"}, .zone = folder.file("zone")});
  EXPECT_EQ(servers.via, Method::kSubOption2);
  EXPECT_FALSE(plan_device({.v6 = true, .vendor_subopts = {"3=x"}}));
  EXPECT_FALSE(plan_device({.address = "10.0.0.9/24", .v6 = true}));
}

// Row 54.
TEST(DevicePlan, AnAddressThatIsSetOverridesDhcp) {
  EXPECT_EQ(servers_of({.local_tftp = "10.0.0.1", .option150 = "10.0.0.2"}).addresses.front(),
            ip("10.0.0.1"));
}

TEST(DevicePlan, NamesComeFromAFile) {
  const test::TempFolder folder;
  folder.write("zone", "# our servers\nTFTP.example. 10.0.0.1 10.0.0.2  # both\n");
  const DeviceOptions phone{.option66 = "tftp.example", .zone = folder.file("zone")};
  EXPECT_EQ(servers_of(phone).addresses.size(), 2u);
  folder.write("bad", "a 10.0.0.1\nb\nc 10.0.0\n");
  const auto bad = plan_device({.zone = folder.file("bad")});
  ASSERT_FALSE(bad);
  EXPECT_NE(bad.error().text.find("bad:2: b has no address"), std::string::npos);
  EXPECT_NE(bad.error().text.find("bad:3: '10.0.0' is no address"), std::string::npos);
}

// Row 57.
TEST(DevicePlan, WhatServedLastIsRemembered) {
  const test::TempFolder folder;
  const std::string path = folder.file("nvram");
  EXPECT_FALSE(servers_of({.nvram = path}).via);
  ASSERT_TRUE(write_nvram(path, std::vector{ip("10.0.0.1"), ip("2001:db8::1")}));
  const Servers servers = servers_of({.nvram = path});
  EXPECT_EQ(servers.via, Method::kNvram);
  EXPECT_EQ(servers.addresses, std::vector{ip("10.0.0.1")});
  EXPECT_TRUE(servers.warns_of(Trap::kOtherFamily));  // it has an address of IPv4 alone
  folder.write("nvram", "rubbish\n");
  EXPECT_FALSE(plan_device({.nvram = path}));
}

TEST(DevicePlan, ARouterIsOfTheFamilyOfItsDevice) {
  EXPECT_TRUE(plan_device({.address = "10.0.0.9/24", .router = "10.0.0.1"}));
  EXPECT_TRUE(plan_device({.router = "fe80::1", .v6 = true}));
  EXPECT_TRUE(plan_device({.router = "10.0.0.1", .dual = true}));
  for (const DeviceOptions& mixed :
       {DeviceOptions{.address = "10.0.0.9/24", .router = "fe80::1"},
        DeviceOptions{.address = "2001:db8::9/64", .router = "10.0.0.1"},
        DeviceOptions{.router = "10.0.0.1", .v6 = true}, DeviceOptions{.router = "fe80::1"}}) {
    const auto plan = plan_device(mixed);
    ASSERT_FALSE(plan);
    EXPECT_NE(plan.error().text.find("--router: " + mixed.router), std::string::npos);
  }
}

TEST(DevicePlan, AllThatIsWrongIsSaid) {
  const auto plan = plan_device({.mac = "01:00:00:00:00:01",
                                 .model = "7999",
                                 .address = "10.0.0.9",
                                 .vlan = "4095",
                                 .alternate_tftp = "perhaps",
                                 .options = "43=x",
                                 .siaddr = "here"});
  ASSERT_FALSE(plan);
  EXPECT_EQ(plan.error().code, ErrorCode::kUsage);
  for (const char* option :
       {"--mac", "--model", "--static", "--vlan", "--alternate-tftp", "--options", "--siaddr"}) {
    EXPECT_NE(plan.error().text.find(option), std::string::npos) << option;
  }
}

// Rows 48 to 50.
TEST(DevicePlan, DhcpIsOnAndOfAnAccessGatewayAlways) {
  EXPECT_TRUE(defaults_of({}).dhcp);
  EXPECT_TRUE(defaults_of({}).can_be_off);
  for (const char* type : {"access-analog", "access-digital"}) {
    const DeviceOptions off{.is_gateway = true, .name = "SAA", .type = type, .no_dhcp = true};
    EXPECT_FALSE(plan_device(off));
    EXPECT_EQ(refusal_code(off), "dhcp-fixed");
    EXPECT_TRUE(plan_device({.is_gateway = true, .name = "SAA", .type = type}));
  }
  const DeviceOptions module{.is_gateway = true,
                             .name = "SDA",
                             .type = "cat6k",
                             .address = "10.0.0.8/24",
                             .no_dhcp = true};
  EXPECT_TRUE(plan_device(module));
  EXPECT_EQ(refusal_code({.no_dhcp = true}), "bad-option");
  EXPECT_FALSE(plan_device({.no_dhcp = true}));  // it would have no address at all
  EXPECT_FALSE(plan_device({.is_gateway = true, .name = "gw", .type = "modem"}));
}

// Rows 50, 53, 56 and 62 name none.
TEST(DevicePlan, AGatewayHasTheNameOfItsTypeAndItsMac) {
  const auto name = [](const char* type) {
    const auto plan = plan_device({.is_gateway = true, .mac = "00:11:22:aa:bb:cc", .type = type});
    return plan ? plan->name : plan.error().text;
  };
  EXPECT_EQ(name(""), "SDA001122AABBCC");
  EXPECT_EQ(name("access-analog"), "SAA001122AABBCC");
  EXPECT_EQ(name("access-digital"), "SDA001122AABBCC");
  EXPECT_EQ(name("cat6k"), "SDA001122AABBCC");
  EXPECT_EQ(name("sccp"), "VGC001122AABBCC");
  EXPECT_NE(name("mgcp").find("--name: a gateway of MGCP"), std::string::npos);
  EXPECT_EQ(plan_device({.is_gateway = true, .name = "gw"})->name, "gw");
  const auto plan = plan_device({.is_gateway = true, .mac = "00:11:22:aa:bb:cc"});
  EXPECT_EQ(plan->order.back().name, "SDA001122AABBCC.cnf.xml");
  EXPECT_EQ(plan->registered_name, "SDA001122AABBCC");
}

TEST(ClientAddresses, OnesThatHostsCanHaveAndTheServerHasNot) {
  EXPECT_TRUE(client_addresses("10.77.0.1", "10.77.64.1", 60'000));
  EXPECT_TRUE(client_addresses("10.77.0.1", "10.77.0.2", 1));
  EXPECT_TRUE(client_addresses("fd00::1", "fd00::6400", 60'000));
  const auto fault = [](const char* tftp, const char* first, std::uint64_t count) {
    const auto addresses = client_addresses(tftp, first, count);
    return addresses ? std::string() : addresses.error().text;
  };
  EXPECT_NE(fault("10.77.0.1", "fd00::2", 1).find("one family"), std::string::npos);
  EXPECT_NE(fault("10.77.0.1", "127.0.0.1", 1).find("no client can have"), std::string::npos);
  EXPECT_NE(fault("10.77.0.1", "223.255.255.255", 2).find("no client can have"), std::string::npos);
  EXPECT_NE(fault("10.77.0.1", "255.255.255.255", 1).find("no client"), std::string::npos);
  EXPECT_NE(fault("fd00::1", "fd00::ffff:ffff:ffff:ffff", 2).find("not enough"), std::string::npos);
  EXPECT_NE(fault("10.77.0.9", "10.77.0.1", 9).find("10.77.0.1 to 10.77.0.9, and the server is"),
            std::string::npos);
  EXPECT_EQ(fault("10.77.0.9", "10.77.0.1", 8), "");
}

// Rows 25 to 28.
TEST(DevicePlan, AFirstServerIsPlayedInTheWordsOfItsEra) {
  const auto says = [](const char* state, const char* profile) {
    return plan_device({.profile = profile, .server1 = state})->first_server->text;
  };
  EXPECT_EQ(says("busy", "cm5"), "Process Allocation Exceeded");
  EXPECT_EQ(says("rebuilding", "cm5"), "Disk Full");
  EXPECT_EQ(says("busy", "cm9"), "Server is busy, try again later");
  EXPECT_EQ(says("rebuilding", "cm9"), "Delay: rebuilding, try again later");
  EXPECT_EQ(says("busy", ""), "Process Allocation Exceeded");
  EXPECT_FALSE(plan_device({})->first_server);
  const auto none = plan_device({.profile = "cm3", .server1 = "rebuilding"});
  ASSERT_FALSE(none);
  EXPECT_NE(none.error().text.find("--server1: a server of cm3"), std::string::npos);
}

TEST(DevicePlan, AFirstServerIsPlayedForSoLong) {
  EXPECT_EQ(plan_device({.while_busy = 2.5})->first_server_lasts, 2'500'000u);
  EXPECT_EQ(plan_device({.server1 = "rebuilding"})->first_server_lasts, 5'000'000u);
  EXPECT_EQ(plan_device({.server1 = "rebuilding", .while_busy = 1})->first_server_lasts,
            1'000'000u);
  EXPECT_GT(plan_device({.server1 = "busy"})->first_server_lasts, 1'000'000'000'000u);
}

TEST(DevicePlan, WhatDoesNotExistIsRefused) {
  EXPECT_FALSE(plan_device({.model = "12SP", .sip = true}));
}

}  // namespace
}  // namespace dialtone::emu
