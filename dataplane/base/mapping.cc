// SPDX-License-Identifier: Apache-2.0
#include "dataplane/base/mapping.h"

#include <sys/mman.h>

namespace dialtone {

void Mapping::reset() noexcept {
  if (address_ != nullptr) {
    ::munmap(address_, size_);
    address_ = nullptr;
    size_ = 0;
  }
}

}  // namespace dialtone
