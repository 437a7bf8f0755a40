// SPDX-License-Identifier: Apache-2.0
//
// The generations that the fuzz targets publish, made once, and the settings that an input varies.
#pragma once

#include "dataplane/abi/live_image.h"
#include "dataplane/base/tsc_clock.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace dialtone::fuzz {

// What is served: by name, octet and netascii.
struct ServedFile {
  std::string name;
  std::string content;
  std::string text;  // of `content` in netascii
};

// 1 and 2 have the same names, with other bytes. 3 and 4 are as they are, and control has looked:
// one file is there that was not, and one name is known to be absent.
inline constexpr std::uint64_t kGenerations = 4;
inline constexpr std::uint64_t kFirstFound = 2;  // the last without them
inline constexpr const char* kLateName = "late";
inline constexpr const char* kAbsentName = "nobody";

const std::vector<ServedFile>& served_files(std::uint64_t generation);
// Null: it is not served.
const ServedFile* served_file(std::uint64_t generation, std::string_view canonical_name);

struct ServedRules {
  bool limits = false;  // those of docs/admission.md, so low that an input reaches them
  bool asks = false;    // MissRule::kAsk
  bool busy = false;    // who finds no session gets an ERROR
};
inline constexpr std::uint32_t kSourceRequests = 12;
inline constexpr std::uint32_t kPrefixRequests = 20;
inline constexpr std::uint32_t kFirstPackets = 2;
inline constexpr std::uint32_t kUnprovenBytes = 3000;

// As it is published at `now`, with these rules: for a responder another generation each time.
const abi::LiveImage* publish_image(std::uint64_t generation, const ServedRules& rules, Ticks now);

}  // namespace dialtone::fuzz
