// SPDX-License-Identifier: Apache-2.0
#include "control/image/client_ranges.h"

#include <algorithm>
#include <optional>

namespace dialtone::image_build {
namespace {

// A range ends where the next begins, so that only a change of the verdict needs an entry.
void add(std::vector<abi::ClientRange>& ranges, const IpAddress& from, bool allowed) {
  if (!ranges.empty() && ranges.back().high == from.high && ranges.back().low == from.low) {
    ranges.pop_back();  // the longer prefix begins at the same address
  }
  const std::uint32_t verdict = allowed ? 1 : 0;
  if (ranges.empty() || ranges.back().allowed != verdict) {
    ranges.push_back({from.high, from.low, verdict, 0});
  }
}

// IpAddress has the IPv4 addresses among the IPv6 ones; who writes ::/0 does not mean them.
constexpr IpPrefix kAllOfV4{IpAddress::from_v4(0), 96};

bool takes_in_v4(const IpPrefix& prefix) {
  return prefix.bits < kAllOfV4.bits && prefix.holds(kAllOfV4.address);
}

// The first address behind a prefix; nothing behind the last one there is.
std::optional<IpAddress> behind(const IpPrefix& prefix) {
  IpAddress last = prefix.last();
  if (++last.low == 0 && ++last.high == 0) {
    return std::nullopt;
  }
  return last;
}

}  // namespace

std::vector<abi::ClientRange> flatten(std::span<const ClientPrefix> prefixes) {
  std::vector<abi::ClientRange> ranges;
  if (prefixes.empty()) {
    return ranges;
  }
  const bool others = std::none_of(prefixes.begin(), prefixes.end(),
                                   [](const ClientPrefix& each) { return each.allowed; });
  std::vector<ClientPrefix> sorted(prefixes.begin(), prefixes.end());
  const auto is_in = [&](auto test) {
    return std::any_of(prefixes.begin(), prefixes.end(),
                       [&](const ClientPrefix& each) { return test(each.prefix); });
  };
  if (is_in(takes_in_v4) && !is_in([](const IpPrefix& each) { return each == kAllOfV4; })) {
    sorted.push_back({kAllOfV4, others});
  }
  std::sort(sorted.begin(), sorted.end(), [](const ClientPrefix& a, const ClientPrefix& b) {
    const IpAddress& left = a.prefix.address;
    const IpAddress& right = b.prefix.address;
    return left != right ? left < right : a.prefix.bits < b.prefix.bits;
  });
  // Prefixes hold one another whole or not at all: those that are open are a stack.
  std::vector<ClientPrefix> open;
  const auto close = [&] {
    const auto from = behind(open.back().prefix);
    open.pop_back();
    if (from) {
      add(ranges, *from, open.empty() ? others : open.back().allowed);
    }
  };
  add(ranges, {}, others);
  for (const ClientPrefix& each : sorted) {
    while (!open.empty() && !open.back().prefix.holds(each.prefix.address)) {
      close();
    }
    add(ranges, each.prefix.address, each.allowed);
    open.push_back(each);
  }
  while (!open.empty()) {
    close();
  }
  return ranges;
}

}  // namespace dialtone::image_build
