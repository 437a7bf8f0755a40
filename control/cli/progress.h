// SPDX-License-Identifier: Apache-2.0
//
// One line on a terminal while a command takes long: which one, for how long, and how far it is
// where that can be measured from here. A thread of its own draws it, since the main thread waits
// for the daemon. In a pipe or a file, and where TERM is "dumb", there is none.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

namespace dialtone::cli {

class Progress {
 public:
  // What stands behind the time, as "34 MB written"; empty: nothing. Called in the line's thread.
  using Measure = std::function<std::string()>;

  // Draws on `fd` from half a second on.
  Progress(int fd, std::string what, Measure measure);
  ~Progress();  // wipes the line away
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

 private:
  void draw();

  const int fd_;
  const std::string what_;
  const Measure measure_;
  std::mutex mutex_;
  std::condition_variable ended_changed_;
  bool ended_ = false;  // under mutex_
  std::thread thread_;  // none: nothing is drawn
};

}  // namespace dialtone::cli
