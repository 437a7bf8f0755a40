// SPDX-License-Identifier: Apache-2.0
//
// A configuration file beside the present one, read as a start of control would read it, and then
// put in its place. Blocks on the disk; one thread.
#pragma once

#include "dataplane/base/diagnostic.h"
#include "dataplane/base/result.h"

#include <string>
#include <utility>

namespace dialtone::daemon {

class NewConfiguration {
 public:
  // `name` stands for it in faults.
  static Result<NewConfiguration> stage(const std::string& path, const std::string& text,
                                        const std::string& name, Diagnostics& faults);
  NewConfiguration(NewConfiguration&& other) noexcept
      : path_(std::move(other.path_)), staged_(std::exchange(other.staged_, {})) {}
  NewConfiguration& operator=(NewConfiguration&&) = delete;
  ~NewConfiguration();  // removes what is not in its place

  Result<void> put_in_place();

 private:
  NewConfiguration(std::string path, std::string staged)
      : path_(std::move(path)), staged_(std::move(staged)) {}

  std::string path_;
  std::string staged_;  // empty: it is there no more
};

}  // namespace dialtone::daemon
