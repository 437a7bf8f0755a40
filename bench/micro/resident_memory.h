// SPDX-License-Identifier: Apache-2.0
//
// What memory this process holds: pages of its own, and those of the memfds that it has open,
// mapped or not. PeakMemory looks every two milliseconds, from a thread of its own.
#pragma once

#include <dirent.h>
#include <unistd.h>

#include <sys/stat.h>

#include <chrono>
#include <cstdint>
#include <fstream>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

namespace dialtone::bench {

struct ResidentMemory {
  std::uint64_t heap = 0;  // anonymous pages: heap and stacks
  std::uint64_t memfds = 0;

  std::uint64_t all() const noexcept { return heap + memfds; }
};

inline std::uint64_t anonymous_bytes() {
  std::ifstream status("/proc/self/status");
  std::string word;
  while (status >> word) {
    if (word == "RssAnon:") {
      std::uint64_t kib = 0;
      status >> kib;
      return kib << 10;
    }
  }
  return 0;
}

inline std::uint64_t memfd_bytes() {
  struct Close {
    void operator()(DIR* folder) const noexcept { ::closedir(folder); }
  };
  const std::unique_ptr<DIR, Close> folder(::opendir("/proc/self/fd"));
  std::set<std::pair<dev_t, ino_t>> seen;  // one may be open twice
  std::uint64_t bytes = 0;
  for (const dirent* entry = folder ? ::readdir(folder.get()) : nullptr; entry != nullptr;
       entry = ::readdir(folder.get())) {
    char target[64];
    const std::string path = std::string("/proc/self/fd/") + entry->d_name;
    const ssize_t length = ::readlink(path.c_str(), target, sizeof(target));
    struct stat status {};
    if (length > 0 &&
        std::string_view(target, static_cast<std::size_t>(length)).starts_with("/memfd:") &&
        ::stat(path.c_str(), &status) == 0 && seen.emplace(status.st_dev, status.st_ino).second) {
      bytes += static_cast<std::uint64_t>(status.st_blocks) * 512;
    }
  }
  return bytes;
}

class PeakMemory {
 public:
  PeakMemory() : thread_([this](const std::stop_token& stop) { watch(stop); }) {}

  // Ends the watch.
  ResidentMemory end() {
    thread_.request_stop();
    thread_.join();
    return peak_;
  }

 private:
  void watch(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      const ResidentMemory now{anonymous_bytes(), memfd_bytes()};
      peak_ = now.all() > peak_.all() ? now : peak_;
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
  }

  ResidentMemory peak_;
  std::jthread thread_;  // last: it uses the other
};

}  // namespace dialtone::bench
