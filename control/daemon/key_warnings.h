// SPDX-License-Identifier: Apache-2.0
//
// What a build says of a signing key that cannot be used: who asks for one looks at its answer, and
// not at the log.
#pragma once

#include "control/daemon/service.h"

#include <string>
#include <vector>

namespace dialtone::daemon {

// As the last build has found the key.
inline void add_key_warnings(const Service& service, std::vector<std::string>& texts) {
  const bool has_key = service.builder().signed_files().key() != nullptr;
  for (const Diagnostic& fault : service.signing_faults()) {
    texts.push_back(to_string(fault) +
                    (has_key ? "; the key of before is used on" : "; nothing is signed"));
  }
}

}  // namespace dialtone::daemon
