// SPDX-License-Identifier: Apache-2.0
#include "dataplane/server/counters.h"

#include "dataplane/base/check.h"

#include <array>

namespace dialtone::server {
namespace {

constexpr std::array<abi::CounterInfo, kCounterCount> kTable = {{
#define DIALTONE_INFO(word, name, help) {name, help},
    DIALTONE_SERVER_COUNTERS(DIALTONE_INFO) DIALTONE_DROP_REASONS(DIALTONE_INFO)
#undef DIALTONE_INFO
}};

constexpr bool fits_the_page() {
  for (const abi::CounterInfo& info : kTable) {
    if (info.name.size() >= sizeof(abi::CounterName::name) ||
        info.help.size() >= sizeof(abi::CounterName::help)) {
      return false;
    }
  }
  return true;
}
static_assert(fits_the_page(), "a name or a help text is too long for the counters page");

}  // namespace

std::span<const abi::CounterInfo> counter_table() noexcept {
  return kTable;
}

CounterBlock::CounterBlock(std::span<std::uint64_t> values) noexcept : values_(values.data()) {
  DIALTONE_CHECK(values.size() >= kCounterCount);
}

}  // namespace dialtone::server
