// SPDX-License-Identifier: Apache-2.0
//
// The link of the port: the counter link_up has it, and the log says when it changes, and when the
// link carries other packets than at the start. Housekeeper only.
#pragma once

#include "dataplane/app/counters_memory.h"
#include "dataplane/io/port.h"

#include <cstdint>

namespace dialtone::app {

class LinkWatch {
 public:
  // Looks for the first time. `mtu`: what blocks are made for. The others outlive it.
  LinkWatch(const CountersMemory& counters, const io::Port& port, std::uint32_t mtu);

  // Some system calls.
  void look();

 private:
  void watch_state();
  void watch_mtu();
  void log_state() const;

  const CountersMemory& counters_;
  const io::Port& port_;
  const std::uint32_t mtu_;
  bool is_up_ = true;
  std::uint32_t carried_;
};

}  // namespace dialtone::app
