// SPDX-License-Identifier: Apache-2.0
//
// The events of the workers as other processes see them: one record of 128 bytes for each request
// and for each end of a transfer, in a ring for each worker, in a memfd that HELLO hands to control
// (docs/events.md has the layout and its use). A worker overwrites its oldest record and waits for
// nobody; a reader sees by the sequence numbers what it has missed.
//
// Memory order, for one record (a seqlock with one writer):
//   worker  sequence = 2p+1 (relaxed), release fence, the other words (relaxed),
//           sequence = 2p+2 (release), then the ring's `written` = p+1 (release)
//   reader  `written` (acquire) for where to look; sequence (acquire), the other words (relaxed),
//           acquire fence, sequence (relaxed); both must be 2p+2
// A reader that sees a word of a later record sees, behind its fence, that record's odd sequence.
#pragma once

#include "dataplane/abi/name_class.h"
#include "dataplane/base/bytes.h"
#include "dataplane/base/cacheline.h"
#include "dataplane/base/hash.h"
#include "dataplane/base/ip_address.h"
#include "dataplane/base/result.h"

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <type_traits>

namespace dialtone::abi {

inline constexpr std::uint64_t kEventsMagic = 0x5456454c41494401;  // "\1DIALEVT"
inline constexpr std::uint32_t kEventsVersion = 1;

enum class EventKind : std::uint8_t { kRequest = 1, kEnd = 2 };

struct Event {
  std::uint64_t sequence;      // of the ring; a writer's value is not read
  std::uint64_t time_us;       // of the processor's counter; EventsView::wall_us() makes it a date
  std::uint64_t address_high;  // of the client, as IpAddress
  std::uint64_t address_low;
  std::uint16_t port;        // of the client
  std::uint16_t outer_vlan;  // 0: none
  std::uint16_t inner_vlan;
  std::uint8_t our_address;  // which one it asked, in the order of the configuration
  EventKind kind;
  std::uint16_t outcome;  // the counter that it was counted under: its number on the counters page
  NameClass name_class;   // of a request
  std::uint8_t reserved0;
  std::uint16_t name_length;  // of the whole name
  std::uint16_t reserved1;
  std::uint64_t name_hash;    // event_name_hash() of the canonical name; 0: it has none
  std::uint64_t generation;   // that the worker served then; 0: none
  std::uint64_t bytes;        // kRequest: of the file, 0 without one; kEnd: that were acknowledged
  std::uint64_t duration_us;  // kEnd: from the request, in steps of 16; modulo 19 hours
  std::uint32_t blocks;       // kEnd: acknowledged
  std::uint32_t copies;       // kEnd: DATA sent again, 65,535 at most
  char name[40];  // its begin, NUL-padded: kRequest as the client spelt it, kEnd the file's own

  IpAddress address() const noexcept { return {address_high, address_low}; }
  std::string_view name_view() const noexcept {
    return {name, name_length < sizeof(name) ? name_length : sizeof(name)};
  }
};
static_assert(sizeof(Event) == 2 * kCacheLine && std::is_trivially_copyable_v<Event>);
static_assert(offsetof(Event, port) == 32 && offsetof(Event, outcome) == 40 &&
              offsetof(Event, name_hash) == 48 && offsetof(Event, duration_us) == 72 &&
              offsetof(Event, blocks) == 80 && offsetof(Event, name) == 88);

// The same for who writes one: words that are each put together in a register and stored once. A
// record that is written field by field and copied word by word would wait for its own stores.
class EventWords {
 public:
  EventWords() = default;
  explicit EventWords(const Event& event) noexcept : words_(std::bit_cast<Words>(event)) {}

  // A field of Event by its offset and its type, once.
  template <std::size_t kOffset, typename Field>
  void set(std::type_identity_t<Field> value) noexcept {
    static_assert(std::is_unsigned_v<Field> || std::is_enum_v<Field>, "no sign beyond the field");
    static_assert(kOffset % sizeof(Field) == 0 && kOffset + sizeof(Field) <= sizeof(Event));
    words_[kOffset / kWord] |= static_cast<std::uint64_t>(value) << kOffset % kWord * 8;
  }
  void set_name(std::string_view whole) noexcept {
    set<offsetof(Event, name_length), decltype(Event::name_length)>(
        static_cast<std::uint16_t>(whole.size()));
    for (std::size_t at = 0; at < sizeof(Event::name); at += kWord) {
      words_[(offsetof(Event, name) + at) / kWord] = word_at(whole, at);
    }
  }
  std::uint64_t at(std::size_t word) const noexcept { return words_[word]; }

  static constexpr std::size_t kWord = sizeof(std::uint64_t);
  static constexpr std::size_t kCount = sizeof(Event) / kWord;

 private:
  using Words = std::array<std::uint64_t, kCount>;
  Words words_{};
};
static_assert(offsetof(Event, name) % EventWords::kWord == 0);

// Equal for equal names, in every image and process.
inline std::uint64_t event_name_hash(std::string_view canonical_name) noexcept {
  return keyed_hash(canonical_name, 0);
}

// At offset 0. `heads_offset`: for each worker a cache line that begins with the count of records
// it has written, ever. `records_offset`: the workers' rings of `capacity` records.
struct EventsHeader {
  std::uint64_t magic;
  std::uint32_t version;
  std::uint32_t worker_count;
  std::uint32_t capacity;  // records of a ring, a power of two
  std::uint32_t record_size;
  std::uint64_t heads_offset;
  std::uint64_t records_offset;
  std::uint64_t size;
  std::int64_t wall_offset_us;  // Unix time minus Event::time_us, kept up to date; relaxed
  std::uint64_t reserved;
};
static_assert(sizeof(EventsHeader) == kCacheLine);

inline constexpr std::uint32_t kMinEvents = 64;
inline constexpr std::uint32_t kMaxEvents = 1 << 20;

std::size_t events_page_size(std::uint32_t capacity, std::uint32_t workers) noexcept;

// Lays the page out in `page` (zeroed, events_page_size() bytes, page-aligned).
void format_events_page(std::span<std::byte> page, std::uint32_t capacity,
                        std::uint32_t workers) noexcept;

// How event times become dates from now on. Any one thread.
void set_wall_offset(std::span<std::byte> page, std::int64_t offset_us) noexcept;

// The writing end of one ring: its worker alone. Without a ring, it drops what it gets.
class EventRing {
 public:
  EventRing() = default;
  EventRing(std::span<std::byte> page, std::uint32_t worker) noexcept;

  bool present() const noexcept { return records_ != nullptr; }
  // About 20 stores, no waiting.
  void write(const EventWords& event) noexcept;

 private:
  std::uint64_t* written_ = nullptr;
  Event* records_ = nullptr;
  std::uint64_t mask_ = 0;
  std::uint64_t next_ = 0;
};

// A reader of a page from another process; checks it first. Any thread.
class EventsView {
 public:
  static Result<EventsView> open(std::span<const std::byte> page);

  std::uint32_t workers() const noexcept { return header_.worker_count; }
  std::uint32_t capacity() const noexcept { return header_.capacity; }
  // Records that the worker has written, ever: the newest is number written() - 1.
  std::uint64_t written(std::uint32_t worker) const noexcept;
  // Record `number` of a worker, whole; nothing when it is not written yet, or overwritten.
  std::optional<Event> read(std::uint32_t worker, std::uint64_t number) const noexcept;
  // Of a record below written() that could not be read: a later one lies, or is being written, in
  // its place. Otherwise its writer is at fault.
  bool is_overwritten(std::uint32_t worker, std::uint64_t number) const noexcept;
  // Microseconds since 1970.
  std::int64_t wall_us(const Event& event) const noexcept;

 private:
  const std::uint64_t* words_of(std::uint32_t worker, std::uint64_t number) const noexcept;

  EventsView(std::span<const std::byte> page, const EventsHeader& header) noexcept
      : page_(page), header_(header) {}
  std::span<const std::byte> page_;
  EventsHeader header_;  // as it was checked: the writer could change its own
};

}  // namespace dialtone::abi
