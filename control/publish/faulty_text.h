// SPDX-License-Identifier: Apache-2.0
//
// What a person is told of shared memory that no sound dataplane writes, with the cure. Cold.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace dialtone::publish {

// `what`: of which `count` are faulty, "names that its workers asked for".
std::string faulty_text(std::uint64_t count, std::string_view what);

}  // namespace dialtone::publish
