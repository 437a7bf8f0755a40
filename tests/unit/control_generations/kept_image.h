// SPDX-License-Identifier: Apache-2.0
//
// An image of a test's own, whose offers are kept and read back.
#pragma once

#include "control/generations/store.h"
#include "control/image/image.h"
#include "control/image/policy.h"
#include "control/image/segment_stack.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace dialtone::generations {

using Named = std::vector<std::pair<std::string, std::string>>;

inline image_build::SegmentStack::Files written(const Named& files) {
  image_build::SegmentStack stack;
  for (const auto& [name, content] : files) {
    auto room = stack.begin(name, content.size());
    EXPECT_TRUE(room.ok());
    std::copy(content.begin(), content.end(), reinterpret_cast<char*>(room->data()));
    stack.commit(content.size(), {abi::Origin::kAsset, abi::FileClass::kRing, 1700000000});
  }
  return *stack.finish();
}

class KeptImage {
 public:
  KeptImage() { EXPECT_TRUE(image_.rebase(table({{"a.txt", "alpha"}, {"b.txt", "beta"}})).ok()); }

  static image_build::FileTable table(const Named& files) {
    image_build::FileTable table;
    for (auto& [name, entry] : written(files)) {
      table.put(name, std::move(entry));
    }
    return table;
  }
  void change(const Named& files, std::vector<std::string> gone = {}) {
    EXPECT_TRUE(image_.apply({written(files), std::move(gone)}).ok());
  }
  void renew(const Named& files) { EXPECT_TRUE(image_.rebase(table(files)).ok()); }

  image_build::Offer offer(std::uint64_t number) const {
    return *image_.offer(number, {image_build::default_policy(), {}});
  }
  // As the Keeper makes it.
  Generation generation(std::uint64_t number) const {
    const image_build::Offer offer = this->offer(number);
    const auto ref = [](const image_build::ObjectPtr& object) {
      return object == nullptr ? ObjectRef{} : ObjectRef{object->id, object->size, object->digest};
    };
    Generation generation{.number = number,
                          .time_s = 1700000000,
                          .content = offer.content_digest,
                          .files = offer.file_count,
                          .bytes = offer.content_bytes,
                          .changed = 1,
                          .why = "a test",
                          .base = ref(offer.base),
                          .delta = ref(offer.delta),
                          .segments = {}};
    for (const auto& segment : offer.segments) {
      generation.segments.push_back(ref(segment));
    }
    return generation;
  }
  Result<std::uint64_t> keep(Store& store, std::uint64_t number) const {
    const Generation made = generation(number);
    return store.keep(made, image_.objects());
  }
  const image_build::Image& image() const { return image_; }

 private:
  image_build::Image image_;
};

// What a process that begins with it serves; an Error: why it does not.
inline Result<image_build::FileTable> restored(Store& store, std::uint64_t number) {
  const auto generation = store.find(number);
  if (!generation) {
    return generation.error();
  }
  const auto parts = store.load(*generation, {});
  if (!parts) {
    return parts.error();
  }
  image_build::Image image;
  if (auto done = image.restore(*parts); !done) {
    return done.error();
  }
  return image.files();
}

inline std::string content(const image_build::FileTable& files, std::string_view name) {
  const image_build::FileEntry* file = files.find(name);
  if (file == nullptr) {
    return "(none)";
  }
  const auto bytes = file->content();
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace dialtone::generations
