// SPDX-License-Identifier: Apache-2.0
//
// Calls of operator new in this test program so far, on all threads.
#pragma once

#include <cstddef>

namespace dialtone::test {

std::size_t allocation_count() noexcept;

}  // namespace dialtone::test
