// SPDX-License-Identifier: Apache-2.0
//
// How long a session whose client has not answered is kept behind the last copy. The next that
// comes of it is its own repeat: a phone's of the request after 4 s, the slowest stock client's of
// an ACK that was lost after 5, each counted from a first packet that may have been the copy. Freed
// sooner, the session is a dead port for them; under attack it can be (Admission::kMinStood). Who
// has answered is waited for long enough by doubling: 1, 2, 4, 8 s.
#pragma once

#include "dataplane/base/tsc_clock.h"

namespace dialtone::server {

inline constexpr Micros kLastWaitUs = 5'500'000;

}  // namespace dialtone::server
