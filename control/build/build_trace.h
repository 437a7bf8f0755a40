// SPDX-License-Identifier: Apache-2.0
//
// What a build took from the change log and which files it changed, for who follows a change to its
// first packet (control/daemon/change_trace.h). Plain data.
#pragma once

#include "control/database/change_log.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace dialtone::build {

struct BuildTrace {
  static constexpr std::size_t kNamed = 8;

  database::LoggedSpan rows{};         // none: it was not the database
  std::vector<std::string> devices{};  // rendered: the first kNamed
  std::vector<std::string> files{};    // new, different or gone: the first kNamed, canonical
  // abi::event_name_hash() of those that are new or different, and of those that are gone.
  std::vector<std::uint64_t> changed{};
  std::vector<std::uint64_t> gone{};
  bool is_of_all = false;  // so many have changed that they are not told one by one
};

}  // namespace dialtone::build
