// SPDX-License-Identifier: Apache-2.0
//
// The allocators and locks that counted_calls.cc puts in front of those of the libraries, and what
// they count. Any thread.
#pragma once

#include <atomic>
#include <cstdint>

// Sanitizers have an allocator of their own.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define DIALTONE_COUNTS_CALLS 0
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define DIALTONE_COUNTS_CALLS 0
#endif
#endif
#ifndef DIALTONE_COUNTS_CALLS
#define DIALTONE_COUNTS_CALLS 1
#endif

namespace dialtone::test {

struct CountedCalls {
  std::atomic<std::uint64_t> allocations{0};
  std::atomic<std::uint64_t> locks{0};
  std::atomic<std::uint64_t> system_calls{0};
};

extern CountedCalls counted;
extern std::atomic<bool> counting;
extern constinit thread_local bool is_watched_thread;

}  // namespace dialtone::test
