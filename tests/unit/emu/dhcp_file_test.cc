// SPDX-License-Identifier: Apache-2.0
#include "bench/emu/app/dhcp_file.h"

#include "bench/emu/app/device_plan.h"
#include "dataplane/config/address_text.h"
#include "tests/support/temp_folder.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace dialtone::emu {
namespace {

constexpr const char* kAllFive =
    R"({"address":"10.0.0.9","prefix":24,"router":"10.0.0.1","dns":"10.0.0.2","tftp":"10.0.0.3"})";

IpAddress ip(const std::string& text) {
  return config::parse_ip(text).value();
}

class DhcpFile : public testing::Test {
 protected:
  Result<DhcpReply> read(const std::string& text) {
    folder.write("dhcp.json", text);
    return read_dhcp_file(folder.file("dhcp.json"));
  }

  const test::TempFolder folder;
};

TEST_F(DhcpFile, IsWhatTheEmulatorPrints) {
  for (const std::string& text :
       {std::string(kAllFive), R"({"state":"booting","dhcp":)" + std::string(kAllFive) + "}"}) {
    const auto lease = read(text);
    ASSERT_TRUE(lease) << lease.error().text;
    EXPECT_EQ(lease->address, ip("10.0.0.9"));
    EXPECT_EQ(lease->prefix_bits, 24);
    EXPECT_EQ(lease->router, ip("10.0.0.1"));
    EXPECT_EQ(lease->dns, std::vector{ip("10.0.0.2")});
    EXPECT_EQ(lease->offer.option150, std::vector{ip("10.0.0.3")});
  }
}

TEST_F(DhcpFile, ANameIsOption66AndListsAreTaken) {
  EXPECT_EQ(read(R"({"address":"10.0.0.9","tftp":"tftp.example"})")->offer.option66,
            "tftp.example");
  const auto lists = read(R"({"address":"10.0.0.9","tftp":["10.0.0.3","10.0.0.4"],"dns":[]})");
  ASSERT_TRUE(lists) << lists.error().text;
  EXPECT_EQ(lists->offer.option150, (std::vector{ip("10.0.0.3"), ip("10.0.0.4")}));
  EXPECT_TRUE(lists->dns.empty());
}

TEST_F(DhcpFile, AllThatIsWrongIsSaid) {
  const auto bad = read(R"({"prefix":33,"router":"fe80::1","dns":[5],"mask":"255.0.0.0"})");
  ASSERT_FALSE(bad);
  EXPECT_EQ(bad.error().code, ErrorCode::kUsage);
  for (const char* what : {"prefix", "router: \"fe80::1\"", "dns: 5", "'mask'", "has no address"}) {
    EXPECT_NE(bad.error().text.find(folder.file("dhcp.json") + ": "), std::string::npos);
    EXPECT_NE(bad.error().text.find(what), std::string::npos) << what;
  }
  for (const char* text : {"", "5", "[]", "{", R"({"dhcp":7})", R"({"address":"0.0.0.0"})"}) {
    EXPECT_FALSE(read(text)) << text;
  }
  EXPECT_FALSE(read_dhcp_file(folder.file("nosuch")));
}

// Row 46, without a server: it is as if one had said so, and none is asked.
TEST_F(DhcpFile, ADeviceTakesItWithoutAsking) {
  folder.write("dhcp.json", kAllFive);
  const std::string path = folder.file("dhcp.json");
  const auto plan = plan_device({.dhcp_from = path});
  ASSERT_TRUE(plan) << plan.error().text;
  Device device(*plan, 0);
  EXPECT_EQ(device.dhcp(), nullptr);
  ASSERT_NE(device.lease(), nullptr);
  const HostConfig& host = device.host().config();
  EXPECT_EQ(host.address, ip("10.0.0.9"));
  EXPECT_EQ(host.gateway, ip("10.0.0.1"));
  EXPECT_EQ(config::prefix_text(host.subnet), "10.0.0.0/24");
  EXPECT_EQ(device.servers().via, Method::kOption150);
  EXPECT_EQ(plan_device({.dhcp_from = path, .option150 = "10.0.0.7"})->offer.option150.front(),
            ip("10.0.0.7"));
  EXPECT_FALSE(plan_device({.address = "10.0.0.8/24", .dhcp_from = path}));
  EXPECT_FALSE(plan_device({.dhcp_from = path, .v6 = true}));
}

}  // namespace
}  // namespace dialtone::emu
