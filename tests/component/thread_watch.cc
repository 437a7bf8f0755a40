// SPDX-License-Identifier: Apache-2.0
#include "tests/component/thread_watch.h"

#include "dataplane/base/check.h"
#include "dataplane/io/eal.h"
#include "tests/component/counted_calls.h"
#include "tests/component/dataplane_fixture.h"

#include <unistd.h>

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <optional>
#include <thread>

namespace dialtone::test {
namespace {

constexpr int kNotYet = -1;
std::atomic<int> last_system_call{-1};

// Runs on the worker's thread. `listener`: where its system calls are reported, or minus an errno.
int watch_this_thread(void* listener) {
  sock_filter report[] = {BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF)};
  const sock_fprog program{1, report};
  ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  const long fd =
      ::syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER, &program);
  // From here on the thread stands still in each system call until answer_calls() lets it go.
  is_watched_thread = fd >= 0;
  static_cast<std::atomic<int>*>(listener)->store(fd < 0 ? -errno - 1 : static_cast<int>(fd));
  return 0;
}

// Until the end of the process: without it the threads would get an error from every call.
void answer_calls(int listener) {
  while (true) {
    seccomp_notif call{};
    if (::ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &call) != 0) {
      continue;  // a signal, or the call was given up
    }
    if (counting.load()) {
      counted.system_calls.fetch_add(1);
      last_system_call.store(call.data.nr);
    }
    seccomp_notif_resp go_on{};
    go_on.id = call.id;
    go_on.flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE;
    ::ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &go_on);
  }
}

std::string watch_worker(std::uint32_t worker) {
  static std::atomic<int> listeners[kMostWorkers];
  std::atomic<int>& listener = listeners[worker];
  listener.store(kNotYet);
  DIALTONE_CHECK(eal().launch(worker, &watch_this_thread, &listener).ok());
  for (int ms = 0; listener.load() == kNotYet; ++ms) {
    DIALTONE_CHECK(ms < 5000);
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  if (const int fd = listener.load(); fd >= 0) {
    std::thread(answer_calls, fd).detach();
  }
  DIALTONE_CHECK(eal().wait(5000));
  const int fd = listener.load();
  return fd >= 0 ? "" : std::string("this kernel reports no system calls: ") + strerror(-fd - 1);
}

}  // namespace

std::string watch_workers() {
  if (!DIALTONE_COUNTS_CALLS) {
    return "a sanitizer has taken the place of the allocator";
  }
  static std::optional<std::string> trouble;
  if (!trouble) {
    trouble.emplace();
    for (std::uint32_t worker = 0; worker < kMostWorkers && trouble->empty(); ++worker) {
      *trouble = watch_worker(worker);
    }
  }
  return *trouble;
}

void begin_counting() {
  counted.allocations = counted.locks = counted.system_calls = 0;
  last_system_call = -1;
  counting = true;
}

Calls end_counting() {
  counting = false;
  return {counted.allocations, counted.locks, counted.system_calls, last_system_call};
}

}  // namespace dialtone::test
