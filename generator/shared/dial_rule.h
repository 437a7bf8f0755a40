// SPDX-License-Identifier: Apache-2.0
//
// What phones take in a rule of a dial plan (cisco-tftp 3.3 and 4.2). Each check is refused with
// what is wrong and the cure; none names the rule. Pure; any thread.
#pragma once

#include "dataplane/base/result.h"
#include "generator/shared_rows.h"

#include <string_view>

namespace dialtone::generator {

// Digits and '#' are themselves, '.' is one of 0-9 # *, '*' is any number of them, "\*" a star, ','
// a dial tone. Empty: at once, when the phone goes off hook.
Result<void> check_dial_pattern(std::string_view pattern);

// What is dialled instead: '%' stands before 0 to 5 (the whole, a group), '%' or '.'.
Result<void> check_dial_rewrite(std::string_view rewrite);

// "default", "emergency", or the host that calls go to.
Result<void> check_dial_route(std::string_view route);

// At most three names of tones, with ',' between them.
Result<void> check_dial_tones(std::string_view tones);

// The first thing wrong with the rule, which begins with the field's name: "tone: ...".
Result<void> check_dial_rule(const DialRule& rule);

}  // namespace dialtone::generator
