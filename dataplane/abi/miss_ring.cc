// SPDX-License-Identifier: Apache-2.0
#include "dataplane/abi/miss_ring.h"

#include "dataplane/abi/canonical_name.h"

#include <cstring>

namespace dialtone::abi {
namespace {

std::atomic_ref<std::uint64_t> shared(std::uint64_t& position) noexcept {
  return std::atomic_ref(position);
}

bool is_sound(const MissRecord& record, std::uint32_t worker) noexcept {
  return record.worker == worker &&
         (record.kind == MissKind::kUnknown || record.kind == MissKind::kAgain) &&
         record.name_length <= kMaxNameLength && is_canonical({record.name, record.name_length});
}

}  // namespace

std::size_t miss_ring_size(std::size_t workers) noexcept {
  return sizeof(MissRingHeader) + workers * sizeof(MissRing);
}

void format_miss_ring(std::span<std::byte> memory, std::size_t workers) noexcept {
  const MissRingHeader header{kMissRingMagic,
                              kMissRingVersion,
                              static_cast<std::uint32_t>(workers),
                              kMissRecords,
                              sizeof(MissRecord),
                              sizeof(MissRing),
                              miss_ring_size(workers),
                              {}};
  std::memcpy(memory.data(), &header, sizeof(header));
}

MissRing& worker_miss_ring(std::span<std::byte> memory, std::size_t worker) noexcept {
  return reinterpret_cast<MissRing*>(memory.data() + sizeof(MissRingHeader))[worker];
}

bool MissWriter::give(std::string_view canonical_name, MissKind kind) noexcept {
  if (written_ - shared(ring_->read).load(std::memory_order_acquire) >= kMissRecords) {
    return false;
  }
  MissRecord& record = ring_->records[written_ % kMissRecords];
  record.worker = worker_;
  record.kind = kind;
  record.name_length = static_cast<std::uint16_t>(canonical_name.size());
  std::memcpy(record.name, canonical_name.data(), canonical_name.size());
  shared(ring_->written).store(++written_, std::memory_order_release);
  return true;
}

Result<MissReader> MissReader::open(std::span<std::byte> memory) {
  if (memory.size() < sizeof(MissRingHeader)) {
    return refused("miss ring: too short");
  }
  MissRingHeader header;
  std::memcpy(&header, memory.data(), sizeof(header));
  if (header.magic != kMissRingMagic || header.version != kMissRingVersion) {
    return refused("miss ring: not of version " + std::to_string(kMissRingVersion));
  }
  constexpr std::uint32_t kMostWorkers = 4096;  // far above any machine; keeps the product small
  if (header.worker_count == 0 || header.worker_count > kMostWorkers ||
      header.record_count != kMissRecords || header.record_size != sizeof(MissRecord) ||
      header.ring_size != sizeof(MissRing) || header.size != miss_ring_size(header.worker_count) ||
      header.size > memory.size()) {
    return refused("miss ring: its sizes contradict each other");
  }
  return MissReader(memory, header.worker_count);
}

void MissReader::take(std::vector<Miss>& out, std::size_t most) {
  std::size_t taken = 0;
  for (std::uint32_t empty = 0; empty < workers_ && taken < most;) {
    turn_ = turn_ + 1 < workers_ ? turn_ + 1 : 0;
    const bool some = take_one(turn_, out);
    empty = some ? 0 : empty + 1;
    taken += some;
  }
}

// Both positions are read from memory that the other side can write to: whatever they say, what is
// read lies inside the ring.
bool MissReader::take_one(std::uint32_t worker, std::vector<Miss>& out) {
  MissRing& ring = worker_miss_ring(memory_, worker);
  const std::uint64_t written = shared(ring.written).load(std::memory_order_acquire);
  const std::uint64_t read = shared(ring.read).load(std::memory_order_relaxed);
  if (written == read) {
    return false;
  }
  if (written - read > kMissRecords) {
    ++faulty_;
    shared(ring.read).store(written, std::memory_order_release);
    return false;
  }
  MissRecord record;
  std::memcpy(&record, &ring.records[read % kMissRecords], sizeof(record));
  shared(ring.read).store(read + 1, std::memory_order_release);
  if (is_sound(record, worker)) {
    out.push_back({std::string(record.name, record.name_length), record.kind, worker});
  } else {
    ++faulty_;
  }
  return true;
}

}  // namespace dialtone::abi
