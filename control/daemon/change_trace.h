// SPDX-License-Identifier: Apache-2.0
//
// Changes on their way from a row, or from the asset folder, to the first packet of what they
// changed: who took them, when, and how far they have come. `dialtone change trace` shows it. Told
// by the service what happens, it knows no socket and no clock. Times are microseconds since 1970.
//
// The newest kMost changes are remembered. Of each the files that it touched are known by the
// hashes of their names, for as long as nobody has asked for one of them, and for good where they
// are few; above kMostWatched in all, the oldest changes are not watched any more. One thread.
#pragma once

#include "control/build/build_report.h"
#include "control/build/build_trace.h"
#include "control/publish/offer_ledger.h"
#include "dataplane/abi/events_page.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace dialtone::daemon {

// In their order.
enum class ChangeStep : std::uint8_t { kSaved, kNoticed, kBuilt, kOffered, kPublished, kServed };
inline constexpr std::size_t kChangeSteps = 6;
std::string_view word_of(ChangeStep step) noexcept;

struct TracedChange {
  std::string id;         // the number of its newest row; else a letter of its kind and a number
  std::string_view kind;  // "database", "folder", "build", "start"
  build::BuildTrace what;
  std::size_t files = 0;                        // new, different or gone
  std::uint64_t version = 0;                    // of the image; 0: no file has changed
  std::uint64_t builds = 1;                     // tries that it took
  std::string failure;                          // why it is not built; empty: it is
  std::array<std::int64_t, kChangeSteps> at{};  // 0: not yet, or not known
  std::uint64_t generation = 0;                 // that brought it; 0: none yet
  std::uint64_t swap_us = 0;                    // of the dataplane's part of the publish
  std::optional<abi::Event> first;              // request for one of its files
  std::uint64_t lost_events = 0;  // overwritten while it was watched: one may have been the first

  std::int64_t& time(ChangeStep step) noexcept { return at[static_cast<std::size_t>(step)]; }
  std::int64_t time(ChangeStep step) const noexcept { return at[static_cast<std::size_t>(step)]; }
};

class ChangeTrace {
 public:
  static constexpr std::size_t kMost = 256;
  static constexpr std::size_t kMostWatched = 65'536;
  static constexpr std::size_t kFewFiles = 64;

  // Is called once for each change that is served, by settle().
  using Served = std::function<void(const TracedChange& change)>;
  void after_served(Served call) { after_served_ = std::move(call); }

  struct Built {
    std::string_view what;      // as the log names the build: "asset folder"
    std::uint64_t version = 0;  // of the image behind it
    bool is_first = false;      // build of this process
    std::int64_t noticed = 0;
    std::int64_t built = 0;
  };
  // The change's id; empty: the build took nothing and changed nothing.
  std::string add(build::BuildTrace what, const build::BuildReport& report, const Built& built);
  // It is tried again, and add() takes its place.
  void add_failed(const database::LoggedSpan& rows, const std::string& why, std::int64_t noticed);

  struct Published {
    std::uint64_t version = 0;
    std::uint64_t generation = 0;
    std::int64_t offered = 0;  // 0: not known
    std::int64_t published = 0;
    std::uint64_t swap_us = 0;
  };
  // All changes up to that version of the image that were not published before.
  void publish(const Published& published);

  // Somebody may ask for a file of a change that is not served yet.
  bool is_watching() const noexcept { return watched_ != 0 || watched_all_ != 0; }
  // A request that was answered with the file, or as not found; then, behind the last one of a
  // look, settle(): of several the earliest counts.
  enum class Answered { kData, kNotFound };
  void see(const abi::Event& event, std::int64_t at, Answered answered);
  void settle(std::uint64_t lost_events);

  // "last", an id, or the number of a row; null: none that is remembered.
  const TracedChange* find(std::string_view id) const noexcept;
  // The oldest first. One that is not built yet is the last.
  std::vector<const TracedChange*> all() const;

  struct LastChange {
    std::uint64_t generation = 0;
    bool is_sure = false;  // else the file may have been the same before
  };
  // The generation that brought the newest change of the file with this event_name_hash(); nothing:
  // no change that is remembered, and published, is known to have touched it.
  std::optional<LastChange> last_change_of(std::uint64_t name_hash) const noexcept;

 private:
  struct Entry {
    TracedChange change;
    std::uint64_t serial = 0;
    bool is_watched = false;
    bool is_known = false;  // its hashes are there
  };

  void watch(Entry& entry);
  void unwatch(Entry& entry);
  Entry& entry_of(std::uint64_t serial) noexcept { return entries_[serial - first_serial()]; }
  std::uint64_t first_serial() const noexcept { return entries_.front().serial; }
  void take_as_first(Entry& entry, const abi::Event& event, std::int64_t at);
  static std::size_t hashes_of(const Entry& entry) noexcept;

  std::deque<Entry> entries_;
  std::optional<TracedChange> failing_;
  // From a hash to the changes that wait for a request of that name, by their serial number.
  std::unordered_multimap<std::uint64_t, std::uint64_t> waiting_;
  std::uint64_t next_serial_ = 0;
  std::size_t watched_ = 0;          // hashes in waiting_
  std::size_t watched_all_ = 0;      // changes whose files are not told one by one
  std::uint64_t others_ = 0;         // changes without rows, so far
  std::vector<std::uint64_t> seen_;  // serial numbers, since settle()
  Served after_served_;
};

}  // namespace dialtone::daemon
