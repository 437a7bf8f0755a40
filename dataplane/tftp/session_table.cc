// SPDX-License-Identifier: Apache-2.0
#include "dataplane/tftp/session_table.h"

#include <sys/mman.h>

#include <algorithm>
#include <bit>
#include <new>

namespace dialtone::tftp {
namespace {

// So that a large table costs few TLB entries; only a wish, the kernel may not follow it.
constexpr std::size_t kHugePage = std::size_t{2} << 20;

constexpr std::uint32_t kMinBucketBits = 6;

// With as many sessions as buckets, 37 of 100 are not the first of their bucket, give or take some
// standard deviations that are small in a large table.
constexpr std::size_t pool_size_for(std::size_t max_sessions) {
  constexpr std::size_t kSmall = 4096;
  return max_sessions <= kSmall ? max_sessions : max_sessions / 2;
}

}  // namespace

void SessionTable::Free::operator()(Session* sessions) const noexcept {
  ::operator delete[](sessions, std::align_val_t{kHugePage});
}

SessionTable::Array SessionTable::make_array(std::size_t count) {
  const std::size_t size = align_up(count * sizeof(Session), kHugePage);
  void* memory = ::operator new[](size, std::align_val_t{kHugePage});
  static_cast<void>(madvise(memory, size, MADV_HUGEPAGE));
  return Array(new (memory) Session[count]);
}

SessionTable::SessionTable(TidLayout tid, std::uint32_t max_sessions, std::uint64_t hash_seed)
    : tid_(tid),
      seeds_{mix64(1, hash_seed), mix64(2, hash_seed), mix64(3, hash_seed) | 1},
      max_sessions_(max_sessions),
      bucket_bits_(std::max<std::uint32_t>(
          kMinBucketBits, static_cast<std::uint32_t>(std::bit_width(max_sessions - 1)))),
      pool_size_(pool_size_for(max_sessions)),
      sessions_(make_array(bucket_count() + pool_size_)) {
  for (std::size_t i = bucket_count() + pool_size_; i-- > bucket_count();) {
    sessions_[i].next = free_;
    free_ = static_cast<SessionIndex>(i);
  }
}

Session* SessionTable::insert(std::uint64_t hash, const ClientKey& client,
                              std::size_t limit) noexcept {
  Session* first = &sessions_[bucket(hash)];
  if (size_ >= max_sessions_ || size_ >= limit || (first->is_live() && free_ == kNoSession)) {
    return nullptr;
  }
  Session* session = first;
  if (first->is_live()) {
    const SessionIndex index = free_;
    session = &sessions_[index];
    free_ = session->next;
    session->next = first->next;
    first->next = index;
  }
  session->client = client;
  session->server_port = tid_.port(hash);
  ++size_;
  return session;
}

void SessionTable::erase(Session& session) noexcept {
  const auto index = static_cast<SessionIndex>(&session - sessions_.get());
  const SessionIndex first = bucket(hash(session.client));
  session.client.port = 0;
  --size_;
  if (index == first) {
    return;  // it stays the head of its chain
  }
  SessionIndex before = first;
  while (sessions_[before].next != index) {
    before = sessions_[before].next;
  }
  sessions_[before].next = session.next;
  session.next = free_;
  free_ = index;
}

}  // namespace dialtone::tftp
