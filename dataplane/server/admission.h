// SPDX-License-Identifier: Apache-2.0
//
// Who gets an answer: limits by source, so that one address cannot take what others need, and a
// forged one gains nothing by us. docs/admission.md has the rules with their numbers.
//
// A source is an address in its VLANs. It is proven once it has acknowledged something, for
// Policy::proven_s: an address that is forged does not answer. The limits below are for all others.
// Each worker has its own, over the sources whose packets come to it. Fixed memory; one worker
// thread; hot.
#pragma once

#include "dataplane/abi/image_format.h"
#include "dataplane/server/allowance.h"
#include "dataplane/server/counters.h"
#include "dataplane/server/rate_limit.h"
#include "dataplane/server/retry_table.h"
#include "dataplane/server/source_table.h"
#include "dataplane/server/unproven_budget.h"
#include "dataplane/tftp/client.h"
#include "dataplane/tftp/session_queues.h"

#include <cstddef>
#include <cstdint>
#include <optional>

namespace dialtone::server {

// A worker's part of what holds for all of them. Never none: each serves somebody.
constexpr std::uint32_t share_of(std::uint32_t total, std::uint32_t worker,
                                 std::uint32_t workers) noexcept {
  const std::uint32_t share = total / workers + (worker < total % workers ? 1 : 0);
  return share == 0 ? 1 : share;
}

class Admission {
 public:
  struct Config {
    std::uint32_t worker = 0;
    std::uint32_t workers = 1;
    std::uint32_t max_sessions = 0;  // of this worker: so many sources are worth knowing, and more
    std::uint64_t hash_seed = 0;
  };
  // UDP payload: what an answer has, and what it answers.
  struct Sizes {
    std::size_t answer;
    std::size_t request;
  };

  // `queues`: of the sessions that it decides about.
  Admission(const Config& config, const tftp::SessionQueues& queues);

  void set_policy(const abi::Policy& policy) noexcept;

  // Stage 1.
  void prefetch(const tftp::ClientKey& client) const noexcept {
    if (limits_) {
      sources_.prefetch(hash_of(client));
      if (is_crowded_ || budget_.is_attacked()) {
        retries_.prefetch(retry_hash_of(client));
      }
    }
  }

  // Any request. Nothing: go on.
  std::optional<DropReason> admit_request(const tftp::ClientKey& client, Micros now) noexcept;

  // DATA 1 or an OACK, for a session that is not answered; of a new one when `begins`, while
  // `unanswered` are, and half of `sessions` may be. `has_room`: one more fits among all of them.
  struct Load {
    bool begins;
    bool has_room;
    std::size_t unanswered;
    std::size_t sessions;
  };
  struct First {
    std::optional<DropReason> refused;   // nothing: go on
    tftp::Session* makes_way = nullptr;  // the new session takes its place: it ends before
  };
  First admit_first(const tftp::ClientKey& client, Sizes sizes, const Load& load,
                    Micros now) noexcept;

  // The same once more, after `copies` of them.
  bool admit_copy(const tftp::ClientKey& client, Sizes sizes, std::uint32_t copies,
                  Micros now) noexcept;

  bool admit_error(const tftp::ClientKey& client, Sizes sizes, Micros now) noexcept;

  // The client has acknowledged the first packet of a session, of `size` bytes. True when it was
  // not proven before.
  bool prove(const tftp::ClientKey& client, std::size_t size, Micros now) noexcept;

  bool is_proven(const tftp::ClientKey& client, Micros now) noexcept;
  // A keyed hash of what a source is.
  std::uint64_t source_of(const tftp::ClientKey& client) const noexcept { return hash_of(client); }

  // First packets that were asked for under attack, so far, sent or not.
  std::uint64_t under_attack() const noexcept { return budget_.under_attack(); }

  bool has_limits() const noexcept { return limits_; }
  std::size_t memory_bytes() const noexcept {
    return sources_.memory_bytes() + prefixes_.memory_bytes() + retries_.memory_bytes();
  }

 private:
  // One of them in this time from an address that does not answer: a phone that repeats its request
  // after 4 s is heard each time.
  static constexpr Micros kFirstEachUs = 3'000'000;
  // So long a session has stood still at least before another takes its place: a round trip across
  // the world, and the phone's own time.
  static constexpr Micros kMinStood = 250'000;
  // Many phones behind one address; and a bound for who has guessed a transfer port.
  static constexpr Allowance kProvenFirst = Allowance::of(4096, 1000);
  // Under attack, to new phones where others have answered.
  static constexpr Allowance kPrefixFirst = Allowance::of(64, 20'000);

  std::uint64_t hash_of(const tftp::ClientKey& client) const noexcept;
  std::uint64_t prefix_hash_of(const tftp::ClientKey& client) const noexcept;
  std::uint64_t retry_hash_of(const tftp::ClientKey& client) const noexcept;
  bool spend(const tftp::ClientKey& client, Sizes sizes, Micros now) noexcept;
  First admit_unproven(const tftp::ClientKey& client, Sizes sizes, const Load& load,
                       Micros now) noexcept;
  tftp::Session* who_makes_way(const tftp::ClientKey& client, Micros now) noexcept;

  Config config_;
  const tftp::SessionQueues& queues_;
  SourceTable sources_;
  SourceTable prefixes_;
  RetryTable retries_;
  bool limits_ = false;
  bool is_crowded_ = false;  // the last one that was unproven met kUnanswered's half, or more
  Allowance source_rate_;
  Allowance prefix_rate_;
  Allowance first_;
  std::uint32_t proven_s_ = 1;
  Micros timeout_us_ = 0;  // to the first copy
  UnprovenBudget budget_;
  RateLimit large_errors_;
};

}  // namespace dialtone::server
