// SPDX-License-Identifier: Apache-2.0
//
// What the steps of a long run take, over all its repetitions: wall and CPU time of the whole
// process. A busy machine falsifies the first, less the second.
#pragma once

#include <time.h>

#include <sys/resource.h>

#include <algorithm>
#include <cstdio>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace dialtone::bench {

struct Cost {
  double wall = 0;  // seconds
  double cpu = 0;
  double kernel = 0;
};

class CostTable {
 public:
  void measure(const std::string& step, const std::function<void()>& run) {
    const Cost before = now();
    run();
    const Cost after = now();
    if (!costs_.contains(step)) {
      order_.push_back(step);
    }
    costs_[step].push_back(
        {after.wall - before.wall, after.cpu - before.cpu, after.kernel - before.kernel});
  }

  void print() const {
    std::printf(
        "| step | wall, least | wall, median | CPU, least | CPU, median | of it kernel |\n"
        "| --- | --- | --- | --- | --- | --- |\n");
    for (const std::string& step : order_) {
      std::printf("| %s | %.1f ms | %.1f | %.1f | %.1f | %.1f |\n", step.c_str(),
                  least(step, &Cost::wall) * 1e3, median(step, &Cost::wall) * 1e3,
                  least(step, &Cost::cpu) * 1e3, median(step, &Cost::cpu) * 1e3,
                  median(step, &Cost::kernel) * 1e3);
    }
  }

  double least(const std::string& step, double Cost::*what) const {
    return sorted(step, what).front();
  }
  double median(const std::string& step, double Cost::*what) const {
    const std::vector<double> all = sorted(step, what);
    return all[all.size() / 2];
  }

 private:
  static Cost now() {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    return {seconds_of(CLOCK_MONOTONIC), seconds_of(CLOCK_PROCESS_CPUTIME_ID),
            static_cast<double>(usage.ru_stime.tv_sec) +
                static_cast<double>(usage.ru_stime.tv_usec) * 1e-6};
  }
  static double seconds_of(clockid_t clock) {
    timespec time{};
    ::clock_gettime(clock, &time);
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
  }

  std::vector<double> sorted(const std::string& step, double Cost::*what) const {
    std::vector<double> all;
    for (const Cost& cost : costs_.at(step)) {
      all.push_back(cost.*what);
    }
    std::sort(all.begin(), all.end());
    return all;
  }

  std::map<std::string, std::vector<Cost>> costs_;
  std::vector<std::string> order_;
};

}  // namespace dialtone::bench
