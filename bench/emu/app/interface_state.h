// SPDX-License-Identifier: Apache-2.0
//
// An interface of the kernel while emulated devices are on it: may we use it, is it up, and after
// the run it is as it was. Cold; one thread.
#pragma once

#include "dataplane/base/result.h"

#include <string>
#include <utility>

namespace dialtone::emu {

class InterfaceState {
 public:
  // `link` as on the command line; of a DPDK device that is no interface nothing is asked.
  // kPermission with the cure, kUsage: there is none of this name, or it is down.
  static Result<InterfaceState> look(const std::string& link);

  InterfaceState(InterfaceState&& other) noexcept : name_(std::exchange(other.name_, {})) {}
  InterfaceState& operator=(InterfaceState&&) = delete;
  // Promiscuous mode goes, unless it was on before. When the port is closed.
  ~InterfaceState();

 private:
  explicit InterfaceState(std::string name) : name_(std::move(name)) {}

  std::string name_;  // empty: nothing is to be undone
};

}  // namespace dialtone::emu
