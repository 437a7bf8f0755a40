// SPDX-License-Identifier: Apache-2.0
#include "generator/vendor_tags.h"

#include <gtest/gtest.h>

namespace dialtone::generator {
namespace {

constexpr std::uint32_t k7941 = 115;
constexpr std::uint32_t k7925 = 484;

TEST(VendorTags, AreKnownByModel) {
  EXPECT_TRUE(is_known_vendor_tag(k7941, "webAccess"));
  EXPECT_FALSE(is_known_vendor_tag(k7941, "webaccess"));  // phones compare byte by byte
  EXPECT_FALSE(is_known_vendor_tag(k7941, "PushToTalkURL"));
  EXPECT_TRUE(is_known_vendor_tag(k7925, "PushToTalkURL"));
}

TEST(VendorTags, AnUnknownOneComesWithTheNearest) {
  EXPECT_EQ(unknown_vendor_tag(k7941, "webAcess"),
            "'webAcess' is no tag of vendorConfig that we know; did you mean 'webAccess'?");
  EXPECT_EQ(unknown_vendor_tag(k7941, "scanningMode"),
            "'scanningMode' is a tag of vendorConfig for wireless phones alone");
}

}  // namespace
}  // namespace dialtone::generator
