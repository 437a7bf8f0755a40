// SPDX-License-Identifier: Apache-2.0
#include "dataplane/abi/image_view.h"

#include "dataplane/abi/image_validate.h"
#include "tests/support/test_image.h"

#include <gtest/gtest.h>

namespace dialtone::abi {
namespace {

std::string mac_name(unsigned number) {
  char name[32];
  std::snprintf(name, sizeof(name), "sep%012x.cnf.xml", number);
  return name;
}

TEST(ImageView, FindsEveryNameOfAFullIndexAndNoOther) {
  test::TestImage image(8 << 20);
  for (unsigned i = 0; i < 5000; ++i) {
    image.add(mac_name(i), std::to_string(i));
    image.add("ring/tone-" + std::to_string(i) + ".raw", "r" + std::to_string(i));
  }
  image.build();
  const ImageView& view = image.live().view;
  for (unsigned i = 0; i < 5000; ++i) {
    const auto file = view.find(mac_name(i));
    ASSERT_TRUE(file) << i;
    EXPECT_EQ(std::string(reinterpret_cast<const char*>(file->content), file->record->length),
              std::to_string(i));
    ASSERT_TRUE(view.find("ring/tone-" + std::to_string(i) + ".raw")) << i;
    EXPECT_FALSE(view.find(mac_name(i + 5000))) << i;
  }
  EXPECT_FALSE(view.find("ring/tone-5000.raw"));
}

TEST(ImageView, AnEmptyIndexFindsNothing) {
  test::TestImage image;
  image.build();
  EXPECT_FALSE(image.live().view.find("sep001122334455.cnf.xml"));
}

TEST(ImageView, TheDeltaHidesTheBase) {
  test::TestImage base;
  base.add("changed", "old").add("removed", "old").add("kept", "kept").build();
  test::TestImage delta;
  delta.add("changed", "new").add_kind("removed", "", Kind::kAbsent).add("added", "new").build();
  // One segment table: the delta's records are segment 1.
  const std::byte* segments[] = {base.segment_bytes().data(), delta.segment_bytes().data()};
  for (IndexLine& line :
       std::span(reinterpret_cast<IndexLine*>(delta.index_bytes().data() + sizeof(IndexHeader)),
                 IndexView(delta.index_bytes()).header().line_count)) {
    for (IndexEntry& entry : line.entries) {
      if (entry.where != 0) {
        entry.where = index_where(entry.kind(), 1, entry.record_offset());
      }
    }
  }
  const ImageView view(&base.manifest(), IndexView(base.index_bytes()),
                       IndexView(delta.index_bytes()), segments);
  const auto content = [&](std::string_view name) {
    const auto file = view.find(name);
    return file ? std::string(reinterpret_cast<const char*>(file->content), file->record->length)
                : "(absent)";
  };
  EXPECT_EQ(content("changed"), "new");
  EXPECT_EQ(content("removed"), "(absent)");
  EXPECT_EQ(content("kept"), "kept");
  EXPECT_EQ(content("added"), "new");
}

TEST(IndexBuilder, RefusesADoubledName) {
  const IndexItem items[] = {{"same", Kind::kFlat, 0, 64}, {"same", Kind::kFlat, 0, 128}};
  const test::AlignedBytes out(index_size(2));
  const auto built = build_index(items, 1, 2, 1, out.span());
  ASSERT_FALSE(built);
  EXPECT_NE(built.error().text.find("'same'"), std::string::npos);
}

}  // namespace
}  // namespace dialtone::abi
