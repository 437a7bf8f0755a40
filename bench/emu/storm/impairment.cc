// SPDX-License-Identifier: Apache-2.0
#include "bench/emu/storm/impairment.h"

#include <algorithm>

namespace dialtone::emu {

// SplitMix64: good enough for coins, and no state to speak of.
bool ImpairedLink::chance(double share) noexcept {
  state_ += 0x9e3779b97f4a7c15;
  std::uint64_t mixed = state_;
  mixed = (mixed ^ mixed >> 30) * 0xbf58476d1ce4e5b9;
  mixed = (mixed ^ mixed >> 27) * 0x94d049bb133111eb;
  mixed ^= mixed >> 31;
  return static_cast<double>(mixed >> 11) * 0x1p-53 < share;
}

ImpairedLink::Fate ImpairedLink::decide(rte_mbuf* buffer, Micros now) {
  if (impairment_.loss != 0 && chance(impairment_.loss)) {
    return Fate::kLose;
  }
  const bool late = impairment_.reorder != 0 && chance(impairment_.reorder);
  const Micros wait = impairment_.delay + (late ? impairment_.reorder_by : 0);
  if (wait == 0) {
    return Fate::kPass;
  }
  waiting_.push_back({now + wait, serial_++, buffer});
  std::push_heap(waiting_.begin(), waiting_.end(), std::greater<>());
  return Fate::kWait;
}

void ImpairedLink::release(Micros now, const std::function<void(rte_mbuf*)>& pass) {
  while (!waiting_.empty() && waiting_.front().at <= now) {
    std::pop_heap(waiting_.begin(), waiting_.end(), std::greater<>());
    rte_mbuf* buffer = waiting_.back().buffer;
    waiting_.pop_back();
    pass(buffer);
  }
}

std::vector<rte_mbuf*> ImpairedLink::take_all() {
  std::vector<rte_mbuf*> buffers;
  for (const Waiting& each : waiting_) {
    buffers.push_back(each.buffer);
  }
  waiting_.clear();
  return buffers;
}

}  // namespace dialtone::emu
