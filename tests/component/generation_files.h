// SPDX-License-Identifier: Apache-2.0
//
// A thousand generations of some files whose every line tells which generation it is of. One file
// changes from a generation to the next, in a delta; each eighth is a new base, in which all of
// them change. Values; any thread.
#pragma once

#include "tests/support/sealed_image.h"

#include <cstdint>
#include <string>

namespace dialtone::test {

inline constexpr std::uint64_t kFiles = 8;
inline constexpr std::size_t kLine = 64;  // eight of them make a block

inline std::string file_name(std::uint64_t file) {
  return "file" + std::to_string(file) + ".bin";
}

// File 1 is one block, the last one 40; none is a multiple of a block, but for one.
inline std::size_t file_size(std::uint64_t file) {
  constexpr std::size_t kSizes[kFiles] = {3000, 300, 1024, 6001, 700, 1500, 12'000, 20'000};
  return kSizes[file];
}

// The generation in which `file` got the content that it has in `generation`.
inline std::uint64_t version_of(std::uint64_t file, std::uint64_t generation) {
  const std::uint64_t base = generation - generation % kFiles;
  return base + file <= generation ? base + file : base;
}

// `file` as generation 0 had it, in whole lines.
inline std::string file_lines(std::uint64_t file) {
  std::string lines;
  for (std::size_t number = 0; lines.size() < file_size(file); ++number) {
    std::string line = std::string(8, '0') + ' ' + file_name(file) + ' ' + std::to_string(number);
    line.resize(kLine - 1, '.');
    lines += line + '\n';
  }
  return lines;
}

// `file` as it came with generation `version`: each line begins with that.
inline std::string file_content(std::uint64_t file, std::uint64_t version) {
  static const std::vector<std::string> kLines = [] {
    std::vector<std::string> lines;
    for (std::uint64_t number = 0; number < kFiles; ++number) {
      lines.push_back(file_lines(number));
    }
    return lines;
  }();
  std::string digits = std::to_string(version);
  digits.insert(0, 8 - digits.size(), '0');
  std::string content = kLines[file];
  for (std::size_t at = 0; at < content.size(); at += kLine) {
    content.replace(at, digits.size(), digits);
  }
  content.resize(file_size(file));
  return content;
}

// All objects of it: those that an earlier generation has brought have the same ids.
inline SealedImage image_of_generation(std::uint64_t generation, const abi::Policy& policy) {
  ManifestExtras extras;
  extras.policy = policy;
  const std::uint64_t base = generation - generation % kFiles;
  std::vector<SealedSegment> segments;
  SealedSegment all{1'000'000 + base, {}};
  for (std::uint64_t file = 0; file < kFiles; ++file) {
    all.files.emplace_back(file_name(file), file_content(file, base));
  }
  segments.push_back(std::move(all));
  for (std::uint64_t number = base + 1; number <= generation; ++number) {
    const std::uint64_t file = number - base;
    segments.push_back({1'000'000 + number, {{file_name(file), file_content(file, number)}}});
  }
  return SealedImage(generation, segments, 2'000'000 + base, 1,
                     generation == base ? 0 : 3'000'000 + generation, extras);
}

}  // namespace dialtone::test
