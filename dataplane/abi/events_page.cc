// SPDX-License-Identifier: Apache-2.0
#include "dataplane/abi/events_page.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <cstring>

namespace dialtone::abi {
namespace {

constexpr std::size_t kPage = 4096;
constexpr std::size_t kHeadsOffset = sizeof(EventsHeader);
constexpr std::size_t kWords = EventWords::kCount;

using Words = std::array<std::uint64_t, kWords>;

constexpr std::size_t records_offset_for(std::uint32_t workers) noexcept {
  return align_up(kHeadsOffset + workers * kCacheLine, kPage);
}

constexpr std::uint64_t whole(std::uint64_t number) noexcept {
  return 2 * number + 2;
}

}  // namespace

std::size_t events_page_size(std::uint32_t capacity, std::uint32_t workers) noexcept {
  return records_offset_for(workers) + std::size_t{workers} * capacity * sizeof(Event);
}

void format_events_page(std::span<std::byte> page, std::uint32_t capacity,
                        std::uint32_t workers) noexcept {
  const EventsHeader header{kEventsMagic,
                            kEventsVersion,
                            workers,
                            capacity,
                            sizeof(Event),
                            kHeadsOffset,
                            records_offset_for(workers),
                            events_page_size(capacity, workers),
                            0,
                            0};
  std::memcpy(page.data(), &header, sizeof(header));
}

void set_wall_offset(std::span<std::byte> page, std::int64_t offset_us) noexcept {
  auto& header = *reinterpret_cast<EventsHeader*>(page.data());
  __atomic_store_n(&header.wall_offset_us, offset_us, __ATOMIC_RELAXED);
}

EventRing::EventRing(std::span<std::byte> page, std::uint32_t worker) noexcept {
  const auto& header = *reinterpret_cast<const EventsHeader*>(page.data());
  written_ =
      reinterpret_cast<std::uint64_t*>(page.data() + header.heads_offset + worker * kCacheLine);
  records_ = reinterpret_cast<Event*>(page.data() + header.records_offset) +
             std::size_t{worker} * header.capacity;
  mask_ = header.capacity - 1;
}

void EventRing::write(const EventWords& event) noexcept {
  if (!present()) {
    return;
  }
  const std::uint64_t number = next_++;
  auto* to = reinterpret_cast<std::uint64_t*>(&records_[number & mask_]);
  __atomic_store_n(&to[0], whole(number) - 1, __ATOMIC_RELAXED);
  std::atomic_thread_fence(std::memory_order_release);
  for (std::size_t i = 1; i < kWords; ++i) {
    __atomic_store_n(&to[i], event.at(i), __ATOMIC_RELAXED);
  }
  __atomic_store_n(&to[0], whole(number), __ATOMIC_RELEASE);
  __atomic_store_n(written_, number + 1, __ATOMIC_RELEASE);
}

Result<EventsView> EventsView::open(std::span<const std::byte> page) {
  if (page.size() < sizeof(EventsHeader)) {
    return refused("events page: too short");
  }
  EventsHeader header;
  std::memcpy(&header, page.data(), sizeof(header));
  if (header.magic != kEventsMagic || header.version != kEventsVersion) {
    return refused("events page: not of version " + std::to_string(kEventsVersion));
  }
  constexpr std::uint32_t kMostWorkers = 4096;  // keeps the products below small
  if (header.worker_count > kMostWorkers || header.capacity < kMinEvents ||
      header.capacity > kMaxEvents || !std::has_single_bit(header.capacity) ||
      header.record_size != sizeof(Event) || header.heads_offset != kHeadsOffset ||
      header.records_offset != records_offset_for(header.worker_count) ||
      header.size != events_page_size(header.capacity, header.worker_count) ||
      header.size > page.size()) {
    return refused("events page: its sizes contradict each other");
  }
  return {EventsView(page, header)};
}

std::uint64_t EventsView::written(std::uint32_t worker) const noexcept {
  const std::byte* at = page_.data() + kHeadsOffset + worker * kCacheLine;
  return __atomic_load_n(reinterpret_cast<const std::uint64_t*>(at), __ATOMIC_ACQUIRE);
}

const std::uint64_t* EventsView::words_of(std::uint32_t worker,
                                          std::uint64_t number) const noexcept {
  const std::size_t record =
      std::size_t{worker} * capacity() + static_cast<std::size_t>(number & (capacity() - 1));
  return reinterpret_cast<const std::uint64_t*>(page_.data() + header_.records_offset +
                                                record * sizeof(Event));
}

bool EventsView::is_overwritten(std::uint32_t worker, std::uint64_t number) const noexcept {
  const std::uint64_t sequence = __atomic_load_n(words_of(worker, number), __ATOMIC_ACQUIRE);
  return sequence > whole(number) && ((sequence - 1) / 2 - number) % capacity() == 0;
}

std::optional<Event> EventsView::read(std::uint32_t worker, std::uint64_t number) const noexcept {
  const std::uint64_t* from = words_of(worker, number);
  if (__atomic_load_n(&from[0], __ATOMIC_ACQUIRE) != whole(number)) {
    return std::nullopt;
  }
  Words words{};
  for (std::size_t i = 1; i < kWords; ++i) {
    words[i] = __atomic_load_n(&from[i], __ATOMIC_RELAXED);
  }
  std::atomic_thread_fence(std::memory_order_acquire);
  words[0] = __atomic_load_n(&from[0], __ATOMIC_RELAXED);
  if (words[0] != whole(number)) {
    return std::nullopt;
  }
  return std::bit_cast<Event>(words);
}

std::int64_t EventsView::wall_us(const Event& event) const noexcept {
  const auto& header = *reinterpret_cast<const EventsHeader*>(page_.data());
  return static_cast<std::int64_t>(event.time_us) +
         __atomic_load_n(&header.wall_offset_us, __ATOMIC_RELAXED);
}

}  // namespace dialtone::abi
