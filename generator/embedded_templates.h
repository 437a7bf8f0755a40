// SPDX-License-Identifier: Apache-2.0
//
// The texts of generator/templates, put into the library by scripts/embed-files.py at build time.
#pragma once

#include <string_view>

namespace dialtone::generator {

extern const std::string_view kSepSccpXml;
extern const std::string_view kSepSipXml;
extern const std::string_view kXmldefaultXml;

}  // namespace dialtone::generator
