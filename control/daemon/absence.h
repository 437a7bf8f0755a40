// SPDX-License-Identifier: Apache-2.0
//
// Why a name is not served, in a sentence for a person, with the cure where there is one. Cold; the
// thread of the Service.
#pragma once

#include "control/daemon/asked_file.h"
#include "control/daemon/service.h"

#include <string>
#include <string_view>

namespace dialtone::daemon {

// Of a name as it was asked for that has no canonical form.
std::string why_no_name(std::string_view name);

// Of one that what is served does not have.
std::string why_absent(Service& service, const AskedFile& file);

}  // namespace dialtone::daemon
