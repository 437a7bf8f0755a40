// SPDX-License-Identifier: Apache-2.0
//
// The [policy] table of the configuration file: a compatibility profile, single settings over it,
// and which clients are served. docs/reference.md lists the keys; docs/admission.md explains them.
// Cold.
#pragma once

#include "control/image/policy.h"
#include "dataplane/config/toml_file.h"

#include <string>

namespace dialtone::daemon {

struct PolicyOptions {
  std::string profile = "dialtone";
  image_build::ServedPolicy served{image_build::default_policy(), {}};
  bool answer_while_rebuilding = false;
};

// What is wrong becomes a fault of `table`, and the result is then of no use.
PolicyOptions read_policy(config::TomlTable& table);

}  // namespace dialtone::daemon
