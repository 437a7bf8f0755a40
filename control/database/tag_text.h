// SPDX-License-Identifier: Apache-2.0
//
// The JSON columns of the database: an object of name -> text, in order. Cold, pure.
#pragma once

#include "dataplane/base/result.h"
#include "generator/campus.h"

#include <string>
#include <string_view>

namespace dialtone::database {

// Numbers, true and false are taken as the text they are written as. Refused for anything else,
// beginning with "it".
Result<generator::TagMap> parse_tags(std::string_view json);

std::string tags_json(const generator::TagMap& tags);

}  // namespace dialtone::database
