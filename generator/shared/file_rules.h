// SPDX-License-Identifier: Apache-2.0
//
// What phones want of the files of shared rows, whichever kind. Pure; any thread.
#pragma once

#include "dataplane/base/diagnostic.h"
#include "dataplane/base/result.h"
#include "generator/shared/shared_files.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace dialtone::generator {

// A phone refuses a dial plan or softkey file of more bytes (cisco-tftp 1.6).
inline constexpr std::size_t kMaxPhoneFile = 550'001;

// "'Redail' is no key; did you mean 'Redial'?", or the words that there are when none is near.
Error not_among(std::string_view what, std::string_view word,
                const std::vector<std::string_view>& known);

// Adds `file`, or a fault when a phone would not take it for its size. `row` names the row.
void add_phone_file(SharedFiles& all, SharedFile file, const std::string& row);

// False, with a fault, when no file can be named for the row.
bool check_file_stem(SharedFiles& all, const std::string& file, const std::string& row,
                     std::string_view name);

// Refused for what is_file_stem() does not take.
Result<void> check_stem(std::string_view name);

}  // namespace dialtone::generator
