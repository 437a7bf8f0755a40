// SPDX-License-Identifier: Apache-2.0
//
// What a storm's link does to frames, on virtual time. Frames are numbers here: it never looks into
// them.
#include "bench/emu/storm/impairment.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace dialtone::emu {
namespace {

using Fate = ImpairedLink::Fate;

constexpr int kMany = 20'000;

// Frames that go over one link, by their numbers.
class Frames {
 public:
  explicit Frames(const Impairment& impairment, std::uint64_t seed = 1) : link(impairment, seed) {}

  Fate decide(int frame, Micros now) {
    return link.decide(reinterpret_cast<rte_mbuf*>(&memory_[static_cast<std::size_t>(frame)]), now);
  }
  std::vector<int> released(Micros now) {
    std::vector<int> frames;
    link.release(now, [&](rte_mbuf* buffer) { frames.push_back(number_of(buffer)); });
    return frames;
  }
  int number_of(rte_mbuf* buffer) const {
    return static_cast<int>(reinterpret_cast<std::byte*>(buffer) - memory_.data());
  }
  // What becomes of so many, one letter for each.
  std::string fates(int count) {
    std::string text;
    for (int i = 0; i < count; ++i) {
      text += "PLW"[static_cast<std::size_t>(decide(i, 0))];
    }
    return text;
  }

  ImpairedLink link;

 private:
  std::vector<std::byte> memory_{kMany};
};

std::ptrdiff_t count_of(const std::string& fates, char which) {
  return std::count(fates.begin(), fates.end(), which);
}

TEST(ImpairedLink, AGoodOneLetsEveryFramePass) {
  Frames frames({});
  EXPECT_FALSE(Impairment{}.any());
  EXPECT_EQ(frames.fates(100), std::string(100, 'P'));
  EXPECT_FALSE(frames.link.wants_copy());
  EXPECT_TRUE(frames.released(1'000'000).empty());
}

TEST(ImpairedLink, LosesItsShare) {
  for (const double share : {0.01, 0.2, 0.5}) {
    Frames frames({.loss = share});
    const auto lost = static_cast<double>(count_of(frames.fates(kMany), 'L'));
    EXPECT_NEAR(lost / kMany, share, 0.15 * share);
    EXPECT_TRUE(frames.released(1'000'000).empty()) << "what is lost never comes";
  }
  EXPECT_EQ(Frames({.loss = 1}).fates(100), std::string(100, 'L'));
}

TEST(ImpairedLink, DoublesItsShare) {
  Frames frames({.duplicate = 0.1});
  int copies = 0;
  for (int i = 0; i < kMany; ++i) {
    copies += frames.link.wants_copy() ? 1 : 0;
  }
  EXPECT_NEAR(static_cast<double>(copies) / kMany, 0.1, 0.01);
  EXPECT_TRUE(Frames({.duplicate = 1}).link.wants_copy());
}

TEST(ImpairedLink, EqualSeedsEqualStorms) {
  constexpr Impairment kBad{.loss = 0.1, .duplicate = 0.1, .reorder = 0.1};
  EXPECT_EQ(Frames(kBad, 7).fates(1000), Frames(kBad, 7).fates(1000));
  EXPECT_NE(Frames(kBad, 7).fates(1000), Frames(kBad, 8).fates(1000));
}

TEST(ImpairedLink, ADelayedFrameComesAtItsTimeAndNotBefore) {
  Frames frames({.delay = 500});
  for (const auto& [frame, now] : {std::pair{0, 1000}, {1, 1000}, {2, 1100}}) {
    EXPECT_EQ(frames.decide(frame, static_cast<Micros>(now)), Fate::kWait);
  }
  EXPECT_TRUE(frames.released(1499).empty());
  EXPECT_EQ(frames.released(1500), (std::vector<int>{0, 1})) << "in the order in which they came";
  EXPECT_TRUE(frames.released(1599).empty());
  EXPECT_EQ(frames.released(5000), std::vector<int>{2});
  EXPECT_TRUE(frames.released(5000).empty()) << "once";
}

// Those that it chooses come a fixed time later than the others, so behind those that came next.
TEST(ImpairedLink, ReorderedFramesComeBehindLaterOnes) {
  Frames frames({.reorder = 0.25, .delay = 100, .reorder_by = 1000});
  std::vector<int> order;
  for (int i = 0; i < kMany; ++i) {
    const Micros now = static_cast<Micros>(i) * 10;
    EXPECT_EQ(frames.decide(i, now), Fate::kWait);
    for (const int frame : frames.released(now)) {
      const Micros took = now - static_cast<Micros>(frame) * 10;
      EXPECT_TRUE(took == 100 || took == 1100) << took;
      order.push_back(frame);
    }
  }
  for (const int frame : frames.released(kMany * 10 + 1100)) {
    order.push_back(frame);
  }
  ASSERT_EQ(order.size(), static_cast<std::size_t>(kMany)) << "none is lost";
  int late = 0;
  for (std::size_t i = 1; i < order.size(); ++i) {
    late += order[i] < order[i - 1] ? 1 : 0;
  }
  EXPECT_GT(late, kMany / 8);
  std::sort(order.begin(), order.end());
  EXPECT_EQ(std::unique(order.begin(), order.end()), order.end()) << "none comes twice";
}

TEST(ImpairedLink, WithoutADelayOnlyTheReorderedOnesWait) {
  Frames frames({.reorder = 0.1});
  const std::string fates = frames.fates(kMany);
  EXPECT_NEAR(static_cast<double>(count_of(fates, 'W')) / kMany, 0.1, 0.01);
  EXPECT_EQ(count_of(fates, 'L'), 0);
  EXPECT_TRUE(frames.released(Impairment{}.reorder_by - 1).empty());
  EXPECT_EQ(static_cast<std::ptrdiff_t>(frames.released(Impairment{}.reorder_by).size()),
            count_of(fates, 'W'));
}

TEST(ImpairedLink, WhatWaitsAtTheEndIsGivenBack) {
  Frames frames({.delay = 1000});
  for (int i = 0; i < 3; ++i) {
    frames.decide(i, 0);
  }
  std::vector<int> left;
  for (rte_mbuf* buffer : frames.link.take_all()) {
    left.push_back(frames.number_of(buffer));
  }
  std::sort(left.begin(), left.end());
  EXPECT_EQ(left, (std::vector<int>{0, 1, 2}));
  EXPECT_TRUE(frames.released(1'000'000).empty());
}

}  // namespace
}  // namespace dialtone::emu
