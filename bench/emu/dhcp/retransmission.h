// SPDX-License-Identifier: Apache-2.0
//
// When a client of DHCP asks again, of either family (RFC 2131 4.1, RFC 8415 15): after a wait that
// doubles with each copy of a message, up to a longest one. Without the random part of both, so
// that runs are alike. Takes time as values; one thread.
#pragma once

#include "dataplane/base/tsc_clock.h"

#include <algorithm>
#include <limits>

namespace dialtone::emu {

class Retransmission {
 public:
  struct Pace {
    Micros first = 0;   // behind the first copy
    int doublings = 0;  // then the wait stays
    int requests = 0;   // copies of a request that nobody answers; then the client begins again
  };

  explicit constexpr Retransmission(const Pace& pace) noexcept : pace_(pace) {}

  // A copy has been sent.
  void on_sent(Micros now) noexcept {
    deadline_ = now + (pace_.first << std::min(sent_, pace_.doublings));
    ++sent_;
  }
  // Another message is next.
  void begin() noexcept { sent_ = 0; }
  // The same, and it is not sent at once.
  void begin_later(Micros now) noexcept {
    sent_ = 0;
    deadline_ = now + pace_.first;
  }
  void stop() noexcept { deadline_ = std::numeric_limits<Micros>::max(); }

  Micros deadline() const noexcept { return deadline_; }
  bool is_due(Micros now) const noexcept { return now >= deadline_; }
  bool is_spent() const noexcept { return sent_ >= pace_.requests; }

 private:
  Pace pace_;
  int sent_ = 0;  // of this message
  Micros deadline_ = 0;
};

}  // namespace dialtone::emu
