// SPDX-License-Identifier: Apache-2.0
#include "control/image/absences.h"

#include "control/image/memfd_space.h"
#include "dataplane/abi/segment_writer.h"

#include <utility>

namespace dialtone::image_build {
namespace {

constexpr std::size_t kSmallChunk = 16 * 1024;

}  // namespace

Result<Absences> write_absences(const std::vector<std::string>& names) {
  if (names.empty()) {
    return Absences{};
  }
  auto space = MemfdSpace::create(Pages::kSmall, kSmallChunk);
  if (!space) {
    return space.error();
  }
  Absences absences;
  {
    abi::SegmentWriter writer(**space);
    for (const std::string& name : names) {
      if (auto room = writer.begin(name, 0); !room) {
        return room.error();
      }
      absences.offsets.push_back(writer.commit(0, {}).offset);
    }
  }
  auto segment = MemfdSpace::finish(*std::move(space));
  if (!segment) {
    return segment.error();
  }
  absences.segment = *std::move(segment);
  return absences;
}

}  // namespace dialtone::image_build
