// SPDX-License-Identifier: Apache-2.0
#include "dataplane/app/log.h"

#include <spdlog/sinks/stdout_color_sinks.h>

namespace dialtone::app {

void open_log(const std::string& level) {
  auto logger = spdlog::stderr_color_mt("dataplane");
  logger->set_pattern("%Y-%m-%d %H:%M:%S.%e dataplane %^%l%$: %v");
  logger->set_level(spdlog::level::from_str(level));
  spdlog::set_default_logger(std::move(logger));
}

}  // namespace dialtone::app
