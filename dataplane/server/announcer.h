// SPDX-License-Identifier: Apache-2.0
//
// Makes our addresses known, and finds out whether another host has one of them:
//
//   IPv6   a probe, and after a second without an answer the address may be used and is announced
//          twice (RFC 4862 5.4, RFC 4861 7.2.6)
//   IPv4   announced twice (RFC 5227 2.3); it is used from the begin, since phones are waiting
//
// A host that claims an address in use is answered with an announcement, at most once in ten
// seconds (RFC 5227 2.4 b). Announcements carry no VLAN tag. One worker; time comes in as a value.
// The claim may come to another worker, and the state of the address tells this one (OurAddresses).
#pragma once

#include "dataplane/base/tsc_clock.h"
#include "dataplane/server/frame.h"
#include "dataplane/server/headers.h"
#include "dataplane/server/our_addresses.h"

#include <array>
#include <cstddef>
#include <cstdint>

namespace dialtone::server {

class Announcer {
 public:
  // An announcer that is not `active` sends nothing: another worker's does.
  Announcer(OurAddresses& ours, const HeaderWriter& headers, bool active) noexcept;

  // Frames to send now; a compare when there are none.
  std::size_t due(Micros now) noexcept { return now < next_at_ ? 0 : count_due(now); }
  // Writes one of them; false when there is none, or none any more.
  bool write(Frame& frame, Micros now) noexcept;

  // Another host has claimed an address of ours. Returns true when that address is lost: it was not
  // in use yet.
  bool on_conflict(std::size_t index, Micros now) noexcept;

 private:
  static constexpr Micros kNever = ~Micros{0};

  struct Plan {
    Micros at = kNever;  // when the next frame is due
    Micros defend_from = 0;
    std::uint8_t announcements = 0;  // still to be sent
    bool probed = false;
  };

  std::size_t count_due(Micros now) noexcept;
  bool step(Frame& frame, std::size_t index, Micros now) noexcept;
  void find_next() noexcept;
  void write_probe(Frame& frame, std::size_t index) const noexcept;
  void write_announcement(Frame& frame, std::size_t index) const noexcept;

  OurAddresses& ours_;
  const HeaderWriter& headers_;
  const bool active_;
  std::array<Plan, OurAddresses::kMaxAddresses> plans_{};
  Micros next_at_ = kNever;
};

}  // namespace dialtone::server
