// SPDX-License-Identifier: Apache-2.0
//
// The JSON columns of the database: an object of name -> text, in order. Cold, pure.
#pragma once

#include "dataplane/base/result.h"
#include "generator/campus.h"

#include <cstddef>
#include <string>
#include <string_view>

namespace dialtone::database {

// All tags of all models that are known are some 300. Who sets them looks for each among the
// others.
inline constexpr std::size_t kMaxTags = 1024;

// Numbers, true and false are taken as the text they are written as. Refused for anything else,
// beginning with "it".
Result<generator::TagMap> parse_tags(std::string_view json);

// Behind the fault of one that is stored, with its row and column before it.
inline constexpr std::string_view kTagsCure =
    "; correct it in that row by 'dialtone import json' ({} is an empty one)";

// Of more than kMaxTags.
Error too_many_tags();

std::string tags_json(const generator::TagMap& tags);

}  // namespace dialtone::database
