// SPDX-License-Identifier: Apache-2.0
//
// Makes our addresses known, and finds out whether another host has one of them:
//
//   IPv6   a probe, and after a second without an answer the address may be used and is announced
//          twice (RFC 4862 5.4, RFC 4861 7.2.6). One that another host has is not used (5.4.5), and
//          probed again after 5 s, 10 s, 20 s and so on, at the longest after 5 min: once that
//          host has gone it is taken up without a restart
//   IPv4   announced twice (RFC 5227 2.3); it is used from the begin, since phones are waiting, and
//          never given up
//
// A host that claims an address in use is answered with an announcement, at most once in ten
// seconds by all workers together (RFC 5227 2.4 c), by the one whose queue the claim came to. All
// else is one worker's, the `active` one; the state of the address tells it what others have
// learned (OurAddresses). Announcements carry no VLAN tag. One thread; time comes in as a value.
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
  // Until a lost address is asked for again, and up to a quarter more, another part of it for each
  // start: two that lose an address to each other ask at times that part more and more.
  static constexpr Micros kFirstWait = 5'000'000;
  static constexpr Micros kLongestWait = 240'000'000;

  // An announcer that is not `active` defends addresses, and sends nothing else. `seed` is random.
  Announcer(OurAddresses& ours, const HeaderWriter& headers, bool active,
            std::uint64_t seed) noexcept;

  // Frames to send now; a compare when there are none.
  std::size_t due(Micros now) noexcept { return now < next_at_ ? 0 : count_due(now); }
  // Writes one of them; false when there is none, or none any more.
  bool write(Frame& frame, Micros now) noexcept;

  // Another host has claimed an address of ours: it is lost when it is not in use yet.
  void on_conflict(std::size_t index, Micros now) noexcept;

 private:
  static constexpr Micros kNever = ~Micros{0};

  struct Plan {
    Micros at = kNever;  // when the next frame is due
    Micros wait = kFirstWait;
    std::uint8_t announcements = 0;  // still to be sent
    bool probed = false;
  };

  std::size_t count_due(Micros now) noexcept;
  bool take_due(std::size_t index, Micros now) noexcept;
  bool step(Frame& frame, std::size_t index, Micros now) noexcept;
  void find_next() noexcept;
  void write_probe(Frame& frame, std::size_t index) const noexcept;
  void write_announcement(Frame& frame, std::size_t index) const noexcept;

  OurAddresses& ours_;
  const HeaderWriter& headers_;
  const std::uint32_t spread_;  // of 4096 parts, below 1024
  std::array<Plan, OurAddresses::kMaxAddresses> plans_{};
  Micros next_at_ = kNever;
};

}  // namespace dialtone::server
