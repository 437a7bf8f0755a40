// SPDX-License-Identifier: Apache-2.0
//
// Grace periods by quiescent states (rte_rcu_qsbr): "no worker can still hold a pointer that it
// loaded before". Worker numbers are 0..workers-1. online(), quiescent() and offline() belong to
// that worker's thread; start() and passed() to the housekeeper, which never waits: it polls.
// Needs no EAL.
#pragma once

#include <rte_rcu_qsbr.h>

#include <cstdint>
#include <cstdlib>
#include <memory>

namespace dialtone::image {

class Grace {
 public:
  using Token = std::uint64_t;

  // All workers are registered and offline; an offline worker holds nothing back.
  explicit Grace(std::uint32_t workers);

  void online(std::uint32_t worker) noexcept { rte_rcu_qsbr_thread_online(state_.get(), worker); }
  void offline(std::uint32_t worker) noexcept { rte_rcu_qsbr_thread_offline(state_.get(), worker); }
  // The worker holds no pointer of before. About a cycle when nobody waits.
  void quiescent(std::uint32_t worker) noexcept { rte_rcu_qsbr_quiescent(state_.get(), worker); }

  // Call it after the new pointer is stored.
  Token start() noexcept { return rte_rcu_qsbr_start(state_.get()); }
  bool passed(Token token) noexcept { return rte_rcu_qsbr_check(state_.get(), token, false) == 1; }

 private:
  struct Free {
    void operator()(rte_rcu_qsbr* state) const noexcept { std::free(state); }
  };
  std::unique_ptr<rte_rcu_qsbr, Free> state_;
};

}  // namespace dialtone::image
