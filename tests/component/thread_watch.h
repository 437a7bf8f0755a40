// SPDX-License-Identifier: Apache-2.0
//
// Counts what a worker's thread must never do while it serves: take or give back memory, take a
// lock, enter the kernel. Allocators and locks of the C library and of DPDK are interposed for the
// whole program and look whether the thread is watched. A seccomp filter on that thread alone
// reports each system call to a thread of the watch, which lets it go on. What compiles to no call
// at all, as an inline spinlock, is not seen.
//
// A filter stays for the life of its thread, so these tests are a program of their own.
#pragma once

#include <cstdint>
#include <string>

namespace dialtone::test {

struct Calls {
  std::uint64_t allocations = 0;  // and what gives memory back
  std::uint64_t locks = 0;
  std::uint64_t system_calls = 0;
  int last_system_call = -1;  // its number
};

// Watches the threads of all workers from now on. Why that cannot be, as a text; empty: it can. No
// worker may run.
std::string watch_workers();

// Calls of watched threads count between these two. No worker is within a call that began before.
void begin_counting();
Calls end_counting();

}  // namespace dialtone::test
