// SPDX-License-Identifier: Apache-2.0
//
// What came of a storm.
#include "tests/unit/server/storm.h"

#include <algorithm>

namespace dialtone::test {

std::size_t Storm::unfinished() const {
  return static_cast<std::size_t>(std::ranges::count_if(
      phones_, [](const Phone& one) { return one.ended == 0 && !one.is_gone; }));
}

std::size_t Storm::wrong() const {
  return static_cast<std::size_t>(std::ranges::count_if(phones_, &Phone::is_wrong));
}

std::size_t Storm::repeats() const {
  std::size_t sum = 0;
  for (const Phone& one : phones_) {
    sum += one.repeats;
  }
  return sum;
}

namespace {

Nanos at_share(std::vector<Nanos> values, double share) {
  if (values.empty()) {
    return 0;
  }
  std::ranges::sort(values);
  return values[static_cast<std::size_t>(static_cast<double>(values.size() - 1) * share)];
}

}  // namespace

Nanos Storm::duration_at(double share) const {
  std::vector<Nanos> values;
  for (const Phone& one : phones_) {
    if (one.ended != 0) {
      values.push_back(one.ended - one.begun);
    }
  }
  return at_share(std::move(values), share);
}

Nanos Storm::answer_at(double share) const {
  std::vector<Nanos> values;
  for (const Phone& one : phones_) {
    if (one.first_answer != 0) {
      values.push_back(one.first_answer - one.begun);
    }
  }
  return at_share(std::move(values), share);
}

double Storm::fairness() const {
  double sum = 0;
  double squares = 0;
  double count = 0;
  for (const Phone& one : phones_) {
    const auto duration = static_cast<double>(one.ended - one.begun);
    sum += duration;
    squares += duration * duration;
    ++count;
  }
  return sum * sum / (count * squares);
}

Nanos Storm::last_end() const {
  Nanos last = 0;
  for (const Phone& one : phones_) {
    last = std::max(last, one.ended);
  }
  return last;
}

std::uint64_t Storm::file_bytes() const {
  return std::uint64_t{config_.phones} * kFilesEach * config_.file_size;
}

}  // namespace dialtone::test
