// SPDX-License-Identifier: Apache-2.0
//
// An emulated device's place on the link: its addresses, whom it knows there (ARP, RFC 826;
// neighbour discovery, RFC 4861), and its UDP. Takes frames and time as values; what it sends waits
// in an outbox. For devices one by one, not for a storm. One thread.
#pragma once

#include "bench/emu/host/frame.h"
#include "bench/emu/host/neighbours.h"
#include "bench/emu/host/segment.h"
#include "dataplane/base/tsc_clock.h"
#include "dataplane/wire/ethernet.h"

#include <deque>
#include <map>
#include <optional>
#include <span>
#include <vector>

namespace dialtone::emu {

struct HostConfig {
  wire::MacAddress mac{};
  std::optional<std::uint16_t> vlan{};
  IpAddress address{};  // unspecified: none yet, and only broadcasts are sent
  IpPrefix subnet{};
  std::optional<IpAddress> gateway{};
};

// What a frame has brought for a device itself; at most one of them.
struct Arrival {
  std::optional<Datagram> datagram{};
  std::optional<Segment> segment{};
};

class Host {
 public:
  using Frame = std::vector<std::byte>;

  explicit Host(const HostConfig& config) : config_(config) {}

  // What DHCP has given it. Neighbours are forgotten.
  void configure(const HostConfig& config);
  const HostConfig& config() const noexcept { return config_; }

  // Tells the link whose its address of IPv4 is now (RFC 5227 2.3): who knows it with another MAC
  // would answer that one.
  void announce();
  // Sends when the next hop's MAC is known, which is asked for first.
  void send(const IpAddress& to, std::uint16_t from_port, std::uint16_t to_port,
            std::span<const std::byte> payload, Micros now);
  // From our address, which the segment has already.
  void send_segment(const Segment& segment, Micros now);
  // From 0.0.0.0, or our address, to all on the link.
  void broadcast(std::uint16_t from_port, std::uint16_t to_port,
                 std::span<const std::byte> payload);

  // `frame` must stay as long as what it brought is used. ARP, solicitations and echo requests are
  // answered.
  Arrival on_frame(std::span<const std::byte> frame);
  // Asks again for neighbours that have not answered; after the third time what waits for one is
  // dropped.
  void on_time(Micros now);
  Micros deadline() const noexcept;

  std::deque<Frame> outbox;

 private:
  struct Neighbour {
    std::optional<wire::MacAddress> mac{};
    std::vector<Frame> waiting{};  // whole frames, but for the MAC
    int asked = 0;
    Micros ask_again = 0;
  };

  IpAddress next_hop(const IpAddress& to) const noexcept;
  bool is_for_us(const Received& frame) const noexcept;
  bool is_ours(const Datagram& datagram) const noexcept;
  // A whole frame but for the MAC of the next hop.
  void send_frame(const IpAddress& hop, Frame frame, Micros now);
  void ask(const IpAddress& address, Neighbour& neighbour, Micros now);
  void learn(const IpAddress& address, const wire::MacAddress& mac);
  void on_neighbour(const Received& frame, const NeighbourTalk& talk);
  void on_icmpv4(const Received& frame);
  void put(std::uint16_t ether_type, const wire::MacAddress& to,
           std::span<const std::byte> payload);

  HostConfig config_;
  std::map<IpAddress, Neighbour> neighbours_;
};

}  // namespace dialtone::emu
