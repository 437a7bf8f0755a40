// SPDX-License-Identifier: Apache-2.0
//
// The disk's bytes as hostile input: whatever they are, they are read in full or refused.
#include "control/generations/generation_file.h"

#include "tests/unit/control_generations/kept_image.h"

#include <gtest/gtest.h>

#include <cstring>
#include <random>

namespace dialtone::generations {
namespace {

TEST(GenerationFile, IsReadAsItWasWritten) {
  KeptImage kept;
  kept.change({{"c.txt", "gamma"}});
  const Generation made = kept.generation(42);
  const auto read = decode(encode(made));
  ASSERT_TRUE(read.ok()) << read.error().text;
  EXPECT_EQ(read->number, 42u);
  EXPECT_EQ(read->why, "a test");
  EXPECT_EQ(read->files, 3u);
  EXPECT_EQ(read->content, made.content);
  ASSERT_EQ(read->segments.size(), 2u);
  EXPECT_EQ(read->segments[1].digest, made.segments[1].digest);
  EXPECT_EQ(read->delta.id, made.delta.id);
}

TEST(GenerationFile, AChangedByteIsSeenWhereverItIs) {
  const std::vector<std::byte> bytes = encode(KeptImage().generation(1));
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    auto changed = bytes;
    changed[at] ^= std::byte{1};
    EXPECT_FALSE(decode(changed).ok()) << at;
  }
  for (std::size_t length = 0; length < bytes.size(); ++length) {
    EXPECT_FALSE(decode(std::span(bytes).first(length)).ok()) << length;
  }
}

TEST(GenerationFile, ImpossibleObjectsAreRefused) {
  for (const ObjectRef& bad : {ObjectRef{0, 4096, {}}, ObjectRef{1, 3, {}},
                               ObjectRef{1, (std::uint64_t{1} << 32) + 1, {}}}) {
    Generation generation = KeptImage().generation(1);
    generation.segments.front() = bad;
    EXPECT_FALSE(decode(encode(generation)).ok());
    generation = KeptImage().generation(1);
    generation.base = bad;
    EXPECT_FALSE(decode(encode(generation)).ok());
  }
  EXPECT_FALSE(decode(encode(KeptImage().generation(0))).ok());
}

TEST(GenerationFile, ATextIsCutAndSafeToShow) {
  Generation generation = KeptImage().generation(1);
  generation.why = std::string(500, 'x') + "\n";
  EXPECT_EQ(decode(encode(generation))->why.size(), kMaxWhy);
  generation.why = "bell \x07 and \xff";
  EXPECT_EQ(decode(encode(generation))->why.find('\x07'), std::string::npos);
}

TEST(GenerationFile, NamesAreNumbers) {
  EXPECT_EQ(file_name(42), "0000000042.generation");
  EXPECT_EQ(number_of("0000000042.generation"), 42u);
  EXPECT_EQ(number_of(file_name(123456789012)), 123456789012u);
  for (const char* name : {"", "42.generation", "00000000x2.generation", "0000000042",
                           ".generation", "99999999999999999999.generation"}) {
    EXPECT_EQ(number_of(name), 0u) << name;
  }
}

// Objects whose digests are right, and whose bytes are not.
TEST(RestoredImage, ChangedObjectsAreRefusedOrReadInFull) {
  KeptImage kept;
  kept.change({{"c.txt", "gamma"}, {"a.txt", "ALPHA"}}, {"b.txt"});
  const image_build::Offer offer = kept.offer(1);
  std::mt19937 random(7);
  int refusals = 0;
  for (int round = 0; round < 3000; ++round) {
    image_build::ImageParts parts{offer.segments, offer.base, offer.delta, offer.content_digest};
    image_build::ObjectPtr& victim = round % 3 == 0   ? parts.base
                                     : round % 3 == 1 ? parts.delta
                                                      : parts.segments[random() % 2];
    std::vector<std::byte> bytes(victim->bytes().begin(), victim->bytes().end());
    if (round % 7 == 0) {
      bytes.resize(random() % bytes.size());
      bytes.resize(std::max<std::size_t>(bytes.size(), 1));
    }
    for (unsigned flips = 1 + random() % 3; flips != 0; --flips) {
      // Where the tables are: most of a segment is padding.
      bytes[random() % std::min<std::size_t>(bytes.size(), 640)] ^=
          static_cast<std::byte>(1 + random() % 255);
    }
    victim = *image_build::seal_bytes(bytes, victim->id);
    image_build::Image image;
    if (!image.restore(parts)) {
      EXPECT_EQ(image.version(), 0u);
      ++refusals;
      continue;
    }
    for (const auto& [name, entry] : image.files()) {
      EXPECT_LE(entry.content().size(), entry.segment->bytes().size());
    }
  }
  EXPECT_GT(refusals, 1000);
}

TEST(RestoredImage, IndexesThatDoNotBelongTogetherAreRefused) {
  KeptImage one;
  KeptImage other;
  one.change({{"c", "1"}});
  other.change({{"c", "2"}});
  const image_build::Offer a = one.offer(1);
  const image_build::Offer b = other.offer(1);
  image_build::Image image;
  EXPECT_FALSE(image.restore({a.segments, a.base, b.delta, a.content_digest}).ok());
  EXPECT_FALSE(image.restore({a.segments, a.base, nullptr, a.content_digest}).ok());
  EXPECT_FALSE(image.restore({b.segments, a.base, a.delta, a.content_digest}).ok());
  EXPECT_FALSE(image.restore({{}, a.base, a.delta, a.content_digest}).ok());
  EXPECT_TRUE(image.restore({a.segments, a.base, a.delta, a.content_digest}).ok());
}

}  // namespace
}  // namespace dialtone::generations
