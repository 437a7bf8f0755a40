// SPDX-License-Identifier: Apache-2.0
#include "bench/emu/discovery/discovery.h"

#include "dataplane/config/address_text.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace dialtone::emu {
namespace {

IpAddress ip(const std::string& text) {
  return config::parse_ip(text).value();
}

std::vector<IpAddress> ips(std::initializer_list<const char*> texts) {
  std::vector<IpAddress> all;
  for (const char* text : texts) {
    all.push_back(ip(text));
  }
  return all;
}

// A zone, which remembers who was asked for.
class Zone {
 public:
  explicit Zone(std::map<std::string, std::vector<IpAddress>> names = {})
      : names_(std::move(names)) {}

  Servers find(Precedence precedence, const Offer& offer, const Memory& memory = {}) {
    asked.clear();
    return find_servers(precedence, offer, memory, [this](const std::string& name) {
      asked.push_back(name);
      const auto known = names_.find(name);
      return known == names_.end() ? std::vector<IpAddress>() : known->second;
    });
  }

  std::vector<std::string> asked;

 private:
  std::map<std::string, std::vector<IpAddress>> names_;
};

// Each method has an address of its own: the fourth number is its rank.
Offer all_methods() {
  return {.siaddr = ip("10.0.0.3"),
          .sname = "sname",
          .option66 = "66",
          .option150 = ips({"10.0.0.4"}),
          .domain = "campus.example"};
}

Zone all_names() {
  return Zone({{"CiscoCM1.campus.example", ips({"10.0.0.2"})},
               {"sname", ips({"10.0.0.5"})},
               {"66", ips({"10.0.0.6"})}});
}

// Row 58: takes away one after the other, and sees who is next.
TEST(Discovery, AGatewayBelievesInThisOrder) {
  Zone zone = all_names();
  Offer offer = all_methods();
  Memory memory{.local = ips({"10.0.0.1"}), .last_good = ips({"10.0.0.9"})};
  std::vector<std::string> order;
  const auto next = [&] {
    const Servers servers = zone.find(Precedence::kGateway, offer, memory);
    order.emplace_back(servers.via ? method_name(*servers.via) : "none");
  };
  next();
  memory.local.clear();
  next();
  offer.domain = "elsewhere.example";
  next();
  offer.siaddr.reset();
  next();
  offer.option150.clear();
  next();
  offer.sname.clear();
  next();
  offer.option66.clear();
  next();
  memory.last_good.clear();
  next();
  EXPECT_EQ(order, (std::vector<std::string>{"local", "CiscoCM1", "siaddr", "150", "sname", "66",
                                             "nvram", "none"}));
}

// Row 59.
TEST(Discovery, APhoneOf8_0_4BelievesInThisOrder) {
  Zone zone = all_names();
  Offer offer = all_methods();
  Memory memory{.local = ips({"10.0.0.1"}), .alternate = true};
  std::vector<std::string> order;
  const auto next = [&] {
    const Servers servers = zone.find(Precedence::kPhone, offer, memory);
    order.emplace_back(servers.via ? method_name(*servers.via) : "none");
  };
  next();
  memory.alternate = false;  // what is set there counts no more
  next();
  offer.option150.clear();
  next();
  offer.option66.clear();
  next();
  offer.siaddr.reset();
  next();
  EXPECT_EQ(order, (std::vector<std::string>{"alternate", "150", "66", "siaddr", "sname"}));
  EXPECT_EQ(zone.asked, (std::vector<std::string>{"sname"}));  // never CiscoCM1
}

// Row 53: whatever else there is.
TEST(Discovery, AGatewayAlwaysTriesCiscoCm1) {
  Zone zone;
  const Servers servers = zone.find(Precedence::kGateway, {.option150 = ips({"10.0.0.4"})},
                                    {.local = ips({"10.0.0.1"})});
  EXPECT_EQ(servers.via, Method::kLocal);
  EXPECT_EQ(zone.asked, (std::vector<std::string>{"CiscoCM1"}));
}

// Row 61.
TEST(Discovery, AlternateReplacesBothServers) {
  Zone zone;
  const Servers servers =
      zone.find(Precedence::kPhone, {.option150 = ips({"10.9.9.9", "10.9.9.8"})},
                {.local = ips({"10.0.0.1", "10.0.0.2"}), .alternate = true});
  EXPECT_EQ(servers.addresses, ips({"10.0.0.1", "10.0.0.2"}));
}

// Row 63.
TEST(Discovery, OnlyTheFirstTwoAddressesOfOption150Count) {
  Zone zone;
  const Servers servers =
      zone.find(Precedence::kPhone, {.option150 = ips({"10.0.0.1", "10.0.0.2", "10.0.0.3"})});
  EXPECT_EQ(servers.addresses, ips({"10.0.0.1", "10.0.0.2"}));
  EXPECT_TRUE(servers.warns_of(Trap::kMoreThanTwo));
}

// Row 64.
TEST(Discovery, ANameMayHaveSeveralAddresses) {
  Zone zone({{"multi.example", ips({"10.0.0.1", "10.0.0.2"})}});
  const Servers servers = zone.find(Precedence::kPhone, {.option66 = "multi.example"});
  EXPECT_EQ(servers.addresses, ips({"10.0.0.1", "10.0.0.2"}));
  EXPECT_EQ(servers.via, Method::kOption66);
}

// Row 52: an address in option 66 is used as it is.
TEST(Discovery, AnAddressInOption66IsNotResolved) {
  Zone zone;
  const Servers servers = zone.find(Precedence::kPhone, {.option66 = "10.0.0.2"});
  EXPECT_EQ(servers.addresses, ips({"10.0.0.2"}));
  EXPECT_TRUE(zone.asked.empty());
}

// Row 62.
TEST(Discovery, OfTwoAddressesIn66And150TheLastIsTaken) {
  Zone zone({{"tftp.example", ips({"10.0.0.7"})}});
  Offer offer{.option66 = "10.0.0.2", .option150 = ips({"10.0.0.3"})};
  Servers servers = zone.find(Precedence::kGateway, offer);
  EXPECT_EQ(servers.addresses, ips({"10.0.0.3"}));
  EXPECT_TRUE(servers.warns_of(Trap::kBoth66And150));

  offer.option66_comes_last = true;
  servers = zone.find(Precedence::kGateway, offer);
  EXPECT_EQ(servers.addresses, ips({"10.0.0.2"}));
  EXPECT_EQ(servers.via, Method::kOption66);

  offer.option66 = "tftp.example";  // an address beats a name, wherever it stands
  servers = zone.find(Precedence::kGateway, offer);
  EXPECT_EQ(servers.addresses, ips({"10.0.0.3"}));
}

// Row 55.
TEST(Discovery, AnAddressInSnameIsIgnored) {
  Zone zone;
  const Servers servers = zone.find(Precedence::kPhone, {.sname = "10.0.0.2"});
  EXPECT_FALSE(servers.via);
  EXPECT_EQ(servers.traps, std::vector{Trap::kSnameIsAddress});
}

// Row 56.
TEST(Discovery, ADhcpServerThatNamesItselfIsATrap) {
  Zone zone;
  const Offer offer{.server = ip("10.0.0.1"), .siaddr = ip("10.0.0.1")};
  EXPECT_TRUE(zone.find(Precedence::kGateway, offer).warns_of(Trap::kSiaddrIsDhcpServer));
  EXPECT_FALSE(zone.find(Precedence::kPhone, {.server = ip("10.0.0.1"),
                                              .siaddr = ip("10.0.0.1"),
                                              .option150 = ips({"10.0.0.3"})})
                   .warns_of(Trap::kSiaddrIsDhcpServer));
}

// Rows 65 and 66.
TEST(Discovery, AnIpv6PhoneBelievesAddressesBeforeTheName) {
  Zone zone({{"tftp.example", ips({"2001:db8::7"})}});
  Offer offer{.sub_option1 = ips({"2001:db8::1"}), .sub_option2 = "tftp.example"};
  EXPECT_EQ(zone.find(Precedence::kIpv6, offer).addresses, ips({"2001:db8::1"}));
  EXPECT_TRUE(zone.asked.empty());
  offer.sub_option1.clear();
  EXPECT_EQ(zone.find(Precedence::kIpv6, offer).via, Method::kSubOption2);
}

TEST(Discovery, ANameThatNobodyKnowsIsSaid) {
  Zone zone;
  const Servers servers =
      zone.find(Precedence::kPhone, {.siaddr = ip("10.0.0.3"), .option66 = "nowhere"});
  EXPECT_EQ(servers.via, Method::kSiaddr);
  EXPECT_TRUE(servers.warns_of(Trap::kNameUnresolved));
}

}  // namespace
}  // namespace dialtone::emu
