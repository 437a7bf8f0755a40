// SPDX-License-Identifier: Apache-2.0
#include "bench/micro/name_set.h"

#include "bench/micro/huge_pages.h"
#include "dataplane/base/check.h"

#include <cstdio>

namespace dialtone::bench {
namespace {

// Room that a record of 64 bytes takes with a name of 23, content of 1 and its sum.
constexpr std::size_t kRecordRoom = 320;

abi::CanonicalName name_of(const char* prefix, std::uint64_t number) {
  char text[32];
  const int length =
      std::snprintf(text, sizeof(text), "%s%08x.cnf.xml", prefix, static_cast<unsigned>(number));
  abi::CanonicalName name;
  DIALTONE_CHECK(abi::canonicalize({text, static_cast<std::size_t>(length)}, name));
  return name;
}

}  // namespace

NameSet::NameSet(std::uint64_t count) : count_(count), image_(count * kRecordRoom + (1 << 20)) {
  for (std::uint64_t number = 0; number < count; ++number) {
    image_.add(name_of(kThere, number).view(), "x", abi::FileClass::kDeviceConfig);
  }
  image_.build();
  huge_ = move_to_huge_pages(image_.index_bytes()) && move_to_huge_pages(image_.segment_bytes());
}

std::uint64_t NameSet::below(std::uint64_t bound) {
  state_ = mix64(state_ + 1, 7);
  return multiply_high(state_, bound);
}

void NameSet::draw(const char* prefix, std::array<abi::CanonicalName, kBurst>& out) {
  for (abi::CanonicalName& name : out) {
    name = name_of(prefix, below(count_));
  }
}

const abi::IndexLine* NameSet::draw_line() {
  const auto lines = view().base().lines();
  return &lines[below(lines.size())];
}

const std::byte* NameSet::draw_record() {
  const auto bytes = image_.segment_bytes();
  return &bytes[below(bytes.size() / kCacheLine) * kCacheLine];
}

}  // namespace dialtone::bench
