// SPDX-License-Identifier: Apache-2.0
//
// The inputs that each fuzz target begins with.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace dialtone::fuzz {

using SeedMaker = std::vector<std::string> (*)();
// Of a target; null: it has no such name.
SeedMaker seed_maker(std::string_view target);

std::vector<std::string> device_seeds();
std::vector<std::string> frame_seeds();
std::vector<std::string> image_seeds();
std::vector<std::string> offer_seeds();
std::vector<std::string> request_seeds();
std::vector<std::string> session_seeds();
std::vector<std::string> text_seeds();

}  // namespace dialtone::fuzz
