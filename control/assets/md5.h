// SPDX-License-Identifier: Apache-2.0
//
// The MD5 that lists of loads give of their files (facts: cisco-tftp 8.4): against a copy that went
// wrong, and no proof of whose a file is. In lower-case hexadecimal; any thread. An Error: this
// machine's OpenSSL gives none, as in FIPS mode.
#pragma once

#include "dataplane/base/result.h"

#include <cstddef>
#include <span>
#include <string>

namespace dialtone::assets {

Result<std::string> md5_of(std::span<const std::byte> bytes);

}  // namespace dialtone::assets
