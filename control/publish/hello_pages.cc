// SPDX-License-Identifier: Apache-2.0
#include "control/publish/hello_pages.h"

#include "dataplane/abi/offer_protocol.h"

namespace dialtone::publish {

Result<HelloPages> HelloPages::take(std::vector<UniqueFd> descriptors) {
  descriptors.resize(abi::kHelloDescriptors);  // what did not come is no descriptor
  std::optional<MissSource> misses;
  if (const UniqueFd& rings = descriptors[abi::kHelloMisses]; rings.valid()) {
    auto source = MissSource::open(rings.get());
    if (!source) {
      return source.error();
    }
    misses.emplace(*std::move(source));
  }
  return HelloPages(std::move(descriptors[abi::kHelloCounters]),
                    std::move(descriptors[abi::kHelloEvents]), std::move(misses));
}

void HelloPages::take_misses(std::vector<abi::Miss>& out, std::size_t most) {
  if (misses_) {
    misses_->take(out, most);
  }
}

}  // namespace dialtone::publish
