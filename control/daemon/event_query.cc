// SPDX-License-Identifier: Apache-2.0
#include "control/daemon/event_query.h"

#include "dataplane/abi/canonical_name.h"

#include <algorithm>
#include <set>
#include <tuple>

namespace dialtone::daemon {
namespace {

struct Numbered {
  std::uint64_t number;
  FoundEvent found;
  bool is_faulty = false;  // and then without an event
};

// Who an event is about: a client's ports change, its address and VLAN do not.
using Client = std::tuple<std::uint64_t, std::uint64_t, std::uint16_t, std::uint16_t>;

Client client_of(const abi::Event& event) {
  return {event.address_high, event.address_low, event.outer_vlan, event.inner_vlan};
}

bool is_sound(const abi::Event& event, std::size_t outcomes) noexcept {
  return (event.kind == abi::EventKind::kRequest || event.kind == abi::EventKind::kEnd) &&
         event.outcome < outcomes &&
         static_cast<std::size_t>(event.name_class) < abi::kNameClassCount;
}

// The records of a ring to look at. Its position is read once: whatever a page says, there are no
// more of them than its records, and than its share of `most` for all rings.
struct Stretch {
  std::uint32_t worker;
  std::uint64_t oldest;  // that is in the ring
  std::uint64_t begin;
  std::uint64_t end;
};

std::vector<Stretch> stretches_of(const abi::EventsView& view, std::uint64_t most) {
  const std::uint64_t share = most / std::max(view.workers(), 1U);
  std::vector<Stretch> stretches;
  for (std::uint32_t worker = 0; worker < view.workers(); ++worker) {
    const std::uint64_t end = view.written(worker);
    const std::uint64_t kept = std::min<std::uint64_t>(end, view.capacity());
    stretches.push_back({worker, end - kept, end - std::min(kept, share), end});
  }
  return stretches;
}

// Calls use(worker, number, event) for what is not overwritten while we read; null for a faulty
// record.
template <typename Use>
void for_each_record(const abi::EventsView& view, const std::vector<Stretch>& stretches,
                     std::size_t outcomes, const Use& use) {
  for (const Stretch& stretch : stretches) {
    for (std::uint64_t number = stretch.begin; number < stretch.end; ++number) {
      const auto event = view.read(stretch.worker, number);
      if (event && is_sound(*event, outcomes)) {
        use(stretch.worker, number, &*event);
      } else if (event || !view.is_overwritten(stretch.worker, number)) {
        use(stretch.worker, number, nullptr);
      }
    }
  }
}

// In the order of time. A faulty record keeps its place behind the one before.
std::vector<Numbered> read_all(const abi::EventsView& view, const std::vector<Stretch>& stretches,
                               std::size_t outcomes) {
  std::vector<Numbered> all;
  for_each_record(view, stretches, outcomes,
                  [&](std::uint32_t worker, std::uint64_t number, const abi::Event* event) {
                    Numbered each{number, {worker, {}}, event == nullptr};
                    if (event != nullptr) {
                      each.found.event = *event;
                    } else if (!all.empty() && all.back().found.worker == worker) {
                      each.found.event.time_us = all.back().found.event.time_us;
                    }
                    all.push_back(each);
                  });
  std::stable_sort(all.begin(), all.end(), [](const Numbered& a, const Numbered& b) {
    return a.found.event.time_us < b.found.event.time_us;
  });
  return all;
}

std::set<Client> clients_of_device(const std::vector<Numbered>& all, const std::string& device) {
  std::set<Client> clients;
  for (const Numbered& each : all) {
    abi::CanonicalName name;
    if (!each.is_faulty && abi::canonicalize(each.found.event.name_view(), name) &&
        name.view().find(device) != std::string_view::npos) {
      clients.insert(client_of(each.found.event));
    }
  }
  return clients;
}

// A position that this dataplane cannot have given is another one's: from the beginning, then.
std::vector<std::uint64_t> begins_of(const std::vector<Stretch>& stretches, const EventQuery& query,
                                     FoundEvents& found) {
  bool is_ours = query.after && query.after->size() == stretches.size();
  for (const Stretch& stretch : stretches) {
    is_ours = is_ours && (*query.after)[stretch.worker] <= stretch.end;
  }
  std::vector<std::uint64_t> begins;
  for (const Stretch& stretch : stretches) {
    const std::uint64_t after = is_ours ? (*query.after)[stretch.worker] : stretch.begin;
    const std::uint64_t first = std::max(stretch.oldest, after);
    found.lost += stretch.oldest - std::min(stretch.oldest, after);
    found.skipped += stretch.begin - std::min(stretch.begin, first);
    begins.push_back(std::max(stretch.begin, after));
  }
  return begins;
}

}  // namespace

FoundEvents find_events(const abi::EventsView& view, std::size_t outcomes,
                        const EventQuery& query) {
  FoundEvents found;
  const std::vector<Stretch> stretches = stretches_of(view, query.most_records);
  found.next = begins_of(stretches, query, found);
  const std::vector<Numbered> all = read_all(view, stretches, outcomes);
  std::set<Client> clients;
  if (!query.device.empty()) {
    clients = clients_of_device(all, query.device);
  }
  const auto is_wanted = [&](const abi::Event& event) {
    return (!query.client || event.address() == *query.client) &&
           (query.device.empty() || clients.contains(client_of(event)));
  };
  for (const Numbered& each : all) {
    std::uint64_t& next = found.next[each.found.worker];
    if (each.number < next) {
      continue;
    }
    if (query.after && found.events.size() == query.limit) {
      break;
    }
    found.lost += query.after ? each.number - next : 0;
    next = each.number + 1;
    found.faulty += each.is_faulty ? 1 : 0;
    if (!each.is_faulty && is_wanted(each.found.event)) {
      found.events.push_back(each.found);
    }
  }
  if (found.events.size() > query.limit) {
    found.events.erase(found.events.begin(),
                       found.events.end() - static_cast<std::ptrdiff_t>(query.limit));
  }
  return found;
}

std::uint64_t read_new_events(const abi::EventsView& view, std::size_t outcomes,
                              std::vector<std::uint64_t>& next,
                              const std::function<void(const abi::Event&)>& use) {
  std::vector<Stretch> stretches = stretches_of(view, kMostRecords);
  std::uint64_t lost = 0;
  for (Stretch& stretch : stretches) {
    std::uint64_t& after = next[stretch.worker];
    lost += stretch.begin - std::min(stretch.begin, after);
    stretch.begin = std::clamp(after, stretch.begin, stretch.end);
    after = stretch.end;
  }
  for_each_record(view, stretches, outcomes,
                  [&](std::uint32_t, std::uint64_t, const abi::Event* event) {
                    if (event != nullptr) {
                      use(*event);
                    }
                  });
  return lost;
}

std::vector<std::optional<FoundEvent>> newest_requests(const abi::EventsView& view,
                                                       std::size_t outcomes,
                                                       std::span<const std::uint64_t> names) {
  std::vector<std::optional<FoundEvent>> newest(names.size());
  for_each_record(view, stretches_of(view, kMostRecords), outcomes,
                  [&](std::uint32_t worker, std::uint64_t, const abi::Event* event) {
                    if (event == nullptr || event->kind != abi::EventKind::kRequest) {
                      return;
                    }
                    for (std::size_t i = 0; i < names.size(); ++i) {
                      if (event->name_hash == names[i] &&
                          (!newest[i] || newest[i]->event.time_us <= event->time_us)) {
                        newest[i] = FoundEvent{worker, *event};
                      }
                    }
                  });
  return newest;
}

std::uint64_t count_faulty(const abi::EventsView& view, std::size_t outcomes, std::uint64_t most) {
  std::uint64_t faulty = 0;
  for_each_record(view, stretches_of(view, most), outcomes,
                  [&](std::uint32_t, std::uint64_t, const abi::Event* event) {
                    faulty += event == nullptr ? 1 : 0;
                  });
  return faulty;
}

}  // namespace dialtone::daemon
