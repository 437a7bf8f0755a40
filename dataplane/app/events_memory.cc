// SPDX-License-Identifier: Apache-2.0
#include "dataplane/app/events_memory.h"

#include <bit>
#include <chrono>

namespace dialtone::app {

Result<EventsMemory> EventsMemory::create(std::uint32_t records, std::uint32_t workers) {
  const std::uint32_t capacity = std::bit_ceil(records);
  auto shared = SharedPage::make("events", abi::events_page_size(capacity, workers),
                                 SharedPage::Others::kRead);
  if (!shared) {
    return shared.error();
  }
  abi::format_events_page(shared->page.writable_bytes(), capacity, workers);
  return EventsMemory(std::move(*shared));
}

void EventsMemory::follow_clock(const TickRate& rate) const noexcept {
  const auto date = std::chrono::duration_cast<std::chrono::microseconds>(
      std::chrono::system_clock::now().time_since_epoch());
  abi::set_wall_offset(shared_.page.writable_bytes(),
                       date.count() - static_cast<std::int64_t>(rate.to_us(read_tsc())));
}

}  // namespace dialtone::app
