// SPDX-License-Identifier: Apache-2.0
//
// What the image store does, in words for the log and for control's operator. Cold; any thread.
#pragma once

#include "dataplane/image/image_store.h"

#include <string>
#include <vector>

namespace dialtone::image {

// Which old generations keep an offer waiting: all of `live` but the last, which is served.
std::string waits_for_text(const std::vector<LiveGeneration>& live);

// `served`: the manifest of the generation that is served now.
std::string event_text(const StoreEvent& event, const abi::Manifest& served);

}  // namespace dialtone::image
