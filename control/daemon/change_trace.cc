// SPDX-License-Identifier: Apache-2.0
#include "control/daemon/change_trace.h"

#include <algorithm>
#include <charconv>
#include <utility>

namespace dialtone::daemon {
namespace {

std::string_view kind_of(const build::BuildTrace& what, const ChangeTrace::Built& built) noexcept {
  if (what.rows.rows != 0) {
    return "database";
  }
  if (built.what == "asset folder") {
    return "folder";
  }
  return built.is_first ? "start" : "build";
}

std::string newest_number(const database::LoggedSpan& rows) {
  std::int64_t newest = 0;
  for (const auto& run : rows.numbers) {
    newest = std::max(newest, run.last);
  }
  return std::to_string(newest);
}

void set_saved(TracedChange& change) {
  if (change.what.rows.rows != 0) {
    change.time(ChangeStep::kSaved) = change.what.rows.first_ms * 1000;
  }
}

bool has(const std::vector<std::uint64_t>& sorted, std::uint64_t hash) noexcept {
  return std::binary_search(sorted.begin(), sorted.end(), hash);
}

}  // namespace

std::string_view word_of(ChangeStep step) noexcept {
  constexpr std::string_view kWords[kChangeSteps] = {"saved",   "noticed",   "built",
                                                     "offered", "published", "served"};
  return kWords[static_cast<std::size_t>(step)];
}

std::string ChangeTrace::add(build::BuildTrace what, const build::BuildReport& report,
                             const Built& built) {
  if (what.rows.rows == 0 && report.files == 0) {
    if (failing_ && failing_->what.rows.rows == 0) {
      failing_.reset();
    }
    return {};
  }
  Entry entry;
  TracedChange& change = entry.change;
  change.kind = kind_of(what, built);
  change.id = what.rows.rows != 0 ? newest_number(what.rows)
                                  : std::string(1, change.kind[0]) + std::to_string(++others_);
  change.what = std::move(what);
  std::ranges::sort(change.what.changed);
  std::ranges::sort(change.what.gone);
  change.files = report.files;
  change.version = report.files == 0 ? 0 : built.version;
  set_saved(change);
  change.time(ChangeStep::kNoticed) = built.noticed;
  change.time(ChangeStep::kBuilt) = built.built;
  if (failing_ && (change.what.rows.rows != 0 || failing_->what.rows.rows == 0)) {
    change.builds = failing_->builds + 1;
    change.time(ChangeStep::kNoticed) = failing_->time(ChangeStep::kNoticed);
    failing_.reset();
  }
  if (entries_.size() == kMost) {
    unwatch(entries_.front());
    entries_.pop_front();
  }
  entry.serial = next_serial_++;
  std::string id = change.id;
  entries_.push_back(std::move(entry));
  watch(entries_.back());
  return id;
}

void ChangeTrace::add_failed(const database::LoggedSpan& rows, const std::string& why,
                             std::int64_t noticed) {
  TracedChange change;
  change.kind = rows.rows != 0 ? "database" : "build";
  change.id = rows.rows != 0 ? newest_number(rows) : 'b' + std::to_string(others_ + 1);
  change.what.rows = rows;
  change.failure = why;
  set_saved(change);
  change.time(ChangeStep::kNoticed) = failing_ ? failing_->time(ChangeStep::kNoticed) : noticed;
  change.builds = failing_ ? failing_->builds + 1 : 1;
  failing_ = std::move(change);
}

std::size_t ChangeTrace::hashes_of(const Entry& entry) noexcept {
  return entry.change.what.changed.size() + entry.change.what.gone.size();
}

void ChangeTrace::watch(Entry& entry) {
  if (entry.change.version == 0) {
    return;
  }
  entry.is_watched = true;
  entry.is_known = true;
  if (entry.change.what.is_of_all) {
    ++watched_all_;
    return;
  }
  for (const auto* hashes : {&entry.change.what.changed, &entry.change.what.gone}) {
    for (const std::uint64_t hash : *hashes) {
      waiting_.emplace(hash, entry.serial);
    }
  }
  watched_ += hashes_of(entry);
  for (Entry& old : entries_) {
    if (watched_ <= kMostWatched || &old == &entry) {
      break;
    }
    unwatch(old);
  }
}

void ChangeTrace::unwatch(Entry& entry) {
  if (!entry.is_watched) {
    return;
  }
  entry.is_watched = false;
  if (entry.change.what.is_of_all) {
    --watched_all_;
    return;
  }
  for (const auto* hashes : {&entry.change.what.changed, &entry.change.what.gone}) {
    for (const std::uint64_t hash : *hashes) {
      const auto [begin, end] = waiting_.equal_range(hash);
      const auto found =
          std::find_if(begin, end, [&](const auto& each) { return each.second == entry.serial; });
      if (found != end) {
        waiting_.erase(found);
      }
    }
  }
  watched_ -= hashes_of(entry);
  if (hashes_of(entry) > kFewFiles) {
    entry.is_known = false;
    entry.change.what.changed = {};
    entry.change.what.gone = {};
  }
}

void ChangeTrace::publish(const Published& published) {
  for (Entry& entry : entries_) {
    TracedChange& change = entry.change;
    if (change.version == 0 || change.version > published.version || change.generation != 0) {
      continue;
    }
    change.generation = published.generation;
    change.time(ChangeStep::kOffered) = published.offered;
    change.time(ChangeStep::kPublished) = published.published;
    change.swap_us = published.swap_us;
  }
}

void ChangeTrace::take_as_first(Entry& entry, const abi::Event& event, std::int64_t at) {
  TracedChange& change = entry.change;
  std::int64_t& served = change.time(ChangeStep::kServed);
  // In a generation that has it. The dataplane's answer to an offer may still be on its way.
  if (change.generation == 0 || event.generation < change.generation ||
      (served != 0 && served <= at)) {
    return;
  }
  served = at;
  change.first = event;
  seen_.push_back(entry.serial);
}

void ChangeTrace::see(const abi::Event& event, std::int64_t at, Answered answered) {
  const auto [begin, end] = waiting_.equal_range(event.name_hash);
  for (auto each = begin; each != end; ++each) {
    Entry& entry = entry_of(each->second);
    const build::BuildTrace& what = entry.change.what;
    if (has(answered == Answered::kData ? what.changed : what.gone, event.name_hash)) {
      take_as_first(entry, event, at);
    }
  }
  if (watched_all_ == 0 || answered != Answered::kData) {
    return;
  }
  for (Entry& entry : entries_) {
    if (entry.is_watched && entry.change.what.is_of_all) {
      take_as_first(entry, event, at);
    }
  }
}

void ChangeTrace::settle(std::uint64_t lost_events) {
  for (const std::uint64_t serial : seen_) {
    Entry& entry = entry_of(serial);
    if (after_served_ && entry.is_watched) {  // else it was seen more than once
      after_served_(entry.change);
    }
    unwatch(entry);
  }
  seen_.clear();
  if (lost_events == 0) {
    return;
  }
  for (Entry& entry : entries_) {
    entry.change.lost_events += entry.is_watched && entry.change.generation != 0 ? lost_events : 0;
  }
}

const TracedChange* ChangeTrace::find(std::string_view id) const noexcept {
  const std::vector<const TracedChange*> known = all();
  if (id == "last") {
    return known.empty() ? nullptr : known.back();
  }
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(id.data(), id.data() + id.size(), number);
  const bool is_number = error == std::errc() && end == id.data() + id.size();
  // The newest: numbers of PostgreSQL's log lie between one another's.
  const auto found = std::find_if(known.rbegin(), known.rend(), [&](const TracedChange* each) {
    return each->id == id || (is_number && each->what.rows.has(number));
  });
  return found == known.rend() ? nullptr : *found;
}

std::vector<const TracedChange*> ChangeTrace::all() const {
  std::vector<const TracedChange*> all;
  for (const Entry& entry : entries_) {
    all.push_back(&entry.change);
  }
  if (failing_) {
    all.push_back(&*failing_);
  }
  return all;
}

std::optional<ChangeTrace::LastChange> ChangeTrace::last_change_of(
    std::uint64_t name_hash) const noexcept {
  for (auto entry = entries_.rbegin(); entry != entries_.rend(); ++entry) {
    const TracedChange& change = entry->change;
    const build::BuildTrace& what = change.what;
    if (change.generation == 0) {
      continue;
    }
    if (has(what.changed, name_hash) || has(what.gone, name_hash)) {
      return LastChange{change.generation, /*is_sure=*/true};
    }
    if (what.is_of_all || !entry->is_known) {
      return LastChange{change.generation, /*is_sure=*/false};
    }
  }
  return std::nullopt;
}

}  // namespace dialtone::daemon
