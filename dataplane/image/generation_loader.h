// SPDX-License-Identifier: Apache-2.0
//
// From an offered manifest and the objects that it names to a generation that may be published:
// everything is checked as hostile input, nothing that is served changes. Housekeeper only.
#pragma once

#include "dataplane/image/object_table.h"

#include <memory>

namespace dialtone::image {

// Checks manifest, references, indexes and their pair. Slots are not assigned yet.
Result<std::unique_ptr<Generation>> load_generation(const ObjectTable& objects,
                                                    const abi::OfferMessage& offer,
                                                    int manifest_fd);

}  // namespace dialtone::image
