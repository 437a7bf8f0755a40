// SPDX-License-Identifier: Apache-2.0
//
// What becomes of requests that cannot be answered at once (parking.h keeps them).
//
//   short of sessions   who waits gets the next one that is free, in the order in which they asked,
//                       and newcomers stand behind them; where newcomers are told that all are
//                       busy, nobody waits for a session: who has waited for another thing hears it
//   a name that the     control is asked for it over the miss ring, once however many ask, and
//   index lacks         again when the one who made us ask has gone; who waits is answered when a
//                       generation is published that has the file, or a tombstone for it, or when
//                       the policy's time is over
//   from a source that  it is let through when that source acknowledges something, as it does when
//   has never answered  others have asked from there; else when it comes again, and may be answered
//
// They are answered unasked, from send_ready(); a client need not repeat itself. One worker thread.
#pragma once

#include "dataplane/server/frame.h"
#include "dataplane/server/worker_state.h"

#include <cstddef>
#include <span>

namespace dialtone::server {

// A client that has said nothing for so long has given up: phones repeat a request after 4 s, the
// slowest of the stock clients after 5 (facts: cisco-tftp 9.4).
inline constexpr Micros kParkedSilenceUs = 10'000'000;
// When there is no room for a newcomer, one that has missed its repeat has to go.
inline constexpr Micros kCrowdedSilenceUs = 5'000'000;

// For a request that came in on port 69: true when it is the repeat of one that waits, and nothing
// more is to be done. Any other request of a client that waits takes the place of that one. Not
// worth a call when the lot is empty; so it is with the next two.
bool is_parked_already(WorkerState& worker, const Packet& packet, Micros now) noexcept;

// Lets a read request wait for a session; false: there is no room for it.
bool park_for_session(WorkerState& worker, const Packet& packet, Micros now) noexcept;

// For a read request of a name that the index does not have, with MissRule::kAsk: lets it wait for
// the file. False: it is to be answered at once, since the name is known to be absent, or there is
// nobody to ask, or no room. Misses get no more than half of the lot, so that one who asks for
// names at random does not take the places of those who wait for a session.
bool park_for_file(WorkerState& worker, const abi::LiveImage& image, const Packet& packet,
                   Micros now) noexcept;

// For a read request of a source that leaves first packets unacknowledged: lets it wait until it
// has acknowledged one. False: it is to be dropped, since the source is a proven one, or there is
// no room. Such requests get a quarter of the lot in all, a source a small part of that, and none
// when half of it is taken: so forged sources do not take the places of others.
bool park_for_proof(WorkerState& worker, const Packet& packet, Micros now) noexcept;

// The client's source is proven now: those that have waited for it are next to be answered.
void release_proven(WorkerState& worker, const tftp::ClientKey& client) noexcept;

// Frames that answer_parked() would fill; kMaxBurst at most. Gives up those whose clients are gone.
std::size_t count_parked(WorkerState& worker, const abi::LiveImage* image, Micros now) noexcept;

// Fills `out` in order and returns how many it used.
std::size_t answer_parked(WorkerState& worker, const abi::LiveImage* image, Micros now,
                          std::span<Frame> out) noexcept;

// Gives up all of them.
void clear_parked(WorkerState& worker) noexcept;

}  // namespace dialtone::server
