// SPDX-License-Identifier: Apache-2.0
#include "dataplane/tftp/session_table.h"

#include <sys/mman.h>

#include <new>

namespace dialtone::tftp {
namespace {

// So that a large table costs few TLB entries; only a wish, the kernel may not follow it.
constexpr std::size_t kHugePage = std::size_t{2} << 20;

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
      seed_(hash_seed),
      max_sessions_(max_sessions),
      buckets_(make_array(tid.bucket_count())),
      pool_(make_array(max_sessions)) {
  // Any max_sessions clients fit, even when all of them meet in one bucket.
  for (std::size_t i = max_sessions; i-- > 0;) {
    pool_[i].next = free_;
    free_ = &pool_[i];
  }
}

Session* SessionTable::insert(std::uint32_t bucket, ClientKey client, std::size_t limit) noexcept {
  if (size_ >= max_sessions_ || size_ >= limit) {
    return nullptr;
  }
  Session* first = &buckets_[bucket];
  Session* session = first;
  if (first->is_live()) {
    session = free_;
    free_ = session->next;
    session->next = first->next;
    first->next = session;
  }
  session->client = client;
  session->server_port = tid_.port(bucket);
  ++size_;
  return session;
}

void SessionTable::erase(Session& session) noexcept {
  session.client = 0;
  --size_;
  if (is_in_array(session)) {
    return;  // it stays the head of its chain
  }
  Session* before = &buckets_[tid_.bucket(session.server_port)];
  while (before->next != &session) {
    before = before->next;
  }
  before->next = session.next;
  session.next = free_;
  free_ = &session;
}

}  // namespace dialtone::tftp
