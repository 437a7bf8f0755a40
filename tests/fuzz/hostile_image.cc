// SPDX-License-Identifier: Apache-2.0
#include "tests/fuzz/hostile_image.h"

#include "dataplane/abi/image_view.h"
#include "dataplane/abi/index_builder.h"
#include "dataplane/abi/name_key.h"
#include "dataplane/abi/object_digest.h"
#include "dataplane/abi/segment_writer.h"
#include "dataplane/base/check.h"

#include <algorithm>
#include <cstring>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

namespace dialtone::fuzz {
namespace {

constexpr std::uint64_t kBaseId = 21;
constexpr std::uint64_t kDeltaId = 22;
constexpr std::uint64_t kSegmentIds[] = {11, 12};
constexpr std::size_t kChunk = 64;

class SegmentMaker {
 public:
  explicit SegmentMaker(std::uint32_t number) : number_(number) {}

  abi::IndexItem add(std::string_view name, std::string_view content,
                     abi::Kind kind = abi::Kind::kFlat) {
    auto room = writer_.begin(name, content.size());
    DIALTONE_CHECK(room.ok());
    std::copy(content.begin(), content.end(), reinterpret_cast<char*>(room->data()));
    const abi::FilePlace place =
        writer_.commit(content.size(), {abi::Origin::kAsset, abi::FileClass::kOther, 1});
    return {name, kind, number_, place.offset};
  }
  std::span<std::byte> finish() {
    const std::span<std::byte> bytes = space_.used();
    abi::write_segment_header(bytes, kSegmentIds[number_], bytes.size());
    return bytes;
  }

 private:
  std::uint32_t number_;
  test::HeapSpace space_{8192, kChunk};
  abi::SegmentWriter writer_{space_};
};

// Names that crowd one line of an index of `lines`, so that the last of them stands elsewhere and
// the line is marked as spilled.
std::vector<std::string> crowd(std::size_t count, std::uint64_t lines) {
  std::vector<std::string> names;
  for (int i = 0; names.size() < count; ++i) {
    std::string name = "n" + std::to_string(i);
    if (abi::index_first_line(abi::name_key(name, test::kTestSeed).key, lines) == 0) {
      names.push_back(std::move(name));
    }
  }
  return names;
}

std::vector<abi::Tombstone> sorted_tombstones() {
  std::vector<abi::Tombstone> tombstones;
  for (const char* name : {"nobody", "nowhere", "never"}) {
    tombstones.push_back({abi::name_key(name, test::kTestSeed).key, 5000, 0});
  }
  std::ranges::sort(tombstones, {}, &abi::Tombstone::key);
  return tombstones;
}

}  // namespace

HostileImage::HostileImage() {
  SegmentMaker first(0);
  SegmentMaker second(1);
  const std::string long_text(700, 'x');
  constexpr std::size_t kPlain = 6;
  constexpr std::size_t kCrowded = abi::kEntriesPerLine + 1;
  const std::uint64_t lines =
      (abi::index_size(kPlain + kCrowded) - sizeof(abi::IndexHeader)) / sizeof(abi::IndexLine);
  const std::vector<std::string> crowded = crowd(kCrowded, lines);
  std::vector<abi::IndexItem> base = {first.add("a", "hello"),
                                      first.add("two", long_text),
                                      first.add("empty", ""),
                                      first.add("gone", "was there"),
                                      first.add("dir/sep001122334455.cnf.xml", "<device/>"),
                                      second.add("c", "x", abi::Kind::kComposed)};
  for (const std::string& name : crowded) {
    base.push_back(second.add(name, name));
  }
  const abi::IndexItem delta[] = {second.add("a", "changed"),
                                  second.add("gone", "", abi::Kind::kAbsent)};
  keep(kFirstSegment, first.finish());
  keep(kSecondSegment, second.finish());
  const auto add_index = [this](Object object, std::span<const abi::IndexItem> items,
                                std::uint64_t id) {
    test::AlignedBytes index(abi::index_size(items.size()));
    DIALTONE_CHECK(abi::build_index(items, id, test::kTestSeed, 2, index.span()).ok());
    keep(object, index.span());
  };
  add_index(kBase, base, kBaseId);
  add_index(kDelta, delta, kDeltaId);

  const auto base_lines = abi::IndexView(sound_[kBase]).lines();
  DIALTONE_CHECK(std::ranges::any_of(base_lines, &abi::IndexLine::spilled));

  const std::vector<abi::Tombstone> tombstones = sorted_tombstones();
  // All but 10.0.0.66, as control flattens two prefixes.
  const abi::ClientRange ranges[] = {
      {0, 0, 1, 0}, {0, 0xffff0a000042, 0, 0}, {0, 0xffff0a000043, 1, 0}};
  const std::span<const std::byte> tables[] = {std::as_bytes(std::span(tombstones)),
                                               std::as_bytes(std::span(ranges))};
  test::AlignedBytes manifest(sizeof(abi::Manifest) + 2 * sizeof(abi::SegmentRef) +
                              tombstones.size() * sizeof(abi::Tombstone) + sizeof(ranges));
  abi::Manifest head{};
  head.magic = abi::kManifestMagic;
  head.version = abi::kImageVersion;
  head.segment_count = 2;
  head.generation = 1;
  head.file_count = 4 + kCrowded;
  head.policy = test::unlimited_policy();
  head.base.id = kBaseId;
  head.delta.id = kDeltaId;
  head.tombstone_count = static_cast<std::uint32_t>(tombstones.size());
  head.client_range_count = static_cast<std::uint32_t>(std::size(ranges));
  std::memcpy(manifest.span().data(), &head, sizeof(head));
  for (std::size_t i = 0; i < 2; ++i) {
    const abi::SegmentRef ref{kSegmentIds[i], 0, {}};
    std::memcpy(manifest.span().data() + sizeof(head) + i * sizeof(ref), &ref, sizeof(ref));
  }
  std::byte* table = manifest.span().data() + sizeof(head) + 2 * sizeof(abi::SegmentRef);
  for (const auto& bytes : tables) {
    table = std::ranges::copy(bytes, table).out;
  }
  keep(kManifest, manifest.span());
  restore();
  refresh(true);
  keep(kManifest, views_[kManifest]);
}

void HostileImage::keep(Object object, std::span<const std::byte> bytes) {
  sound_[object].assign(bytes.begin(), bytes.end());
  memory_[object] = std::make_unique<test::AlignedBytes>(bytes.size());
}

void HostileImage::restore() {
  for (std::size_t i = 0; i < kObjects; ++i) {
    cut_[i].reset();
    views_[i] = memory_[i]->span();
    std::copy(sound_[i].begin(), sound_[i].end(), views_[i].begin());
  }
}

void HostileImage::spoil(Input& input) {
  while (!input.empty()) {
    const std::uint8_t number = input.byte();
    const std::size_t object = number % kObjects;
    const std::size_t offset = std::min<std::size_t>(input.word(), views_[object].size());
    if (number / kObjects % 2 != 0) {
      auto shorter = std::make_unique<test::AlignedBytes>(offset);
      std::copy_n(views_[object].begin(), offset, shorter->span().begin());
      views_[object] = shorter->span();
      cut_[object] = std::move(shorter);
      continue;
    }
    const auto patch = input.bytes(input.byte());
    const std::size_t size = std::min(patch.size(), views_[object].size() - offset);
    std::copy_n(patch.begin(), size, views_[object].begin() + static_cast<std::ptrdiff_t>(offset));
  }
}

void HostileImage::refresh(bool sizes) {
  const std::span<std::byte> manifest = views_[kManifest];
  if (manifest.size() < sizeof(abi::Manifest)) {
    return;
  }
  auto& head = *reinterpret_cast<abi::Manifest*>(manifest.data());
  const auto say = [sizes](auto& ref, std::span<const std::byte> bytes) {
    if (sizes) {
      ref.size = bytes.size();
    }
    ref.digest = abi::object_digest(bytes.first(std::min<std::uint64_t>(ref.size, bytes.size())));
  };
  if (const auto first = views_[kFirstSegment], second = views_[kSecondSegment]; sizes) {
    for (const std::span<std::byte> segment : {first, second}) {
      if (segment.size() >= sizeof(abi::SegmentHeader)) {
        reinterpret_cast<abi::SegmentHeader*>(segment.data())->size = segment.size();
      }
    }
  }
  say(head.base, views_[kBase]);
  say(head.delta, views_[kDelta]);
  const std::size_t refs = (manifest.size() - sizeof(head)) / sizeof(abi::SegmentRef);
  for (std::size_t i = 0; i < std::min<std::size_t>(refs, 2); ++i) {
    auto* ref = reinterpret_cast<abi::SegmentRef*>(manifest.data() + sizeof(head)) + i;
    say(*ref, views_[kFirstSegment + i]);
  }
}

}  // namespace dialtone::fuzz
