// SPDX-License-Identifier: Apache-2.0
#include "dataplane/abi/counters_page.h"

#include <algorithm>
#include <cstring>

namespace dialtone::abi {
namespace {

constexpr std::size_t stride_for(std::size_t counters) noexcept {
  return align_up(counters * sizeof(std::uint64_t), kCacheLine);
}

constexpr std::size_t values_offset_for(std::size_t counters) noexcept {
  return align_up(sizeof(CountersHeader) + counters * sizeof(CounterName), kCacheLine);
}

template <std::size_t N>
void copy_padded(char (&to)[N], std::string_view from) noexcept {
  std::memcpy(to, from.data(), std::min(from.size(), N - 1));
}

template <std::size_t N>
std::string_view padded_view(const char (&text)[N]) noexcept {
  return {text, ::strnlen(text, N)};
}

const CounterName& name_at(std::span<const std::byte> page, std::size_t counter) noexcept {
  const auto* names = reinterpret_cast<const CounterName*>(page.data() + sizeof(CountersHeader));
  return names[counter];
}

}  // namespace

std::size_t counters_page_size(std::size_t counters, std::size_t workers) noexcept {
  return values_offset_for(counters) + workers * stride_for(counters);
}

void format_counters_page(std::span<std::byte> page, std::span<const CounterInfo> counters,
                          std::size_t workers) noexcept {
  const CountersHeader header{kCountersMagic,
                              kCountersVersion,
                              static_cast<std::uint32_t>(workers),
                              static_cast<std::uint32_t>(counters.size()),
                              static_cast<std::uint32_t>(stride_for(counters.size())),
                              values_offset_for(counters.size()),
                              counters_page_size(counters.size(), workers),
                              {}};
  std::memcpy(page.data(), &header, sizeof(header));
  auto* names = reinterpret_cast<CounterName*>(page.data() + sizeof(CountersHeader));
  for (std::size_t i = 0; i < counters.size(); ++i) {
    copy_padded(names[i].name, counters[i].name);
    copy_padded(names[i].help, counters[i].help);
  }
}

std::uint64_t* worker_counters(std::span<std::byte> page, std::size_t worker) noexcept {
  const auto& header = *reinterpret_cast<const CountersHeader*>(page.data());
  return reinterpret_cast<std::uint64_t*>(page.data() + header.values_offset +
                                          worker * header.worker_stride);
}

Result<CountersView> CountersView::open(std::span<const std::byte> page) {
  if (page.size() < sizeof(CountersHeader)) {
    return refused("counters page: too short");
  }
  CountersHeader header;
  std::memcpy(&header, page.data(), sizeof(header));
  if (header.magic != kCountersMagic || header.version != kCountersVersion) {
    return refused("counters page: not of version " + std::to_string(kCountersVersion));
  }
  constexpr std::uint32_t kMost = 4096;  // far above any build; keeps the products below small
  if (header.counter_count > kMost || header.worker_count > kMost ||
      header.worker_stride != stride_for(header.counter_count) ||
      header.values_offset != values_offset_for(header.counter_count) ||
      header.size != counters_page_size(header.counter_count, header.worker_count) ||
      header.size > page.size()) {
    return refused("counters page: its sizes contradict each other");
  }
  return CountersView(page, header);
}

std::string_view CountersView::name(std::size_t counter) const noexcept {
  return padded_view(name_at(page_, counter).name);
}

std::string_view CountersView::help(std::size_t counter) const noexcept {
  return padded_view(name_at(page_, counter).help);
}

std::uint64_t CountersView::value(std::size_t counter, std::size_t worker) const noexcept {
  const std::byte* at = page_.data() + header_.values_offset + worker * header_.worker_stride +
                        counter * sizeof(std::uint64_t);
  // The worker stores whole words; an aligned load of one is atomic.
  return __atomic_load_n(reinterpret_cast<const std::uint64_t*>(at), __ATOMIC_RELAXED);
}

std::uint64_t CountersView::sum(std::size_t counter) const noexcept {
  std::uint64_t total = 0;
  for (std::size_t worker = 0; worker < workers(); ++worker) {
    total += value(counter, worker);
  }
  return total;
}

std::optional<std::size_t> CountersView::find(std::string_view wanted) const noexcept {
  for (std::size_t i = 0; i < size(); ++i) {
    if (name(i) == wanted) {
      return i;
    }
  }
  return std::nullopt;
}

}  // namespace dialtone::abi
