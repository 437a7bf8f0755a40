// SPDX-License-Identifier: Apache-2.0
//
// A rendered file as libxml2 reads it back: the tests' proof that it is well-formed.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace dialtone::test {

// Every element and attribute in document order: "device/devicePool/name" with its own text,
// "device/devicePool/@uuid" with its value. Empty if the text is not well-formed XML.
std::vector<std::pair<std::string, std::string>> read_xml(std::string_view text);

// The first value at `path`; "(missing)" if there is none.
std::string value_at(const std::vector<std::pair<std::string, std::string>>& xml,
                     std::string_view path);

}  // namespace dialtone::test
