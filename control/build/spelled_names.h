// SPDX-License-Identifier: Apache-2.0
//
// How phones spell the names of files that the image knows in lower case: a signed file holds its
// name, and a phone compares it with what it has asked for. Pure; any thread.
#pragma once

#include <string>
#include <string_view>

namespace dialtone::build {

// Of a file of a device; `name` is canonical. Devices are called in upper case; ld, gk and ata
// files in lower case.
std::string spelled_device_file(std::string_view name);

}  // namespace dialtone::build
