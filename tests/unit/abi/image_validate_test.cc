// SPDX-License-Identifier: Apache-2.0
#include "dataplane/abi/image_validate.h"

#include "dataplane/abi/client_prefixes.h"
#include "tests/support/test_image.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <cstring>
#include <functional>
#include <random>

namespace dialtone::abi {
namespace {

// Everything that the dataplane checks before it maps an offer into service.
Result<void> validate(test::TestImage& image) {
  DIALTONE_TRY(validate_manifest(image.manifest_bytes()));
  const Manifest& manifest = image.manifest();
  const std::span<const std::byte> segment = image.segment_bytes();
  DIALTONE_TRY(validate_segment(segment, segment_table(manifest)[0]));
  return validate_index(image.index_bytes(), manifest.base, {&segment, 1});
}

std::unique_ptr<test::TestImage> good_image() {
  auto image = std::make_unique<test::TestImage>(1 << 14);
  image->add("sep001122334455.cnf.xml", "<device/>").add("ringlist.xml", std::string(1000, 'r'));
  image->client_ranges() = {{0, 0, 0, 0}, {0, 0xffff0a000000, 1, 0}, {0, 0xffff0b000000, 0, 0}};
  image->build();
  return image;
}

template <typename T>
T& at(std::span<std::byte> bytes, std::size_t offset) {
  return *reinterpret_cast<T*>(bytes.data() + offset);
}

IndexEntry& first_entry(test::TestImage& image) {
  const std::span<std::byte> bytes = image.index_bytes();
  for (std::size_t offset = sizeof(IndexHeader);; offset += sizeof(IndexEntry)) {
    if (auto& entry = at<IndexEntry>(bytes, offset); entry.where != 0) {
      return entry;
    }
  }
}

IndexEntry& last_of_an_empty_line(test::TestImage& image) {
  const std::span<std::byte> bytes = image.index_bytes();
  for (std::size_t offset = sizeof(IndexHeader);; offset += sizeof(IndexLine)) {
    if (auto& line = at<IndexLine>(bytes, offset); line.entries[0].where == 0) {
      return line.entries[kEntriesPerLine - 1];
    }
  }
}

ClientRange& first_client_range(test::TestImage& image) {
  return const_cast<ClientRange&>(client_ranges(image.manifest())[0]);
}

FileRecord& first_record(test::TestImage& image) {
  return at<FileRecord>(image.segment_bytes(), first_entry(image).record_offset());
}

TEST(ImageValidate, PassesWhatControlBuilds) {
  auto image = good_image();
  const auto result = validate(*image);
  EXPECT_TRUE(result) << result.error().text;
}

TEST(ImageValidate, TombstonesAreCheckedAndFound) {
  test::TestImage image;
  image.add("a", "b").add_tombstone("x", 1).add_tombstone("y", kMaxTombstoneMs).build();
  ASSERT_TRUE(validate(image));
  EXPECT_EQ(image.live().view.find_tombstone(name_key("x", test::kTestSeed))->left_ms, 1U);
  EXPECT_EQ(image.live().view.find_tombstone(name_key("z", test::kTestSeed)), nullptr);
  auto* tombstones = &at<Tombstone>(image.manifest_bytes(), sizeof(Manifest) + sizeof(SegmentRef));
  tombstones[1].left_ms = 0;
  EXPECT_FALSE(validate(image));
  tombstones[1].left_ms = kMaxTombstoneMs + 1;
  EXPECT_FALSE(validate(image));
  tombstones[1].left_ms = 5;
  std::swap(tombstones[0], tombstones[1]);
  EXPECT_FALSE(validate(image));
  tombstones[1] = tombstones[0];
  EXPECT_FALSE(validate(image));
}

TEST(ImageValidate, UnprovenBytesMayBeNoneOrWithinTheirBounds) {
  for (const std::uint32_t bytes : {0u, kMinUnprovenBytes, kMaxUnprovenBytes}) {
    const auto image = good_image();
    image->manifest().policy.unproven_bytes = bytes;
    EXPECT_TRUE(validate(*image)) << bytes;
  }
}

TEST(ImageValidate, AComposedEntryIsValid) {
  test::TestImage image;
  image.add_kind("sep001122334455.cnf.xml", "program and slots", Kind::kComposed).build();
  EXPECT_TRUE(validate(image));
}

struct Lie {
  const char* name;
  std::function<void(test::TestImage&)> tell;
};

class ImageLies : public ::testing::TestWithParam<Lie> {};

TEST_P(ImageLies, IsRefusedWithAReason) {
  auto image = good_image();
  GetParam().tell(*image);
  image->refresh_refs();  // a liar computes its digests too
  const auto result = validate(*image);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::kRefused);
  EXPECT_GT(result.error().text.size(), 10u);
}

INSTANTIATE_TEST_SUITE_P(
    Hostile, ImageLies,
    ::testing::Values(
        Lie{"ManifestMagic", [](auto& i) { i.manifest().magic ^= 1; }},
        Lie{"ManifestVersion", [](auto& i) { i.manifest().version = 99; }},
        Lie{"SegmentCount", [](auto& i) { i.manifest().segment_count = 0xffffffff; }},
        Lie{"GenerationZero", [](auto& i) { i.manifest().generation = 0; }},
        Lie{"EndlessErrorText",
            [](auto& i) { std::memset(i.manifest().policy.not_found.text, 'x', 64); }},
        Lie{"RetransmitTooFast", [](auto& i) { i.manifest().policy.retransmit_ms = 0; }},
        Lie{"RetransmitForEver", [](auto& i) { i.manifest().policy.retransmits = 1000; }},
        Lie{"MoreFirstCopiesThanCopies", [](auto& i) { i.manifest().policy.first_copies = 6; }},
        Lie{"MissRuleOfAnotherVersion",
            [](auto& i) { i.manifest().policy.miss_rule = static_cast<MissRule>(2); }},
        Lie{"MissesThatWaitForEver",
            [](auto& i) {
              i.manifest().policy.miss_rule = MissRule::kAsk;
              i.manifest().policy.miss_park_ms = 8001;
            }},
        Lie{"TombstonesBehindTheEnd", [](auto& i) { i.manifest().tombstone_count = 1; }},
        Lie{"NoWindow", [](auto& i) { i.manifest().policy.max_window = 0; }},
        Lie{"WindowOfTooManyBlocks", [](auto& i) { i.manifest().policy.max_window = 256; }},
        Lie{"WindowOfNoBytes", [](auto& i) { i.manifest().policy.max_window_bytes = 511; }},
        Lie{"WindowOfTooManyBytes",
            [](auto& i) { i.manifest().policy.max_window_bytes = (16u << 20) + 1; }},
        Lie{"EndlessBusyText", [](auto& i) { std::memset(i.manifest().policy.busy.text, 'x', 64); }},
        Lie{"EndlessRebuildingText",
            [](auto& i) { std::memset(i.manifest().policy.rebuilding.text, 'x', 64); }},
        Lie{"BusyFlag", [](auto& i) { i.manifest().policy.answers_busy = 2; }},
        Lie{"DeniedFlag", [](auto& i) { i.manifest().policy.answers_denied = 2; }},
        Lie{"SourceRate", [](auto& i) { i.manifest().policy.source_requests = 100'001; }},
        Lie{"PrefixRate", [](auto& i) { i.manifest().policy.prefix_requests = 100'001; }},
        Lie{"FirstPackets", [](auto& i) { i.manifest().policy.first_packets = 65; }},
        Lie{"UnprovenBytesTooFewToRunOut", [](auto& i) { i.manifest().policy.unproven_bytes = 1; }},
        Lie{"UnprovenBytesBelowOneKb", [](auto& i) { i.manifest().policy.unproven_bytes = 1023; }},
        Lie{"UnprovenBytesAboveOneGb",
            [](auto& i) { i.manifest().policy.unproven_bytes = (1u << 30) + 1; }},
        Lie{"NeverProven", [](auto& i) { i.manifest().policy.proven_s = 0; }},
        Lie{"ProvenForEver", [](auto& i) { i.manifest().policy.proven_s = 604'801; }},
        Lie{"NoClientRanges", [](auto& i) { i.manifest().client_range_count = 0; }},
        Lie{"MoreClientRanges", [](auto& i) { ++i.manifest().client_range_count; }},
        Lie{"EndlessClientRanges",
            [](auto& i) { i.manifest().client_range_count = 0xffffffff; }},
        Lie{"ClientsDoNotBeginAtZero", [](auto& i) { first_client_range(i).low = 1; }},
        Lie{"ClientsOutOfOrder",
            [](auto& i) { std::swap((&first_client_range(i))[1], (&first_client_range(i))[2]); }},
        Lie{"ClientsTwice",
            [](auto& i) { (&first_client_range(i))[2].low = (&first_client_range(i))[1].low; }},
        Lie{"ClientsAsBefore", [](auto& i) { (&first_client_range(i))[2].allowed = 1; }},
        Lie{"ClientsPerhaps", [](auto& i) { first_client_range(i).allowed = 2; }},
        Lie{"SegmentMagic", [](auto& i) { at<SegmentHeader>(i.segment_bytes(), 0).magic = 0; }},
        Lie{"SegmentSize", [](auto& i) { at<SegmentHeader>(i.segment_bytes(), 0).size += 1; }},
        Lie{"SegmentId", [](auto& i) { at<SegmentHeader>(i.segment_bytes(), 0).id = 5; }},
        Lie{"IndexMagic", [](auto& i) { at<IndexHeader>(i.index_bytes(), 0).magic = 0; }},
        Lie{"NoLines", [](auto& i) { at<IndexHeader>(i.index_bytes(), 0).line_count = 0; }},
        Lie{"MoreLinesThanBytes",
            [](auto& i) { at<IndexHeader>(i.index_bytes(), 0).line_count = 1ULL << 58; }},
        Lie{"TooManySegments",
            [](auto& i) { at<IndexHeader>(i.index_bytes(), 0).segment_count = 0xffffffff; }},
        Lie{"SpilledWithoutAnEntry",
            [](auto& i) { last_of_an_empty_line(i).where = IndexLine::kSpilled; }},
        Lie{"EntryCount", [](auto& i) { at<IndexHeader>(i.index_bytes(), 0).entry_count = 1; }},
        Lie{"UnknownSegment",
            [](auto& i) { first_entry(i).where = index_where(Kind::kFlat, 9, 64); }},
        Lie{"RecordOutside",
            [](auto& i) { first_entry(i).where = index_where(Kind::kFlat, 0, 1ULL << 31); }},
        Lie{"RecordInHeader",
            [](auto& i) { first_entry(i).where = index_where(Kind::kFlat, 0, 0); }},
        Lie{"KeyOfAnotherName", [](auto& i) { first_entry(i).key ^= 1; }},
        Lie{"LengthOverflow", [](auto& i) { first_record(i).length = ~std::uint64_t{0} - 63; }},
        Lie{"ContentOutside", [](auto& i) { first_record(i).content_offset = 1ULL << 40; }},
        Lie{"ContentUnaligned", [](auto& i) { first_record(i).content_offset += 1; }},
        Lie{"SumsOutside", [](auto& i) { first_record(i).sums_offset = 1ULL << 40; }},
        Lie{"SumsUnaligned", [](auto& i) { first_record(i).sums_offset |= 1; }},
        Lie{"NameTooLong", [](auto& i) { first_record(i).name_length = 0xffff; }},
        Lie{"NoName", [](auto& i) { first_record(i).name_length = 0; }},
        Lie{"NameNotCanonical",
            [](auto& i) { reinterpret_cast<char*>(&first_record(i) + 1)[0] = 'S'; }},
        Lie{"UnknownClass",
            [](auto& i) { first_record(i).file_class = static_cast<FileClass>(200); }},
        Lie{"AbsentWithContent",
            [](auto& i) {
              IndexEntry& entry = first_entry(i);
              entry.where = index_where(Kind::kAbsent, 0, entry.record_offset());
            }}),
    [](const auto& lie) { return lie.param.name; });

TEST(ImageValidate, ANameThatNoSearchFindsIsRefused) {
  test::TestImage image;
  for (int number = 0; number < 2000; ++number) {
    image.add("ring/tone-" + std::to_string(number), "x");
  }
  image.build();
  ASSERT_TRUE(validate(image));
  bool had_spilled = false;
  const std::span<std::byte> bytes = image.index_bytes();
  for (std::size_t offset = sizeof(IndexHeader); offset < bytes.size();
       offset += sizeof(IndexLine)) {
    auto& line = at<IndexLine>(bytes, offset);
    had_spilled |= line.spilled();
    line.entries[kEntriesPerLine - 1].where &= ~IndexLine::kSpilled;
  }
  ASSERT_TRUE(had_spilled);
  image.refresh_refs();
  EXPECT_FALSE(validate(image));
}

// Enough lines that several threads have some; hashed names and exact ones among each other.
TEST(ImageValidate, OneBadEntryOfManyIsFoundByAnyNumberOfThreads) {
  test::TestImage image(std::size_t{8} << 20);
  for (int number = 0; number < 32'000; ++number) {
    char name[32];
    std::snprintf(name, sizeof(name), number % 3 == 0 ? "ring/%012x" : "sep%012x.cnf.xml", number);
    image.add(name, "x");
  }
  image.build();
  const std::span<const std::byte> segment = image.segment_bytes();
  const auto check = [&](int threads) {
    image.refresh_refs();
    return validate_index(image.index_bytes(), image.manifest().base, {&segment, 1},
                          Spread(threads));
  };
  const IndexView index(image.index_bytes());
  const std::size_t lines = index.lines().size();
  ASSERT_GT(lines, 8'192U);
  for (const int threads : {1, 2, 4}) {
    ASSERT_TRUE(check(threads));
    for (std::size_t line : {std::size_t{4}, std::size_t{4'096}, lines - 1}) {
      while (index.lines()[line].entries[0].where == 0) {
        --line;
      }
      auto& entry = const_cast<IndexEntry&>(index.lines()[line].entries[0]);
      entry.key ^= 1;
      EXPECT_FALSE(check(threads)) << line;
      entry.key ^= 1;
    }
  }
}

// Of two that say that they are of one name a search finds the first.
TEST(ImageValidate, AnEntryThatStandsTwiceIsRefused) {
  for (const char* name : {"sep001122334455.cnf.xml", "ringlist.xml"}) {
    test::TestImage image;
    image.add(name, "x").build();
    IndexEntry& entry = first_entry(image);
    (&entry)[1] = entry;
    ++at<IndexHeader>(image.index_bytes(), 0).entry_count;
    image.refresh_refs();
    EXPECT_FALSE(validate(image)) << name;
  }
}

TEST(ImageValidate, AChangedByteIsFoundByItsDigest) {
  auto image = good_image();
  image->segment_bytes()[image->segment_bytes().size() - 1] ^= std::byte{1};
  EXPECT_FALSE(validate(*image));
}

TEST(ImageValidate, TruncationIsRefusedAtEveryLength) {
  auto image = good_image();
  const std::span<const std::byte> segment = image->segment_bytes();
  const SegmentRef ref = segment_table(image->manifest())[0];
  for (std::size_t size = 0; size < segment.size(); size += 61) {
    EXPECT_FALSE(validate_segment(segment.first(size), ref)) << size;
  }
  for (std::size_t size = 0; size < image->manifest_bytes().size(); ++size) {
    EXPECT_FALSE(validate_manifest(image->manifest_bytes().first(size))) << size;
  }
  for (std::size_t size = 0; size < image->index_bytes().size(); size += 16) {
    EXPECT_FALSE(
        validate_index(image->index_bytes().first(size), image->manifest().base, {&segment, 1}))
        << size;
  }
}

// Random damage with right digests: whatever passes must be safe to read in full (the sanitizer
// build proves it).
TEST(ImageValidate, WhatPassesIsSafeToRead) {
  std::mt19937_64 random(7);
  int passed = 0;
  for (int round = 0; round < 3000; ++round) {
    auto image = good_image();
    const std::span<std::byte> target =
        round % 2 == 0 ? image->index_bytes() : image->segment_bytes().first(2048);
    for (int change = 0; change < 2; ++change) {
      target[random() % target.size()] = static_cast<std::byte>(random());
    }
    image->refresh_refs();
    if (!validate(*image)) {
      continue;
    }
    ++passed;
    std::uint64_t sum = 0;
    for (std::string_view name : {"sep001122334455.cnf.xml", "ringlist.xml", "nothing"}) {
      if (const auto file = image->live().view.find(name)) {
        for (std::byte b : file->bytes()) {
          sum += static_cast<std::uint64_t>(b);
        }
      }
    }
    EXPECT_LT(sum, 1u << 30);
  }
  EXPECT_GT(passed, 0);
}

}  // namespace
}  // namespace dialtone::abi
