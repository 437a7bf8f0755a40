// SPDX-License-Identifier: Apache-2.0
//
// The counters as other processes see them: a memfd that describes itself, so that a reader needs
// no list of names of its own. Each worker writes its own cache lines with relaxed stores; readers
// map read-only and add up. The dataplane makes the page; HELLO hands it to control.
// docs/counters-page.md is its text; a change of layout raises kCountersVersion.
#pragma once

#include "dataplane/base/cacheline.h"
#include "dataplane/base/result.h"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace dialtone::abi {

inline constexpr std::uint64_t kCountersMagic = 0x544e434c41494401;  // "\1DIALCNT"
inline constexpr std::uint32_t kCountersVersion = 1;

// At offset 0. The names follow, then, at `values_offset`, the workers' blocks of `worker_stride`
// bytes, each `counter_count` uint64_t.
struct CountersHeader {
  std::uint64_t magic;
  std::uint32_t version;
  std::uint32_t worker_count;
  std::uint32_t counter_count;
  std::uint32_t worker_stride;  // multiple of kCacheLine
  std::uint64_t values_offset;  // multiple of kCacheLine
  std::uint64_t size;
  std::uint64_t reserved[3];
};
static_assert(sizeof(CountersHeader) == 64);
static_assert(offsetof(CountersHeader, version) == 8 &&
              offsetof(CountersHeader, worker_count) == 12 &&
              offsetof(CountersHeader, counter_count) == 16 &&
              offsetof(CountersHeader, worker_stride) == 20 &&
              offsetof(CountersHeader, values_offset) == 24 &&
              offsetof(CountersHeader, size) == 32);

struct CounterName {
  char name[48];   // "rrq_received", NUL-padded
  char help[144];  // one sentence
};
static_assert(sizeof(CounterName) == 192 && offsetof(CounterName, help) == 48);

struct CounterInfo {
  std::string_view name;
  std::string_view help;
};

std::size_t counters_page_size(std::size_t counters, std::size_t workers) noexcept;

// Lays the page out in `page` (zeroed, counters_page_size() bytes, page-aligned).
void format_counters_page(std::span<std::byte> page, std::span<const CounterInfo> counters,
                          std::size_t workers) noexcept;

// The block of one worker; the worker alone writes to it.
std::uint64_t* worker_counters(std::span<std::byte> page, std::size_t worker) noexcept;

// A reader of a page from another process; checks it first.
class CountersView {
 public:
  static Result<CountersView> open(std::span<const std::byte> page);

  std::size_t size() const noexcept { return header_.counter_count; }
  std::size_t workers() const noexcept { return header_.worker_count; }
  std::string_view name(std::size_t counter) const noexcept;
  std::string_view help(std::size_t counter) const noexcept;
  std::uint64_t value(std::size_t counter, std::size_t worker) const noexcept;
  std::uint64_t sum(std::size_t counter) const noexcept;  // over all workers
  // The number of the counter of this name; nothing where this dataplane has none.
  std::optional<std::size_t> find(std::string_view name) const noexcept;

 private:
  CountersView(std::span<const std::byte> page, const CountersHeader& header) noexcept
      : page_(page), header_(header) {}
  std::span<const std::byte> page_;
  CountersHeader header_;  // as it was checked: the page may change under us
};

}  // namespace dialtone::abi
