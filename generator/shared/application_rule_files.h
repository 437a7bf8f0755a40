// SPDX-License-Identifier: Apache-2.0
//
// Rules for numbers that are dialled out of lists, and looked up in directories: AppDialRules.xml
// and DirLookupDialRules.xml (cisco-tftp 4.5). Without a rule there is no file. Cold; pure; any
// thread.
#pragma once

#include "dataplane/base/result.h"
#include "generator/shared/shared_files.h"

#include <string_view>

namespace dialtone::generator {

void add_application_rule_files(const Campus& campus, SharedFiles& all);

// Digits, '+', '*' and '#': what a number begins with, and what is put in front of one.
Result<void> check_number_part(std::string_view digits);

}  // namespace dialtone::generator
