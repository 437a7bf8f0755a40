// SPDX-License-Identifier: Apache-2.0
#include "control/publish/faulty_text.h"

namespace dialtone::publish {

std::string faulty_text(std::uint64_t count, std::string_view what) {
  return "the dataplane is at fault: of the " + std::string(what) + ", " + std::to_string(count) +
         (count == 1 ? " is" : " are") +
         " faulty and left out; restart dialtone-dataplane, of the same release as "
         "dialtone-control";
}

}  // namespace dialtone::publish
