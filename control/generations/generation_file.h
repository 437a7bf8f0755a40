// SPDX-License-Identifier: Apache-2.0
//
// The file of one generation on disk: what it is, and which objects it is made of
// (docs/generations.md has every byte). Pure functions; what is read is taken as hostile input.
#pragma once

#include "dataplane/base/digest.h"
#include "dataplane/base/result.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace dialtone::generations {

// A segment or an index of the image format, a file named by its digest.
struct ObjectRef {
  std::uint64_t id = 0;  // 0: there is none
  std::uint64_t size = 0;
  Digest digest;
};

struct Generation {
  std::uint64_t number = 0;
  std::uint64_t time_s = 0;  // Unix time of PUBLISHED
  Digest content;            // its content digest
  std::uint64_t files = 0;
  std::uint64_t bytes = 0;    // of content
  std::uint64_t changed = 0;  // files that are new, different or gone since the one before
  std::string why;            // for a person; at most kMaxWhy bytes
  ObjectRef base;
  ObjectRef delta;
  std::vector<ObjectRef> segments;
};

inline constexpr std::size_t kMaxWhy = 200;
inline constexpr std::uint64_t kMaxGenerationFile = 64 * 1024;

// A text that is too long is cut.
std::vector<std::byte> encode(const Generation& generation);

// Refused, and why: what is cut, changed, or of another version.
Result<Generation> decode(std::span<const std::byte> bytes);

// "0000000042.generation", and back; 0: it is no such name.
std::string file_name(std::uint64_t number);
std::uint64_t number_of(const std::string& name) noexcept;

}  // namespace dialtone::generations
