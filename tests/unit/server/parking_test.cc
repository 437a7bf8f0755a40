// SPDX-License-Identifier: Apache-2.0
//
// The lot as a container, against a simple model of it.
#include "dataplane/server/parking.h"

#include "tests/support/packet_builder.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <random>
#include <string>

namespace dialtone::server {
namespace {

// The hashes are poor on purpose: chains get long.
Packet packet_of(std::uint16_t port, const std::string& payload) {
  Packet packet{};
  packet.peer.client.address = IpAddress::from_v4(test::kPhoneAddress);
  packet.peer.client.port = port;
  packet.hash = port % 3;
  packet.payload = std::as_bytes(std::span(payload));
  return packet;
}

std::string text_of(const Parked& parked) {
  return {reinterpret_cast<const char*>(parked.payload().data()), parked.payload().size()};
}

TEST(Parking, KeepsARequestOfTheLargestSize) {
  ParkingLot lot(2);
  EXPECT_TRUE(lot.empty());
  const std::string largest(tftp::kMaxRequest, 'x');
  const Packet packet = packet_of(7, largest);
  lot.add(packet, WaitsFor::kSession, 0, 5);
  Parked* parked = lot.find(packet.hash, packet.peer.client);
  ASSERT_NE(parked, nullptr);
  EXPECT_EQ(text_of(*parked), largest);
  lot.remove(*parked);
  EXPECT_EQ(lot.find(packet.hash, packet.peer.client), nullptr);
  EXPECT_TRUE(lot.empty());
}

TEST(Parking, MovesToThePlaceOfItsFirstQuestion) {
  ParkingLot lot(8);
  const std::string text = "x";
  const auto add = [&](std::uint16_t port, WaitsFor what, Micros at) -> Parked& {
    return lot.add(packet_of(port, text), what, 1, at);
  };
  add(1, WaitsFor::kSession, 10);
  Parked& moved = add(2, WaitsFor::kFile, 20);
  add(3, WaitsFor::kSession, 30);
  lot.move(moved, WaitsFor::kSession);
  std::vector<int> order;
  while (Parked* parked = lot.first(WaitsFor::kSession)) {
    order.push_back(parked->peer.client.port);
    lot.remove(*parked);
  }
  EXPECT_EQ(order, (std::vector<int>{1, 2, 3}));
}

TEST(Parking, WhoHasWaitedForAProofStandsBehindTheOthers) {
  ParkingLot lot(8);
  const std::string text = "x";
  lot.add(packet_of(1, text), WaitsFor::kProof, 7, 10);
  lot.add(packet_of(2, text), WaitsFor::kSession, 0, 20);
  EXPECT_EQ(lot.latest(WaitsFor::kFile, 7), nullptr) << "a name that has the number of a source";
  lot.move(*lot.latest(WaitsFor::kProof, 7), WaitsFor::kSession);
  EXPECT_EQ(lot.latest(WaitsFor::kProof, 7), nullptr);
  EXPECT_EQ(lot.first(WaitsFor::kSession)->peer.client.port, 2);
  EXPECT_EQ(lot.waiting(WaitsFor::kSession), 2U);
}

TEST(Parking, ARecheckMeetsEachThatWaitsForAFileOnce) {
  ParkingLot lot(8);
  const std::string text = "x";
  for (std::uint16_t port = 1; port <= 5; ++port) {
    lot.add(packet_of(port, text), WaitsFor::kFile, port, port);
  }
  EXPECT_EQ(lot.next_unchecked(), nullptr);  // each was looked up before it was put here
  lot.recheck();
  std::vector<int> met;
  while (Parked* parked = lot.next_unchecked()) {
    met.push_back(parked->peer.client.port);
    if (parked->peer.client.port == 2) {
      // The one at hand goes, and the one whose turn it would be.
      lot.remove(*parked);
      lot.remove(*lot.find(0, packet_of(3, text).peer.client));
    }
  }
  EXPECT_EQ(met, (std::vector<int>{1, 2, 4, 5}));
}

struct Model {
  std::uint16_t port;
  WaitsFor waits_for;
  std::uint64_t group;
  Micros first_asked;
  Micros last_asked;
};

void expect_same(ParkingLot& lot, const std::vector<Model>& model) {
  ASSERT_EQ(lot.size(), model.size());
  for (const WaitsFor what :
       {WaitsFor::kSession, WaitsFor::kFile, WaitsFor::kRefusal, WaitsFor::kProof}) {
    const auto count = std::ranges::count(model, what, &Model::waits_for);
    ASSERT_EQ(lot.waiting(what), static_cast<std::size_t>(count));
    if (count != 0) {
      Micros oldest = ~Micros{0};
      for (const Model& one : model) {
        oldest = one.waits_for == what ? std::min(oldest, one.first_asked) : oldest;
      }
      ASSERT_EQ(lot.first(what)->first_asked, oldest);
    }
  }
  for (const Model& one : model) {
    for (const WaitsFor what : {WaitsFor::kFile, WaitsFor::kProof}) {
      std::ptrdiff_t count = 0;
      for (Parked* same = lot.latest(what, one.group); same != nullptr; same = lot.before(*same)) {
        ++count;
      }
      ASSERT_EQ(lot.waiting(what, one.group), static_cast<std::size_t>(count));
      ASSERT_EQ(count, std::ranges::count_if(model, [&](const Model& other) {
                  return other.waits_for == what && other.group == one.group;
                }));
    }
  }
  if (!model.empty()) {
    const auto silent = std::ranges::min_element(model, {}, &Model::last_asked);
    ASSERT_EQ(lot.most_silent()->peer.client.port, silent->port);
  }
}

TEST(Parking, IsAsASimpleModelSays) {
  ParkingLot lot(16);
  std::vector<Model> model;
  std::mt19937 random(7);
  const std::string text = "request";
  for (Micros now = 1; now < 20000; ++now) {
    const auto port = static_cast<std::uint16_t>(1 + random() % 24);
    const Packet packet = packet_of(port, text);
    const auto known = std::ranges::find(model, port, &Model::port);
    Parked* parked = lot.find(packet.hash, packet.peer.client);
    ASSERT_EQ(parked != nullptr, known != model.end());
    if (parked == nullptr) {
      ASSERT_EQ(lot.full(), model.size() == 16);
      if (!lot.full()) {
        constexpr WaitsFor kKinds[] = {WaitsFor::kSession, WaitsFor::kFile, WaitsFor::kProof};
        const WaitsFor what = kKinds[random() % 3];
        const std::uint64_t group = random() % 5;
        lot.add(packet, what, group, now);
        model.push_back({port, what, group, now, now});
      }
    } else if (const auto choice = random() % 4; choice == 0) {
      lot.remove(*parked);
      model.erase(known);
    } else if (choice == 1 && parked->waits_for == WaitsFor::kFile) {
      known->waits_for = random() % 2 == 0 ? WaitsFor::kSession : WaitsFor::kRefusal;
      lot.move(*parked, known->waits_for);
    } else {
      lot.refresh(*parked, packet.peer, now);
      known->last_asked = now;
    }
    expect_same(lot, model);
    if (HasFatalFailure()) {
      return;
    }
  }
}

}  // namespace
}  // namespace dialtone::server
