// SPDX-License-Identifier: Apache-2.0
//
// Texts against files of tests/data/golden that were reviewed element by element.
// DIALTONE_UPDATE_GOLDEN=1 writes the files anew; review the difference.
#pragma once

#include <string>

namespace dialtone::test {

void expect_golden(const std::string& file, const std::string& text);

}  // namespace dialtone::test
