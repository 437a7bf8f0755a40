// SPDX-License-Identifier: Apache-2.0
//
// What the stages of one worker share: its sessions and their timers, requests that wait, who is
// admitted, counters, events and pins, and the part of the policy that outlives a burst. One worker
// thread.
#pragma once

#include "dataplane/abi/live_image.h"
#include "dataplane/server/admission.h"
#include "dataplane/server/announcer.h"
#include "dataplane/server/counters.h"
#include "dataplane/server/event_log.h"
#include "dataplane/server/headers.h"
#include "dataplane/server/packet.h"
#include "dataplane/server/parking.h"
#include "dataplane/server/path_limits.h"
#include "dataplane/server/rate_limit.h"
#include "dataplane/server/reply.h"
#include "dataplane/server/responder.h"
#include "dataplane/tftp/negotiation.h"
#include "dataplane/tftp/session_queues.h"
#include "dataplane/tftp/session_table.h"
#include "dataplane/tftp/transfer.h"

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace dialtone::server {

inline std::string_view text_of(const abi::ErrorReply& reply) noexcept {
  return {reply.text, strnlen(reply.text, sizeof(reply.text))};
}

struct WorkerState {
  WorkerState(const ResponderConfig& config, std::span<std::uint64_t> values,
              abi::Pins pins_of_worker);

  // Takes over the limits of a generation that this worker has not seen yet.
  void follow_policy(const abi::LiveImage& image) noexcept {
    if (image.view.manifest().generation != generation) {
      set_policy(image);
    }
  }

  // A new session before block 1 that pins its segment; null when `limit` of them are there. It is
  // in no queue yet: how long it waits depends on its options.
  tftp::Session* begin_session(const Packet& packet, const abi::FileRef& file, std::uint16_t slot,
                               std::size_t limit, Micros now) noexcept;
  // Sessions that may begin now, whoever asks.
  std::size_t free_sessions() const noexcept { return sessions.room(session_limit); }
  // How many sessions there may be with one more of this client; 0: it may not begin. `ahead`: so
  // many wait before it; `ending`: so many end before it begins.
  std::size_t limit_for(const tftp::ClientKey& client, std::size_t ahead, std::size_t ending,
                        Micros now) noexcept {
    if (sessions.room(session_limit, ending) > ahead) {
      return session_limit;
    }
    const std::size_t with_reserve = session_limit + reserve();
    return with_reserve != session_limit && sessions.room(with_reserve, ending) > ahead &&
                   admission.is_proven(client, now)
               ? with_reserve
               : 0;
  }
  // The source of a new session has proven nothing: up to its first answer, or its end.
  void count_unproven(tftp::Session& session) noexcept {
    session.set(tftp::SessionFlag::kUnproven);
    ++unproven;
  }
  // Counts and notes why a session ends, and frees it.
  void end_session(tftp::Session& session, Counter why) noexcept;
  // The same where nobody asked: the client is told by an ERROR 0 in `frame`.
  void end_told(Frame& frame, tftp::Session& session, std::string_view text, Counter why) noexcept;
  // Counts and notes what becomes of a request. Every request comes here once, and before its
  // reply, which is written over it; abi/cisco_counters.h says what each outcome is in the sum
  // rule.
  template <typename Outcome>
  void count_request(const Packet& packet, Outcome outcome) noexcept {
    counters.add(outcome);
    note_request(packet, outcome);
  }
  template <typename Outcome>
  void note_request(const Packet& packet, Outcome outcome) noexcept {
    if (events.present()) {
      events.write(request_event(packet, index_of(outcome), {clock, generation}));
    }
  }

  // Writes a session's next block, or its OACK, into `frame` and counts it. `server_port` is the
  // session's: who has a packet of it at hand need not read the session's second line.
  void send_block(Frame& frame, tftp::Session& session, const Peer& peer,
                  std::uint16_t server_port) noexcept;
  // What a block may have on the way to this client.
  tftp::TransferLimits limits_for(const Peer& peer) const noexcept;
  void send_oack(Frame& frame, const tftp::Session& session, const Peer& peer) noexcept;
  void send_error(Frame& frame, const Packet& packet, std::uint16_t code,
                  std::string_view text) noexcept;
  void send_error(Frame& frame, const Packet& packet, const abi::ErrorReply& reply) noexcept {
    send_error(frame, packet, reply.code, text_of(reply));
  }

  // DATA of this session is sent again.
  void count_copy(tftp::Session& session) noexcept {
    counters.add(Counter::kDataRetransmitted);
    session.resent = static_cast<std::uint16_t>(session.resent + (session.resent != 0xffff));
  }
  // A session's client has acknowledged something for the first time since its request. True when
  // its source is proven by that.
  bool note_answer(tftp::Session& session, Micros now) noexcept;
  // How many sessions there are whose client has not.
  void set_unanswered(std::size_t count) noexcept {
    unanswered = count;
    counters.set(Counter::kSessionsUnanswered, count);
  }

  // True when the kernel may have one more frame. What goes to groups is limited apart: a storm of
  // it leaves connections their share.
  bool may_punt(bool to_group, Micros now) noexcept {
    return punts && (to_group ? group_punt_limit : punt_limit).admit(now);
  }

  CounterBlock counters;
  abi::EventRing events;
  abi::Pins pins;
  tftp::SessionTable sessions;
  tftp::SessionQueues queues;
  HeaderWriter headers;
  ReplyWriter replies;
  Announcer announcer;
  ParkingLot lot;
  abi::MissWriter misses;
  const TickRate rate;
  const std::uint64_t name_seed;     // of Parked::group, for names
  const std::uint32_t max_sessions;  // of this worker; the policy's limit may be lower
  Admission admission;
  PathLimits path_limits;
  std::size_t unanswered = 0;  // sessions whose client has acknowledged nothing
  std::size_t unproven = 0;  // of those, the ones of count_unproven(): none but where answers_busy

  Micros clock = 0;  // when the burst, or the turn, at hand began

  // Of the newest policy; there is no session before the first.
  std::uint64_t generation = 0;
  std::uint32_t timeout_us = 0;
  std::uint32_t retransmits = 0;
  std::uint32_t first_copies = 0;
  std::uint32_t session_limit = 0;  // of this worker
  bool answers_busy = false;        // who comes when that is reached
  Micros rebuilding_until = 0;
  tftp::TransferLimits limits;
  bool asks_for_names = false;  // MissRule::kAsk
  Micros miss_park_us = 0;
  Micros published_at = 0;  // its tombstones count from here

  bool is_stopping = false;  // no transfer begins (Responder::take_no_more())

  // What drain() looks for; kNoSlot: nothing. And where it goes on looking.
  std::uint16_t drained_slot = abi::kNoSlot;
  std::size_t drain_place = 0;

  RateLimit stranger_errors;
  bool punts;
  RateLimit punt_limit;
  RateLimit group_punt_limit;

 private:
  const std::uint32_t worker_;
  const std::uint32_t workers_;

  // Sessions beyond session_limit, for sources that are proven: where others are told that all are
  // busy, they have half of it, rounded down, however many unproven ones hold.
  std::size_t reserve() const noexcept {
    const std::size_t half = (session_limit + 1) / 2;
    return answers_busy && unproven > half ? unproven - half : 0;
  }
  void forget_unproven(tftp::Session& session) noexcept {
    if (session.has(tftp::SessionFlag::kUnproven)) {
      session.clear(tftp::SessionFlag::kUnproven);
      --unproven;
    }
  }
  void set_policy(const abi::LiveImage& image) noexcept;
};

}  // namespace dialtone::server
