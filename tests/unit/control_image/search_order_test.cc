// SPDX-License-Identifier: Apache-2.0
//
// Rows 29 to 32 of docs/features.md: where the server of each release looked.
#include "control/image/search_order.h"

#include "control/image/profile.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace dialtone::image_build {
namespace {

std::vector<std::string> places(std::string_view profile) {
  std::vector<std::string> names;
  for (const SearchPlace& place : find_profile(profile)->search.places) {
    names.emplace_back(place.name);
  }
  return names;
}

TEST(SearchOrder, IsThatOfTheRelease) {
  using Names = std::vector<std::string>;
  EXPECT_EQ(places("cm3"), (Names{"primary"}));
  EXPECT_EQ(places("cm5"), (Names{"cache", "primary"}));
  EXPECT_EQ(places("cm9"), (Names{"cache:devices", "cache:defaults", "cache:shared", "disk"}));
  for (const char* profile : {"cm12", "cm14", "dialtone"}) {
    EXPECT_EQ(places(profile), (Names{"local"}));
    EXPECT_EQ(find_profile(profile)->search.clusters, ClusterSteps::kClusters);
  }
  EXPECT_EQ(find_profile("cm3")->search.most_servers, 10u);
  EXPECT_EQ(find_profile("cm5")->search.clusters, ClusterSteps::kServers);
}

TEST(SearchOrder, AFileOfThisClusterIsInOnePlaceAndOneOfAnotherInNone) {
  for (const Profile& profile : profiles()) {
    for (std::size_t i = 0; i < kFileSourceCount; ++i) {
      const auto source = static_cast<FileSource>(i);
      std::size_t found = 0;
      for (const SearchPlace& place : profile.search.places) {
        found += place.holds(source);
      }
      EXPECT_EQ(found, source == FileSource::kCluster ? 0u : 1u)
          << profile.name << ", " << word_of(source);
    }
  }
}

TEST(SearchOrder, TheRecordSaysWhereAFileCameFrom) {
  const auto source = [](abi::Origin origin, abi::FileClass file_class) {
    abi::FileRecord record{};
    record.origin = origin;
    record.file_class = file_class;
    return word_of(source_of(record));
  };
  using abi::FileClass;
  using abi::Origin;
  EXPECT_EQ(source(Origin::kBuilt, FileClass::kDeviceConfig), "device");
  EXPECT_EQ(source(Origin::kBuilt, FileClass::kGateway), "device");
  EXPECT_EQ(source(Origin::kBuilt, FileClass::kDefaultConfig), "default");
  EXPECT_EQ(source(Origin::kBuilt, FileClass::kDialPlan), "shared");
  EXPECT_EQ(source(Origin::kAsset, FileClass::kDeviceConfig), "asset");
  EXPECT_EQ(source(Origin::kProxied, FileClass::kTrust), "cluster");
}

}  // namespace
}  // namespace dialtone::image_build
