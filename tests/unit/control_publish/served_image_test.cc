// SPDX-License-Identifier: Apache-2.0
#include "control/publish/served_image.h"

#include "tests/unit/control_publish/publisher_fixture.h"

namespace dialtone::publish {
namespace {

std::string content(const ServedImage& image, std::string_view name) {
  const auto file = image.view().find(name);
  return file ? std::string(reinterpret_cast<const char*>(file->content), file->record->length)
              : "none";
}

TEST_F(PublisherTest, TheServedImageIsWhatTheDataplaneHas) {
  EXPECT_FALSE(ServedImage::open(*publisher_));
  change("a.txt", "one");
  EXPECT_EQ(content(*ServedImage::open(*publisher_), "a.txt"), "one");
  EXPECT_EQ(ServedImage::open(*publisher_)->generation(), 0U) << "nobody serves it";
  start_dataplane();
  run();
  ASSERT_EQ(state(), PublishState::kPublished);
  change("a.txt", "two");  // not offered yet
  change("b.txt", "b");
  const ServedImage served = *ServedImage::open(*publisher_);
  EXPECT_EQ(served.generation(), publisher_->generation());
  EXPECT_EQ(content(served, "a.txt"), "one");
  EXPECT_EQ(content(served, "b.txt"), "none");
  run();
  EXPECT_EQ(content(*ServedImage::open(*publisher_), "a.txt"), "two");
  EXPECT_EQ(content(served, "a.txt"), "one") << "it keeps what it was opened on";
}

TEST_F(PublisherTest, AfterARestartTheSameFilesAreServed) {
  change("a.txt", "one");
  start_dataplane();
  run();
  start_control();
  run();
  EXPECT_EQ(ServedImage::open(*publisher_)->generation(), publisher_->generation());
  EXPECT_NE(publisher_->generation(), 0U);
}

}  // namespace
}  // namespace dialtone::publish
