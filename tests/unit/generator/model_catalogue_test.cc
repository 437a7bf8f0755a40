// SPDX-License-Identifier: Apache-2.0
#include "generator/model_catalogue.h"

#include "generator/family.h"
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
    EXPECT_TRUE(model.sccp || model.sccp_load.empty()) << model.name;
    EXPECT_TRUE(model.sip || model.sip_load.empty()) << model.name;
    EXPECT_GE(model.max_lines, 1u);
  }
}

TEST(ModelCatalogue, AVendorConfigHasEachTagOnce) {
  for (const CatalogueModel& model : model_catalogue()) {
    for (const Protocol protocol : {Protocol::kSccp, Protocol::kSip}) {
      std::set<std::string> names;
      const TagMap tags = default_vendor_config(model, protocol);
      for (const Tag& tag : tags) {
        EXPECT_TRUE(is_tag_name(tag.name));
        EXPECT_TRUE(names.insert(tag.name).second) << model.name << " " << tag.name;
      }
      EXPECT_TRUE(tags.empty() || tags.size() >= 10u) << model.name << " has " << tags.size();
    }
  }
}

TEST(ModelCatalogue, FilesOfLinesHaveNoVendorConfig) {
  for (const CatalogueModel& model : model_catalogue()) {
    if (model.number == 7) {
      EXPECT_FALSE(default_vendor_config(model, Protocol::kSccp).empty());
      EXPECT_TRUE(default_vendor_config(model, Protocol::kSip).empty());
    }
  }
}

TEST(ModelCatalogue, TheNineTypesOfBuildSelective) {
  std::set<std::string_view> types;
  for (const CatalogueModel& model : model_catalogue()) {
    EXPECT_EQ(model.selective_cnf, !selective_type(model.number).empty()) << model.name;
    if (model.selective_cnf) {
      types.insert(selective_type(model.number));
      EXPECT_EQ(default_family(model.number, Protocol::kSccp), Family::kCnf) << model.name;
    }
  }
  EXPECT_EQ(types,
            (std::set<std::string_view>{"30SPP", "12SPP", "12SP", "12S", "30VIP",
                                        "IP_CONFERENCE_PHONE", "SCCP_PHONE", "VEGA", "UONE"}));
}

TEST(ModelCatalogue, SeriesSayOnDifferently) {
  EXPECT_EQ(call_block_on(437), 0u);    // 7975
  EXPECT_EQ(call_block_on(495), 2u);    // 6921
  EXPECT_EQ(call_block_on(537), 2u);    // 9951
  EXPECT_EQ(call_block_on(683), 1u);    // 8841
  EXPECT_EQ(call_block_on(36247), 1u);  // 7832
  EXPECT_EQ(call_block_on(4711), 0u);   // an administrator's own
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
