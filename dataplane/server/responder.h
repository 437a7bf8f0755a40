// SPDX-License-Identifier: Apache-2.0
//
// The one code path for packets: a burst of frames, an image and a time in; verdicts and replies
// out. A worker, the micro benchmarks and the tests all call this.
//
// One Responder belongs to one worker thread and shares nothing but its counters and pins. After
// construction it never allocates, blocks, logs or throws; its memory is touched beforehand.
#pragma once

#include "dataplane/abi/events_page.h"
#include "dataplane/abi/live_image.h"
#include "dataplane/abi/miss_ring.h"
#include "dataplane/base/tsc_clock.h"
#include "dataplane/server/frame.h"
#include "dataplane/server/our_addresses.h"
#include "dataplane/server/parking.h"
#include "dataplane/wire/mac_address.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

namespace dialtone::server {

// IPv4, UDP and TFTP headers around a block; and what IPv6 takes more.
inline constexpr std::uint32_t kPacketOverhead = 20 + 8 + 4;
inline constexpr std::uint32_t kIpv6Extra = 20;
// Every client may ask for a block of 512 bytes, which makes a packet of 564 of IPv6.
inline constexpr std::uint32_t kLeastMtu = 576;

// Checksums that the port computes; those of a reply then hold what it wants to find there (UDP:
// the pseudo-header's sum).
struct ChecksumOffload {
  bool ip = false;
  bool udp = false;
};

struct ResponderConfig {
  wire::MacAddress mac;
  OurAddresses* addresses;        // shared by the workers; outlives them
  bool announces = true;          // one worker makes the addresses known; all defend them
  std::uint32_t worker = 0;       // below `workers`
  std::uint32_t workers = 1;      // at most 2^worker_bits
  std::uint32_t worker_bits = 0;  // at most tftp::kMaxWorkerBits
  std::uint32_t max_sessions = 65536;
  std::uint16_t max_block_size = 1500 - kPacketOverhead;  // what IPv4 carries (RFC 2348)
  std::uint64_t hash_seed = 0;  // random for each start: it hides the transfer ports
  TickRate rate;
  bool single_port = false;              // every reply comes from port 69 (tftp/tid.h)
  bool accept_partial_checksum = false;  // virtual devices only, never a NIC
  bool reassembles = false;              // the caller joins fragments; else they are dropped
  // What the kernel may get of what is not ours: so much to our MAC, as much to groups; 0: nothing.
  std::uint32_t punts_per_second = 0;
  ChecksumOffload offload{};
  std::uint32_t max_parked = kDefaultParked;  // requests that wait
  abi::MissWriter misses{};                   // where control is asked for names
  abi::EventRing events{};                    // of this worker; none: events are not noted
};

class Responder {
 public:
  // `counters` is this worker's block, kCounterCount values (counters.h), and outlives the
  // responder, as what `pins` refers to does.
  Responder(const ResponderConfig& config, std::span<std::uint64_t> counters, abi::Pins pins);
  ~Responder();  // ends all sessions
  Responder(const Responder&) = delete;
  Responder& operator=(const Responder&) = delete;

  // At most kMaxBurst frames, and as many verdicts (frame.h says what is to be done). Without an
  // image (null or not present) requests are dropped and counted. Outcomes are those of the frames
  // one by one, in order.
  void process(std::span<Frame> frames, std::span<Verdict> verdicts, const abi::LiveImage* image,
               Ticks now) noexcept;

  // Runs the timers: re-arms sessions that were active, frees those that have had their last copy.
  // Says how many frames (at most kMaxBurst) send_ready() would fill now, with answers to requests
  // that have waited for them, with copies and with what windows still have room for. Some compares
  // when nothing is due. Call it once in each turn of the worker's loop; allocate frames only when
  // it is not 0. `image` is the present one; without one, who waits waits on.
  std::size_t frames_ready(Ticks now, const abi::LiveImage* image = nullptr) noexcept;

  // Fills `out` in order, a block of each session in turn (the caller gives data and capacity), and
  // returns how many it used: fewer than there were ready when what they need has gone meanwhile.
  std::size_t send_ready(Ticks now, std::span<Frame> out,
                         const abi::LiveImage* image = nullptr) noexcept;

  // The segment of `slot` is wanted back: its transfers end with an ERROR out of send_ready(), some
  // in each call. kNoSlot: none is. Call it in each turn, before frames_ready().
  void drain(std::uint16_t slot) noexcept;

  // From now on no request begins a transfer or is answered, but for the repeat of one whose
  // transfer goes on; who waits is forgotten. So sessions() falls to 0 as they end. Calling it
  // again does nothing.
  void take_no_more() noexcept;
  // Ends that. Likewise.
  void take_again() noexcept;

  std::size_t sessions() const noexcept;

  // Frees every session without a packet, and forgets who waits; all pins of this worker are 0
  // afterwards.
  void end_all_sessions() noexcept;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace dialtone::server
