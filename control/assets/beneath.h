// SPDX-License-Identifier: Apache-2.0
//
// Opens what lies below a folder, and nothing else, whoever may write there: no symlink on the way
// is followed, nor one at its end, and no path leads up. openat2() where the kernel has it, else a
// step at a time. Blocks on the disk; any thread.
#pragma once

#include "dataplane/base/result.h"
#include "dataplane/base/unique_fd.h"

#include <sys/types.h>

#include <string>
#include <string_view>

namespace dialtone::assets {

// Relative, of parts that are names: no empty one, no '.', no '..'.
bool is_inner_path(std::string_view path) noexcept;

// As openat(), errno included; a path that is_inner_path() does not know is EINVAL.
UniqueFd open_beneath(int folder, const std::string& path, int flags, mode_t mode = 0);
// The same without openat2().
UniqueFd open_by_steps(int folder, const std::string& path, int flags, mode_t mode = 0);

struct Parent {
  UniqueFd fd;
  std::string leaf;
};
// The folder that `path`, from the folder `top`, lies in; it is made with `make`.
Result<Parent> parent_beneath(const std::string& top, const std::string& path, bool make);

}  // namespace dialtone::assets
