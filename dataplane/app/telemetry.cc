// SPDX-License-Identifier: Apache-2.0
#include "dataplane/app/telemetry.h"

#include "dataplane/abi/counters_page.h"
#include "dataplane/server/counters.h"

#include <rte_telemetry.h>

#include <initializer_list>
#include <mutex>
#include <string>

namespace dialtone::app {
namespace {

// Commands cannot be taken back: without a source they answer nothing.
std::mutex source_mutex;
const Telemetry* source = nullptr;

// Calls `add` with a dictionary and the source, when there is one.
template <typename Add>
int answer(rte_tel_data* data, Add&& add) noexcept {
  const std::lock_guard lock(source_mutex);
  rte_tel_data_start_dict(data);
  if (source != nullptr) {
    add(*source);
  }
  return 0;
}

using Prefixes = std::initializer_list<std::string_view>;

bool begins_with_one(std::string_view name, Prefixes prefixes) {
  for (const std::string_view prefix : prefixes) {
    if (name.starts_with(prefix)) {
      return true;
    }
  }
  return false;
}

// A dictionary has 256 entries at most (RTE_TEL_MAX_DICT_ENTRIES), more are left out by DPDK.
static_assert(server::kCounterCount < 256);

void add_counters(rte_tel_data* data, const Telemetry& from, Prefixes prefixes, bool wanted) {
  const auto view = abi::CountersView::open(from.counters().bytes());
  if (!view) {
    return;
  }
  for (std::size_t i = 0; i < view->size(); ++i) {
    if (begins_with_one(view->name(i), prefixes) == wanted) {
      rte_tel_data_add_dict_u64(data, std::string(view->name(i)).c_str(), view->sum(i));
    }
  }
}

int answer_stats(const char*, const char*, rte_tel_data* data) noexcept {
  return answer(data, [&](const Telemetry& from) { add_counters(data, from, {"drop_"}, false); });
}

int answer_drops(const char*, const char*, rte_tel_data* data) noexcept {
  return answer(data, [&](const Telemetry& from) { add_counters(data, from, {"drop_"}, true); });
}

int answer_sessions(const char*, const char*, rte_tel_data* data) noexcept {
  return answer(data, [&](const Telemetry& from) {
    add_counters(data, from, {"sessions_", "serving_", "transfers_", "parked_"}, true);
  });
}

int answer_image(const char*, const char*, rte_tel_data* data) noexcept {
  return answer(data, [&](const Telemetry& from) {
    const Telemetry::Image& image = from.image();
    const auto add = [&](const char* name, const std::atomic<std::uint64_t>& value) {
      rte_tel_data_add_dict_u64(data, name, value.load(std::memory_order_relaxed));
    };
    add("generation", image.generation);
    add("files", image.files);
    add("segments", image.segments);
    add("live_generations", image.live_generations);
  });
}

void register_commands() {
  rte_telemetry_register_cmd("/dialtone/stats", answer_stats, "Counters, over all workers");
  rte_telemetry_register_cmd("/dialtone/drops", answer_drops, "Frames dropped, by reason");
  rte_telemetry_register_cmd("/dialtone/sessions", answer_sessions,
                             "Transfers in flight, and how they ended");
  rte_telemetry_register_cmd("/dialtone/image", answer_image, "What is served");
}

}  // namespace

Telemetry::Telemetry(const CountersMemory& counters) : counters_(counters) {
  static std::once_flag registered;
  std::call_once(registered, register_commands);
  const std::lock_guard lock(source_mutex);
  source = this;
}

Telemetry::~Telemetry() {
  const std::lock_guard lock(source_mutex);
  source = nullptr;
}

void Telemetry::note(const image::ImageStore& store) noexcept {
  const abi::Manifest* manifest = store.manifest();
  const auto set = [](std::atomic<std::uint64_t>& to, std::uint64_t value) {
    to.store(value, std::memory_order_relaxed);
  };
  set(image_.generation, manifest != nullptr ? manifest->generation : 0);
  set(image_.files, manifest != nullptr ? manifest->file_count : 0);
  set(image_.segments, manifest != nullptr ? manifest->segment_count : 0);
  set(image_.live_generations, store.live_generations());
}

}  // namespace dialtone::app
