// SPDX-License-Identifier: Apache-2.0
//
// A request read, and its options granted, by rules said one by one: slow, and in no other way than
// the RFCs say it. Property tests and fuzz targets hold the server's parser against it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace dialtone::test {

// An option that stands in a request, with a value that is a number within its bounds.
struct PlainOption {
  std::string_view name;   // in lower case, of those in plain_request.cc
  std::string_view value;  // as it was written
};

struct PlainRequest {
  enum class Fault { kNone, kMalformed, kMode, kTwice };
  Fault fault = Fault::kNone;
  bool netascii = false;
  std::string_view name;
  std::vector<PlainOption> options;

  const PlainOption* find(std::string_view option) const;
};

// `packet`: the TFTP packet with its opcode.
PlainRequest read_plainly(std::string_view packet);
// What stands behind the mode alone.
PlainRequest read_options_plainly(std::string_view text);

struct PlainLimits {
  std::uint64_t block_size;
  std::uint64_t window;
  std::uint64_t window_bytes;
};

// What is agreed on for a file of this size, and the OACK that says so without its opcode; an empty
// one: DATA 1 comes instead.
struct PlainGrant {
  std::string oack;
  std::uint64_t block_size = 512;
  std::uint64_t window = 1;
};
PlainGrant grant_plainly(const PlainRequest& request, const PlainLimits& limits,
                         std::uint64_t file_size);

}  // namespace dialtone::test
