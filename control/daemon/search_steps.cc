// SPDX-License-Identifier: Apache-2.0
#include "control/daemon/search_steps.h"

#include "dataplane/base/joined.h"

namespace dialtone::daemon {
namespace {

using image_build::ClusterSteps;
using image_build::FileSource;
using image_build::SearchPlace;

constexpr std::string_view kFile = "file";
constexpr std::string_view kNothing = "nothing";
constexpr std::string_view kNotReached = "not reached";
constexpr std::string_view kNotAsked = "not asked";

std::string place_text(const SearchPlace& place) {
  std::string built;
  const auto add = [&](FileSource source, std::string_view what) {
    if (place.holds(source)) {
      built += (built.empty() ? "what is built of " : ", ") + std::string(what);
    }
  };
  add(FileSource::kDevice, "devices");
  add(FileSource::kDefault, "defaults");
  add(FileSource::kShared, "shared rows");
  if (place.holds(FileSource::kAsset)) {
    built += built.empty() ? "the asset folder" : ", and the asset folder";
  }
  return built;
}

}  // namespace

std::vector<SearchStep> search_steps(const image_build::SearchOrder& order,
                                     const std::vector<database::RemoteCluster>& clusters,
                                     std::optional<FileSource> source) {
  std::vector<SearchStep> steps;
  bool is_found = false;
  for (const SearchPlace& place : order.places) {
    const bool is_here = source && place.holds(*source);
    steps.push_back({std::string(place.name), place_text(place),
                     is_here    ? kFile
                     : is_found ? kNotReached
                                : kNothing});
    is_found = is_found || is_here;
  }
  std::size_t servers = 0;
  const auto add = [&](std::string name, std::string place) {
    steps.push_back({std::move(name), std::move(place), is_found ? kNotReached : kNotAsked});
  };
  for (const database::RemoteCluster& cluster : clusters) {
    if (!cluster.is_enabled) {
      continue;
    }
    if (order.clusters == ClusterSteps::kClusters) {
      add("cluster:" + cluster.name, joined(cluster.servers, ", "));
      continue;
    }
    for (const std::string& server : cluster.servers) {
      if (order.most_servers == 0 || servers < order.most_servers) {
        add("alt" + std::to_string(++servers), server + " of cluster " + cluster.name);
      }
    }
  }
  return steps;
}

}  // namespace dialtone::daemon
