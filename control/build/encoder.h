// SPDX-License-Identifier: Apache-2.0
//
// An administrator's program that turns the text form of a file into the bytes that devices read:
// the text on its standard input, the bytes on its standard output. It is run at build time, once
// for each different text: results lie in a folder, by the digest of command and text.
//
// The program gets no shell, no environment, no open descriptor but these, a process group of its
// own, a time limit and a limit of output; what it writes to standard error is thrown away. It runs
// with the rights of dialtone-control: whoever may write its file may do what control may.
//
// Any thread; blocks for as long as the program runs. Facts: cisco-tftp 5.3 and 6.
#pragma once

#include "dataplane/base/result.h"

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace dialtone::build {

struct EncoderLimits {
  std::chrono::milliseconds time{5000};
  std::size_t output = std::size_t{64} * 1024;
};

// Ends the names of files in the cache that are being written.
inline constexpr std::string_view kHalfEncoded = ".new";

class Encoder {
 public:
  // `command`: the program's path and its arguments, with blanks between them. `cache`: a folder
  // that is made when it is missing; empty: nothing is kept. Refused when there is no such program.
  static Result<Encoder> create(std::string_view command, std::string cache,
                                EncoderLimits limits = {});

  // kRefused when the program fails, takes too long, or writes nothing or too much.
  Result<std::string> encode(std::string_view text) const;

 private:
  Encoder(std::vector<std::string> words, std::string cache, EncoderLimits limits)
      : words_(std::move(words)), cache_(std::move(cache)), limits_(limits) {}

  Result<std::string> run(std::string_view text) const;
  std::string cache_path(std::string_view text) const;

  std::vector<std::string> words_;
  std::string cache_;
  EncoderLimits limits_;
};

}  // namespace dialtone::build
