// SPDX-License-Identifier: Apache-2.0
//
// The miss rings of this process: a memfd that workers write names into, and that control gets to
// read them (abi/miss_ring.h). Made once at start; each worker has a ring of its own.
#pragma once

#include "dataplane/abi/miss_ring.h"
#include "dataplane/base/mapping.h"
#include "dataplane/base/result.h"
#include "dataplane/base/unique_fd.h"

#include <atomic>
#include <cstdint>
#include <memory>

namespace dialtone::app {

class MissMemory {
 public:
  static Result<MissMemory> create(std::uint32_t workers);

  // For control: it can map it to read and to write, and cannot resize it.
  int fd() const noexcept { return fd_.get(); }
  abi::MissWriter writer(std::uint32_t worker) const noexcept;
  // Set by the housekeeper while a control is connected; workers ask nobody else.
  std::atomic<bool>& listening() const noexcept { return *listening_; }

 private:
  MissMemory(UniqueFd fd, Mapping rings)
      : fd_(std::move(fd)),
        rings_(std::move(rings)),
        listening_(std::make_unique<std::atomic<bool>>(false)) {}

  UniqueFd fd_;
  Mapping rings_;
  std::unique_ptr<std::atomic<bool>> listening_;  // where it is, the workers find it
};

}  // namespace dialtone::app
