// SPDX-License-Identifier: Apache-2.0
#include "dataplane/program/log.h"

#include <spdlog/sinks/stdout_color_sinks.h>

namespace dialtone::program {

void open_log(const std::string& name, const std::string& level) {
  auto logger = spdlog::stderr_color_mt(name);
  logger->set_pattern("%Y-%m-%d %H:%M:%S.%e %n %^%l%$: %v");
  logger->set_level(spdlog::level::from_str(level));
  spdlog::set_default_logger(std::move(logger));
}

void log_line(Severity severity, const std::string& line) {
  spdlog::log(severity == Severity::kWarning ? spdlog::level::warn : spdlog::level::info, "{}",
              line);
}

void log_faults(const Diagnostics& faults) {
  constexpr std::size_t kMost = 20;
  for (std::size_t i = 0; i < faults.size() && i < kMost; ++i) {
    spdlog::warn("{}", to_string(faults[i]));
  }
  if (faults.size() > kMost) {
    spdlog::warn("and {} more", faults.size() - kMost);
  }
}

}  // namespace dialtone::program
