// SPDX-License-Identifier: Apache-2.0
//
// What the name of a file says of it: whose it is, whether it is a signed form, and what a phone
// that does not get it asks for next (facts: cisco-tftp 9.2, 9.6 and 9.7). Pure; any thread.
#pragma once

#include "dataplane/abi/name_class.h"

#include <string>
#include <string_view>

namespace dialtone::daemon {

struct AskedFile {
  std::string name;  // canonical
  abi::NameClass name_class = abi::NameClass::kOther;
  std::string device{};      // as device_name() gives it; empty: it is of no device
  std::string plain_name{};  // of a signed form the name without its ending; else as `name`

  bool is_signed_form() const noexcept { return plain_name.size() != name.size(); }
};

AskedFile read_asked_file(std::string_view canonical_name);

// As phones spell it; empty: nothing else is asked for in its place, or nobody knows what.
std::string asked_next(const AskedFile& file);

}  // namespace dialtone::daemon
