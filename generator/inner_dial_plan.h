// SPDX-License-Identifier: Apache-2.0
//
// A dial plan as one text, for the parameter DialPlan of ld<mac>, gk<mac> and ata<mac>: rules with
// '|' between them, "." for any digit, "tN" for a time-out, "-" where more digits may follow.
// Cisco's manual of these devices describes the form; nothing public shows how Unified CM itself
// converts, so docs/files.md marks it as ours. Cold; pure.
#pragma once

#include "dataplane/base/result.h"
#include "generator/shared_rows.h"

#include <string>

namespace dialtone::generator {

// Refused for a rule that has no such form, with the rule and the cure. Rules of one line only are
// left out, as in <plan>.xml.
Result<std::string> inner_dial_plan(const DialPlan& plan);

}  // namespace dialtone::generator
