// SPDX-License-Identifier: Apache-2.0
//
// The names that workers ask control for: a memfd with a ring of fixed-size records for each
// worker. A worker writes records and `written`; control, which has the memfd from HELLO, writes
// `read`. Neither waits for the other, and neither trusts what the other writes.
//
// The memfd is sealed against a change of its size, so no access to it can fail. docs/miss-ring.md.
#pragma once

#include "dataplane/abi/image_format.h"
#include "dataplane/base/cacheline.h"
#include "dataplane/base/result.h"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace dialtone::abi {

inline constexpr std::uint64_t kMissRingMagic = 0x53494d4c41494401;  // "\1DIALMIS"
inline constexpr std::uint32_t kMissRingVersion = 1;
inline constexpr std::uint32_t kMissRecords = 256;  // of each worker; a power of two

// At offset 0; the workers' rings follow at kCacheLine, each of sizeof(MissRing).
struct MissRingHeader {
  std::uint64_t magic;
  std::uint32_t version;
  std::uint32_t worker_count;
  std::uint32_t record_count;
  std::uint32_t record_size;
  std::uint64_t ring_size;
  std::uint64_t size;
  std::uint64_t reserved[3];
};
static_assert(sizeof(MissRingHeader) == kCacheLine);

enum class MissKind : std::uint8_t {
  kUnknown = 1,  // the index does not have the name
  kAgain = 2,    // nor that, and the time of its tombstone is over
};

struct alignas(kCacheLine) MissRecord {
  std::uint32_t worker;
  MissKind kind;
  std::uint8_t reserved;
  std::uint16_t name_length;  // 1..kMaxNameLength
  char name[kMaxNameLength + 1];
};
static_assert(sizeof(MissRecord) == 320 && offsetof(MissRecord, name) == 8);

// Positions count records since the beginning; a record lies at its position modulo kMissRecords.
struct MissRing {
  alignas(kCacheLine) std::uint64_t written;  // by the worker: release, after the record
  alignas(kCacheLine) std::uint64_t read;     // by control: release, after it has copied the record
  MissRecord records[kMissRecords];
};
static_assert(sizeof(MissRing) == 2 * kCacheLine + kMissRecords * sizeof(MissRecord));
static_assert(std::atomic_ref<std::uint64_t>::is_always_lock_free);

std::size_t miss_ring_size(std::size_t workers) noexcept;

// Lays the rings out in `memory` (zeroed, miss_ring_size() bytes, page-aligned).
void format_miss_ring(std::span<std::byte> memory, std::size_t workers) noexcept;

MissRing& worker_miss_ring(std::span<std::byte> memory, std::size_t worker) noexcept;

// The worker's end. One thread; hot: no system call, no wait. `read` may be anything: at worst the
// ring looks full.
class MissWriter {
 public:
  MissWriter() = default;  // nobody listens, ever
  // `listening`: a control is connected.
  MissWriter(MissRing& ring, std::uint32_t worker, const std::atomic<bool>& listening) noexcept
      : ring_(&ring),
        listening_(&listening),
        worker_(worker),
        written_(std::atomic_ref(ring.written).load(std::memory_order_relaxed)) {}

  bool listened_to() const noexcept {
    return ring_ != nullptr && listening_->load(std::memory_order_relaxed);
  }
  // False: the ring is full.
  bool give(std::string_view canonical_name, MissKind kind) noexcept;

 private:
  MissRing* ring_ = nullptr;
  const std::atomic<bool>* listening_ = nullptr;
  std::uint32_t worker_ = 0;
  std::uint64_t written_ = 0;  // our own: what is in the ring is for control only
};

struct Miss {
  std::string name;  // canonical
  MissKind kind;
  std::uint32_t worker;
};

// Control's end of all rings; checks the memory first, and each record. `memory` must not be able
// to shrink. One thread.
class MissReader {
 public:
  static Result<MissReader> open(std::span<std::byte> memory);

  // Appends to `out` what waits, `most` records at most, from all workers in turn. What is no
  // record of a miss is skipped and counted.
  void take(std::vector<Miss>& out, std::size_t most);
  std::uint64_t faulty() const noexcept { return faulty_; }

 private:
  explicit MissReader(std::span<std::byte> memory, std::uint32_t workers) noexcept
      : memory_(memory), workers_(workers) {}
  bool take_one(std::uint32_t worker, std::vector<Miss>& out);

  std::span<std::byte> memory_;
  std::uint32_t workers_;
  std::uint32_t turn_ = 0;
  std::uint64_t faulty_ = 0;
};

}  // namespace dialtone::abi
