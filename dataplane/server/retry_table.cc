// SPDX-License-Identifier: Apache-2.0
#include "dataplane/server/retry_table.h"

#include <algorithm>

namespace dialtone::server {
namespace {

constexpr std::uint32_t cell_of(std::uint32_t tag, std::uint8_t time) noexcept {
  return tag << 8 | time;
}

constexpr std::uint8_t age(std::uint32_t cell, std::uint8_t now) noexcept {
  return static_cast<std::uint8_t>(now - cell);
}

}  // namespace

RetryTable::RetryTable(std::size_t lines) : lines_(std::max<std::size_t>(1, lines)) {}

std::uint32_t* RetryTable::find(std::uint64_t hash) noexcept {
  for (std::uint32_t& cell : lines_[line(hash)].cells) {
    if (cell >> 8 == tag(hash)) {
      return &cell;
    }
  }
  return nullptr;
}

bool RetryTable::is_retry(std::uint64_t hash, Micros now) noexcept {
  const std::uint8_t time = units(now);
  if (std::uint32_t* known = find(hash)) {
    const std::uint8_t since = age(*known, time);
    if (since < units(kSoonest) || since > units(kRound - kAnswered)) {
      return false;  // too soon, or the time of answered() lies ahead
    }
    *known = cell_of(tag(hash), time);
    return since <= units(kLatest);
  }
  for (std::uint32_t& cell : lines_[line(hash)].cells) {
    const std::uint8_t since = age(cell, time);
    if (cell == 0 || (since > units(kLatest) && since <= units(kRound - kAnswered))) {
      cell = cell_of(tag(hash), time);
      break;
    }
  }
  return false;
}

void RetryTable::answered(std::uint64_t hash, Micros now) noexcept {
  if (std::uint32_t* known = find(hash)) {
    *known = cell_of(tag(hash), units(now + kAnswered - kSoonest));
  }
}

}  // namespace dialtone::server
