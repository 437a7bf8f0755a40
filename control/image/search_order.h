// SPDX-License-Identifier: Apache-2.0
//
// Where servers of a release looked for a file, one place after the other (features 1.1), and which
// of the files of an image they would have found in each. Dialtone has looked everywhere before a
// client asks: what came of it stands in one index, and each file's record says where it came from.
// Cold; pure; any thread.
#pragma once

#include "dataplane/abi/image_format.h"

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string_view>

namespace dialtone::image_build {

enum class FileSource : std::uint8_t {
  kDevice,   // built of a device's rows
  kDefault,  // built for phones that have none
  kShared,   // built of rows that phones share: dial plans, softkeys, lists
  kAsset,    // of the asset folder
  kCluster,  // of another cluster
};
inline constexpr std::size_t kFileSourceCount = 5;

FileSource source_of(const abi::FileRecord& record) noexcept;

// "device", "default", "shared", "asset", "cluster".
std::string_view word_of(FileSource source) noexcept;

struct SearchPlace {
  std::string_view name;
  std::uint8_t sources;  // a bit for each FileSource

  constexpr SearchPlace(std::string_view called, std::initializer_list<FileSource> holds) noexcept
      : name(called), sources(0) {
    for (const FileSource source : holds) {
      sources = static_cast<std::uint8_t>(sources | 1U << static_cast<unsigned>(source));
    }
  }
  constexpr bool holds(FileSource source) const noexcept {
    return (sources >> static_cast<unsigned>(source) & 1U) != 0;
  }
};

// How other clusters come behind the server's own places.
enum class ClusterSteps : std::uint8_t {
  kServers,   // "alt1", "alt2": each server is asked for itself
  kClusters,  // "cluster:NAME": a cluster is asked, at whichever server of it answers
};

struct SearchOrder {
  std::span<const SearchPlace> places;  // its own; a file of this cluster is in exactly one of them
  ClusterSteps clusters;
  std::size_t most_servers;  // of kServers: the release has no more entries; 0: any number
};

}  // namespace dialtone::image_build
