// SPDX-License-Identifier: Apache-2.0
#include "tests/fuzz/hostile_image.h"
#include "tests/fuzz/seeds.h"

#include <cstddef>

namespace dialtone::fuzz {
namespace {

std::string patch(std::size_t object, std::size_t offset, const std::string& bytes) {
  return std::string{static_cast<char>(object), static_cast<char>(offset >> 8),
                     static_cast<char>(offset), static_cast<char>(bytes.size())} +
         bytes;
}
std::string cut(std::size_t object, std::size_t size) {
  return {static_cast<char>(object + HostileImage::kObjects), static_cast<char>(size >> 8),
          static_cast<char>(size)};
}

// The fields of the structs that stand at the begin of each object, set to what is large.
void add_fields(std::vector<std::string>& seeds, std::size_t object, std::size_t begin,
                std::size_t end) {
  for (std::size_t offset = begin; offset < end; offset += 8) {
    seeds.push_back(std::string(1, '\0') + patch(object, offset, std::string(8, '\xff')));
    seeds.push_back(std::string(1, '\0') + patch(object, offset, std::string(8, '\0')));
  }
}

}  // namespace

std::vector<std::string> image_seeds() {
  std::vector<std::string> seeds = {std::string(1, '\0'), std::string(1, '\1')};
  add_fields(seeds, HostileImage::kManifest, 0, 112);
  add_fields(seeds, HostileImage::kManifest, sizeof(abi::Manifest),
             sizeof(abi::Manifest) + sizeof(abi::SegmentRef));
  // How many tombstones and ranges there are, and the tables of them.
  add_fields(seeds, HostileImage::kManifest, sizeof(abi::Manifest) - 8, sizeof(abi::Manifest));
  add_fields(seeds, HostileImage::kManifest, sizeof(abi::Manifest) + 2 * sizeof(abi::SegmentRef),
             sizeof(abi::Manifest) + 2 * sizeof(abi::SegmentRef) + 3 * sizeof(abi::Tombstone) +
                 3 * sizeof(abi::ClientRange));
  add_fields(seeds, HostileImage::kBase, 0, 128);
  // The mark of a line that is spilled (IndexLine), put and taken.
  for (std::size_t line = 1; line <= 8; ++line) {
    for (const char* mark : {"\x80", "\x40", "\xff"}) {
      seeds.push_back(std::string(1, '\0') + patch(HostileImage::kBase, line * 64 + 63, mark));
    }
  }
  add_fields(seeds, HostileImage::kDelta, 0, 128);
  add_fields(seeds, HostileImage::kFirstSegment, 0, 160);
  for (std::size_t object = 0; object < HostileImage::kObjects; ++object) {
    for (const std::size_t size : {0, 63, 64, 128, 192}) {
      seeds.push_back(std::string(1, '\0') + cut(object, size));
      seeds.push_back(std::string(1, '\2') + cut(object, size));
    }
  }
  return seeds;
}

}  // namespace dialtone::fuzz
