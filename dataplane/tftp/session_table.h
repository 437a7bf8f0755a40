// SPDX-License-Identifier: Apache-2.0
//
// The sessions of one worker: a hash table with a bucket for each session there may be. A keyed
// hash of the client chooses the bucket, and its first bits are the transfer port. The first
// session of a bucket is in the array itself, so an ACK finds its session with one cache line,
// mostly; further ones are chained from a pool. Bounded by max_sessions; all memory is taken and
// touched by the constructor, 1.5 to 2.5 sessions for each that may be open.
#pragma once

#include "dataplane/base/hash.h"
#include "dataplane/tftp/session.h"
#include "dataplane/tftp/tid.h"

#include <cstddef>
#include <cstdint>
#include <memory>

namespace dialtone::tftp {

class SessionTable {
 public:
  SessionTable(TidLayout tid, std::uint32_t max_sessions, std::uint64_t hash_seed);

  const TidLayout& tid() const noexcept { return tid_; }
  std::size_t size() const noexcept { return size_; }
  std::size_t memory_bytes() const noexcept { return places() * sizeof(Session); }

  // Two keyed multiplications: ports cannot be guessed from those of other clients by arithmetic
  // that is cheaper than to try them.
  std::uint64_t hash(const ClientKey& client) const noexcept {
    const std::uint64_t place = std::uint64_t{client.network} << 16 | client.port;
    const std::uint64_t first =
        fold_multiply(client.address.low ^ seeds_[0], client.address.high ^ seeds_[1]);
    return fold_multiply(first ^ place, seeds_[2]);
  }

  void prefetch(std::uint64_t hash) const noexcept {
    __builtin_prefetch(&sessions_[bucket(hash)], 1);
  }

  // Null when the client has no session.
  Session* find(std::uint64_t hash, const ClientKey& client) noexcept {
    SessionIndex index = bucket(hash);
    do {
      Session& session = sessions_[index];
      if (session.client == client) {
        return &session;
      }
      index = session.next;
    } while (index != kNoSession);
    return nullptr;
  }

  // A session for a client that has none; null when `limit` or max_sessions are in use.
  Session* insert(std::uint64_t hash, const ClientKey& client, std::size_t limit) noexcept;
  void erase(Session& session) noexcept;
  // How many more there may be once `ending` of them have gone.
  std::size_t room(std::size_t limit, std::size_t ending = 0) const noexcept {
    const std::size_t most = limit < max_sessions_ ? limit : max_sessions_;
    const std::size_t left = size_ - ending;
    return left < most ? most - left : 0;
  }

  // For links between sessions, and to look at all of them: base()[0] to base()[places() - 1].
  Session* base() const noexcept { return sessions_.get(); }
  std::size_t places() const noexcept { return bucket_count() + pool_size_; }

 private:
  struct Free {
    void operator()(Session* sessions) const noexcept;
  };
  using Array = std::unique_ptr<Session[], Free>;
  static Array make_array(std::size_t count);

  std::size_t bucket_count() const noexcept { return std::size_t{1} << bucket_bits_; }
  SessionIndex bucket(std::uint64_t hash) const noexcept {
    return static_cast<SessionIndex>(hash >> (64 - bucket_bits_));
  }

  TidLayout tid_;
  std::uint64_t seeds_[3];
  std::size_t max_sessions_;
  std::uint32_t bucket_bits_;
  std::size_t pool_size_;
  std::size_t size_ = 0;
  Array sessions_;  // the buckets, then the pool
  SessionIndex free_ = kNoSession;
};

}  // namespace dialtone::tftp
