// SPDX-License-Identifier: Apache-2.0
//
// The sessions of one worker. A keyed hash of the client's address and port chooses a bucket; the
// transfer port names that bucket, so an ACK finds its session without a hash, mostly with one
// cache line: the first session of a bucket is in the array itself, further ones are chained from a
// pool. Bounded by max_sessions; all memory is taken and touched by the constructor.
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

  std::uint32_t bucket_of(ClientKey client) const noexcept {
    return static_cast<std::uint32_t>(mix64(client, seed_) >> (64 - tid_.bucket_bits()));
  }
  void prefetch(std::uint32_t bucket) const noexcept { __builtin_prefetch(&buckets_[bucket], 1); }

  // Null when the client has no session in this bucket.
  Session* find(std::uint32_t bucket, ClientKey client) noexcept {
    Session* session = &buckets_[bucket];
    while (session != nullptr && session->client != client) {
      session = session->next;
    }
    return session;
  }

  // A session for a client that has none; null when `limit` or max_sessions are in use.
  Session* insert(std::uint32_t bucket, ClientKey client, std::size_t limit) noexcept;
  void erase(Session& session) noexcept;

 private:
  struct Free {
    void operator()(Session* sessions) const noexcept;
  };
  using Array = std::unique_ptr<Session[], Free>;
  static Array make_array(std::size_t count);

  bool is_in_array(const Session& session) const noexcept {
    return &session >= buckets_.get() && &session < buckets_.get() + tid_.bucket_count();
  }

  TidLayout tid_;
  std::uint64_t seed_;
  std::size_t max_sessions_;
  std::size_t size_ = 0;
  Array buckets_;
  Array pool_;
  Session* free_ = nullptr;
};

}  // namespace dialtone::tftp
