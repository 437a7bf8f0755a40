// SPDX-License-Identifier: Apache-2.0
//
// The miss rings of this process: a memfd that workers write names into, and that control gets to
// read them (abi/miss_ring.h). Made once at start; each worker has a ring of its own.
#pragma once

#include "dataplane/abi/miss_ring.h"
#include "dataplane/app/shared_page.h"

#include <atomic>
#include <cstdint>
#include <memory>

namespace dialtone::app {

class MissMemory {
 public:
  static Result<MissMemory> create(std::uint32_t workers);

  // For control: it can map it to read and to write, and cannot resize it.
  int fd() const noexcept { return shared_.fd.get(); }
  abi::MissWriter writer(std::uint32_t worker) const noexcept;
  // Set by the housekeeper while a control is connected; workers ask nobody else.
  std::atomic<bool>& listening() const noexcept { return *listening_; }

 private:
  explicit MissMemory(SharedPage shared)
      : shared_(std::move(shared)), listening_(std::make_unique<std::atomic<bool>>(false)) {}

  SharedPage shared_;
  std::unique_ptr<std::atomic<bool>> listening_;  // where it is, the workers find it
};

}  // namespace dialtone::app
