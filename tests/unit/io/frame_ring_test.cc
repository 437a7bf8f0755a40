// SPDX-License-Identifier: Apache-2.0
#include "dataplane/io/frame_ring.h"

#include <gtest/gtest.h>

#include <cstring>
#include <string>
#include <string_view>
#include <thread>

namespace dialtone::io {
namespace {

bool write(FrameRing& ring, std::string_view frame) {
  const std::span<std::byte> room = ring.room();
  if (room.empty()) {
    return false;
  }
  std::memcpy(room.data(), frame.data(), frame.size());
  ring.push(frame.size());
  return true;
}

std::string read(FrameRing& ring) {
  const std::span<const std::byte> frame = ring.front();
  std::string text(reinterpret_cast<const char*>(frame.data()), frame.size());
  if (!frame.empty()) {
    ring.pop();
  }
  return text;
}

TEST(FrameRing, KeepsOrderAndLengths) {
  FrameRing ring;
  EXPECT_EQ(read(ring), "");
  EXPECT_TRUE(write(ring, "one"));
  EXPECT_TRUE(write(ring, std::string(wire::kMaxFrame, 'x')));
  EXPECT_EQ(read(ring), "one");
  EXPECT_TRUE(write(ring, "three"));
  EXPECT_EQ(read(ring), std::string(wire::kMaxFrame, 'x'));
  EXPECT_EQ(read(ring), "three");
  EXPECT_EQ(read(ring), "");
}

TEST(FrameRing, TakesNothingWhenItIsFull) {
  FrameRing ring;
  for (std::size_t i = 0; i < FrameRing::kFrames; ++i) {
    EXPECT_TRUE(write(ring, std::to_string(i)));
  }
  EXPECT_FALSE(write(ring, "one too many"));
  EXPECT_EQ(read(ring), "0");
  EXPECT_TRUE(write(ring, "last"));
  EXPECT_FALSE(write(ring, "one too many"));
  for (std::size_t i = 1; i < FrameRing::kFrames; ++i) {
    EXPECT_EQ(read(ring), std::to_string(i));
  }
  EXPECT_EQ(read(ring), "last");
}

TEST(FrameRing, TwoThreadsLoseNothing) {
  FrameRing ring;
  constexpr int kMany = 20'000;
  std::thread writer([&] {
    for (int i = 0; i < kMany; ++i) {
      while (!write(ring, std::to_string(i))) {
        std::this_thread::yield();
      }
    }
  });
  for (int i = 0; i < kMany; ++i) {
    std::string text = read(ring);
    while (text.empty()) {
      std::this_thread::yield();
      text = read(ring);
    }
    if (text != std::to_string(i)) {
      ADD_FAILURE() << text << " is not " << i;
    }
  }
  writer.join();
}

}  // namespace
}  // namespace dialtone::io
