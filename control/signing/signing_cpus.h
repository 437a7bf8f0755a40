// SPDX-License-Identifier: Apache-2.0
//
// Where files are signed: on any CPU that this process may use but those of the dataplane's
// workers, which poll. Cold.
#pragma once

#include <vector>

namespace dialtone::signing {

// Those of this process, in ascending order; at least one.
std::vector<int> allowed_cpus();

// `allowed` without `workers`; all of it where nothing is left, for then there is no choice.
std::vector<int> cpus_to_sign_on(const std::vector<int>& allowed, const std::vector<int>& workers);

}  // namespace dialtone::signing
