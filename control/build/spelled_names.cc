// SPDX-License-Identifier: Apache-2.0
#include "control/build/spelled_names.h"

#include "control/database/text_rules.h"

namespace dialtone::build {

std::string spelled_device_file(std::string_view name) {
  for (const std::string_view end : {".cnf.xml", ".cnf"}) {
    if (name.ends_with(end)) {
      return database::upper_case(std::string(name.substr(0, name.size() - end.size()))) +
             std::string(end);
    }
  }
  return std::string(name);
}

}  // namespace dialtone::build
