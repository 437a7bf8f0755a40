// SPDX-License-Identifier: Apache-2.0
#include "tests/component/counted_calls.h"

#include <dlfcn.h>
#include <pthread.h>
#include <rte_malloc.h>

#include <cerrno>
#include <cstdlib>

namespace dialtone::test {

CountedCalls counted;
std::atomic<bool> counting{false};
constinit thread_local bool is_watched_thread = false;

}  // namespace dialtone::test

#if DIALTONE_COUNTS_CALLS

namespace dialtone::test {
namespace {

void count(std::atomic<std::uint64_t>& calls) noexcept {
  if (is_watched_thread && counting.load(std::memory_order_relaxed)) {
    calls.fetch_add(1, std::memory_order_relaxed);
  }
}

void count_allocation() noexcept {
  count(counted.allocations);
}

void count_lock() noexcept {
  count(counted.locks);
}

// What the library itself has under this name.
template <typename Function>
Function* next(const char* name) noexcept {
  return reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name));
}

}  // namespace
}  // namespace dialtone::test

using dialtone::test::count_allocation;
using dialtone::test::count_lock;
using dialtone::test::next;

// A call of operator new ends in these as well.
extern "C" {

void* __libc_malloc(std::size_t size);
void* __libc_calloc(std::size_t count, std::size_t size);
void* __libc_realloc(void* memory, std::size_t size);
void* __libc_memalign(std::size_t alignment, std::size_t size);
void __libc_free(void* memory);

void* malloc(std::size_t size) noexcept {
  count_allocation();
  return __libc_malloc(size);
}
void* calloc(std::size_t count, std::size_t size) noexcept {
  count_allocation();
  return __libc_calloc(count, size);
}
void* realloc(void* memory, std::size_t size) noexcept {
  count_allocation();
  return __libc_realloc(memory, size);
}
void* memalign(std::size_t alignment, std::size_t size) noexcept {
  count_allocation();
  return __libc_memalign(alignment, size);
}
void* aligned_alloc(std::size_t alignment, std::size_t size) noexcept {
  count_allocation();
  return __libc_memalign(alignment, size);
}
int posix_memalign(void** memory, std::size_t alignment, std::size_t size) noexcept {
  count_allocation();
  *memory = __libc_memalign(alignment, size);
  return *memory == nullptr ? ENOMEM : 0;
}
void free(void* memory) noexcept {
  count_allocation();
  __libc_free(memory);
}

void* rte_malloc(const char* type, std::size_t size, unsigned alignment) {
  count_allocation();
  static auto* const real = next<decltype(rte_malloc)>("rte_malloc");
  return real(type, size, alignment);
}
void* rte_zmalloc(const char* type, std::size_t size, unsigned alignment) {
  count_allocation();
  static auto* const real = next<decltype(rte_zmalloc)>("rte_zmalloc");
  return real(type, size, alignment);
}
void rte_free(void* memory) {
  count_allocation();
  static auto* const real = next<decltype(rte_free)>("rte_free");
  real(memory);
}

int pthread_mutex_lock(pthread_mutex_t* mutex) noexcept {
  count_lock();
  static auto* const real = next<decltype(pthread_mutex_lock)>("pthread_mutex_lock");
  return real(mutex);
}
int pthread_rwlock_rdlock(pthread_rwlock_t* lock) noexcept {
  count_lock();
  static auto* const real = next<decltype(pthread_rwlock_rdlock)>("pthread_rwlock_rdlock");
  return real(lock);
}
int pthread_rwlock_wrlock(pthread_rwlock_t* lock) noexcept {
  count_lock();
  static auto* const real = next<decltype(pthread_rwlock_wrlock)>("pthread_rwlock_wrlock");
  return real(lock);
}
int pthread_spin_lock(pthread_spinlock_t* lock) noexcept {
  count_lock();
  static auto* const real = next<decltype(pthread_spin_lock)>("pthread_spin_lock");
  return real(lock);
}

}  // extern "C"

#endif
