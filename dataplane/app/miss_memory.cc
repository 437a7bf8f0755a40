// SPDX-License-Identifier: Apache-2.0
#include "dataplane/app/miss_memory.h"

namespace dialtone::app {

Result<MissMemory> MissMemory::create(std::uint32_t workers) {
  auto shared =
      SharedPage::make("misses", abi::miss_ring_size(workers), SharedPage::Others::kReadAndWrite);
  if (!shared) {
    return shared.error();
  }
  abi::format_miss_ring(shared->page.writable_bytes(), workers);
  return MissMemory(std::move(*shared));
}

abi::MissWriter MissMemory::writer(std::uint32_t worker) const noexcept {
  return {abi::worker_miss_ring(shared_.page.writable_bytes(), worker), worker, *listening_};
}

}  // namespace dialtone::app
