// SPDX-License-Identifier: Apache-2.0
#include "generator/model_catalogue.h"

#include "generator/records.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>

namespace dialtone::generator {
namespace {

TEST(ModelCatalogue, IsOrderedAndComplete) {
  const auto models = model_catalogue();
  EXPECT_TRUE(std::is_sorted(models.begin(), models.end(),
                             [](const auto& a, const auto& b) { return a.number < b.number; }));
  for (const CatalogueModel& model : models) {
    EXPECT_TRUE(model.sccp || model.sip) << model.name;
    EXPECT_EQ(model.sccp, !model.sccp_load.empty()) << model.name;
    EXPECT_EQ(model.sip, !model.sip_load.empty()) << model.name;
    EXPECT_GE(model.max_lines, 1u);
  }
}

TEST(ModelCatalogue, EachModelHasAtLeast25TagsOnceEach) {
  for (const CatalogueModel& model : model_catalogue()) {
    std::set<std::string> names;
    const TagMap tags = default_vendor_config(model);
    for (const Tag& tag : tags) {
      EXPECT_TRUE(is_tag_name(tag.name));
      EXPECT_TRUE(names.insert(tag.name).second) << model.name << " " << tag.name;
    }
    EXPECT_GE(tags.size(), 25u) << model.name;
  }
}

// 495 and 496 are swapped in some public lists (facts, cisco-tftp 2.2).
TEST(ModelCatalogue, KnownMixUps) {
  std::map<std::uint32_t, std::string_view> names;
  for (const CatalogueModel& model : model_catalogue()) {
    names[model.number] = model.name;
  }
  EXPECT_EQ(names[436], "Cisco 7965");
  EXPECT_EQ(names[495], "Cisco 6921");
  EXPECT_EQ(names[496], "Cisco 6941");
}

}  // namespace
}  // namespace dialtone::generator
