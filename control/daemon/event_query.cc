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

// The first record of a ring to look at, when `most` of all rings may be.
std::uint64_t oldest_of(const abi::EventsView& view, std::uint64_t written, std::uint64_t most) {
  const std::uint64_t share = most / std::max(view.workers(), 1U);
  const std::uint64_t kept = std::min<std::uint64_t>(view.capacity(), share);
  return written > kept ? written - kept : 0;
}

bool is_sound(const abi::Event& event, std::size_t outcomes) noexcept {
  return (event.kind == abi::EventKind::kRequest || event.kind == abi::EventKind::kEnd) &&
         event.outcome < outcomes &&
         static_cast<std::size_t>(event.name_class) < abi::kNameClassCount;
}

// What is in the ring but for what is overwritten while we read. The position is read once:
// whatever a page says, there are no more than its records to look at. A faulty record keeps its
// place behind the one before.
void read_ring(const abi::EventsView& view, std::uint32_t worker, std::size_t outcomes,
               std::uint64_t most, std::vector<Numbered>& out) {
  const std::uint64_t end = view.written(worker);
  std::uint64_t time_us = 0;
  for (std::uint64_t number = oldest_of(view, end, most); number < end; ++number) {
    const auto event = view.read(worker, number);
    if (event && is_sound(*event, outcomes)) {
      out.push_back({number, {worker, *event}});
      time_us = event->time_us;
    } else if (event || !view.is_overwritten(worker, number)) {
      out.push_back({number, {worker, {}}, true});
      out.back().found.event.time_us = time_us;
    }
  }
}

std::vector<Numbered> read_all(const abi::EventsView& view, std::size_t outcomes,
                               std::uint64_t most) {
  std::vector<Numbered> all;
  for (std::uint32_t worker = 0; worker < view.workers(); ++worker) {
    read_ring(view, worker, outcomes, most, all);
  }
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
std::vector<std::uint64_t> begins_of(const abi::EventsView& view, const EventQuery& query,
                                     std::uint64_t& lost) {
  std::vector<std::uint64_t> begins(view.workers(), 0);
  bool is_ours = query.after && query.after->size() == view.workers();
  for (std::uint32_t worker = 0; worker < view.workers(); ++worker) {
    is_ours = is_ours && (*query.after)[worker] <= view.written(worker);
  }
  for (std::uint32_t worker = 0; worker < view.workers(); ++worker) {
    begins[worker] = oldest_of(view, view.written(worker), kMostRecords);
    if (is_ours) {
      const std::uint64_t after = (*query.after)[worker];
      lost += begins[worker] > after ? begins[worker] - after : 0;
      begins[worker] = std::max(begins[worker], after);
    }
  }
  return begins;
}

}  // namespace

FoundEvents find_events(const abi::EventsView& view, std::size_t outcomes,
                        const EventQuery& query) {
  FoundEvents found;
  found.next = begins_of(view, query, found.lost);
  const std::vector<Numbered> all = read_all(view, outcomes, kMostRecords);
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

std::uint64_t count_faulty(const abi::EventsView& view, std::size_t outcomes, std::uint64_t most) {
  const std::vector<Numbered> all = read_all(view, outcomes, most);
  return static_cast<std::uint64_t>(
      std::count_if(all.begin(), all.end(), [](const Numbered& each) { return each.is_faulty; }));
}

}  // namespace dialtone::daemon
