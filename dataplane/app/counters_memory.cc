// SPDX-License-Identifier: Apache-2.0
#include "dataplane/app/counters_memory.h"

#include "dataplane/server/counters.h"

namespace dialtone::app {

Result<CountersMemory> CountersMemory::create(std::uint32_t workers) {
  auto shared =
      SharedPage::make("counters", abi::counters_page_size(server::kCounterCount, workers),
                       SharedPage::Others::kRead);
  if (!shared) {
    return shared.error();
  }
  abi::format_counters_page(shared->page.writable_bytes(), server::counter_table(), workers);
  return CountersMemory(std::move(*shared));
}

std::span<std::uint64_t> CountersMemory::worker(std::uint32_t number) const noexcept {
  return {abi::worker_counters(shared_.page.writable_bytes(), number), server::kCounterCount};
}

}  // namespace dialtone::app
