// SPDX-License-Identifier: Apache-2.0
//
// What an import did, or with `check` would have done.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace dialtone::importing {

struct ImportReport {
  std::size_t rows = 0;
  std::size_t added = 0;
  std::size_t updated = 0;
  std::size_t unchanged = 0;
  // Columns of a file whose content has no place here, which nobody asked to ignore.
  std::vector<std::string> ignored = {};
};

}  // namespace dialtone::importing
