// SPDX-License-Identifier: Apache-2.0
//
// Maps a memfd that another process handed over, so that no act of that process can hurt a reader:
// sealed against shrinking (else a truncate is a SIGBUS in a worker), growing, writing and further
// sealing; backed with pages to its last byte; populated before anyone looks. Housekeeper and
// control; may block.
#pragma once

#include "dataplane/base/mapping.h"
#include "dataplane/base/result.h"
#include "dataplane/base/spread.h"

#include <cstdint>

namespace dialtone::image {

enum class MapMode : std::uint8_t {
  kShared,   // PROT_READ, MAP_SHARED
  kPrivate,  // PROT_READ, MAP_PRIVATE: for kernels before 6.7, which refuse the first
};

// What this kernel allows for a write-sealed memfd: tries it on one of its own.
MapMode supported_map_mode();

// Maps all of `fd` when its seals and its pages are in order and it holds `size` bytes or more.
// The mapping is as long as the memfd. The caller may close `fd` afterwards.
Result<Mapping> map_sealed(int fd, std::uint64_t size, MapMode mode,
                           const Spread& spread = Spread());

}  // namespace dialtone::image
