// SPDX-License-Identifier: Apache-2.0
//
// A spoilt image through the validator; when it passes, it is read and served in full. An input:
//   1 byte   ImageFlag
//   then patches, as hostile_image.h has them
#include "dataplane/abi/canonical_name.h"
#include "dataplane/abi/client_prefixes.h"
#include "dataplane/abi/image_validate.h"
#include "dataplane/abi/live_image.h"
#include "dataplane/server/counters.h"
#include "dataplane/server/responder.h"
#include "dataplane/wire/checksum.h"
#include "tests/fuzz/client_frames.h"
#include "tests/fuzz/hostile_image.h"
#include "tests/fuzz/packet_view.h"
#include "tests/fuzz/require.h"
#include "tests/fuzz/rules.h"
#include "tests/support/packet_builder.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <string>
#include <vector>

namespace dialtone::fuzz {
namespace {

enum ImageFlag : std::uint8_t {
  kStaleDigests = 1,  // the manifest still tells those of the sound image
  kStaleSizes = 2,
};

std::uint64_t sum_of(std::span<const std::byte> bytes) {
  return wire::sum_bytes(bytes);
}

class Images {
 public:
  Images()
      : addresses_(kOurs, test::kServerMac),
        counters_(server::kCounterCount),
        pins_(abi::kSegmentSlots),
        responder_({.mac = test::kServerMac,
                    .addresses = &addresses_,
                    .announces = false,
                    .max_sessions = 4,
                    .rate = TickRate(1'000'000)},
                   counters_, abi::Pins(pins_)) {}

  void run(Input input) {
    image_.restore();
    const std::uint8_t flags = input.byte();
    image_.spoil(input);
    if ((flags & kStaleDigests) == 0) {
      image_.refresh((flags & kStaleSizes) == 0);
    }
    if (is_accepted()) {
      serve_all();
    }
  }

 private:
  static constexpr IpAddress kOurs[] = {IpAddress::from_v4(test::kServerAddress)};

  static bool passes(const Result<void>& result) {
    require(result.ok() || !result.error().text.empty(), "a refusal says why");
    return result.ok();
  }

  // As the loader does it: segments by their ids, in the order of the manifest.
  bool is_accepted() {
    const auto manifest_bytes = image_.bytes(HostileImage::kManifest);
    if (!passes(abi::validate_manifest(manifest_bytes))) {
      return false;
    }
    manifest_ = reinterpret_cast<abi::Manifest*>(manifest_bytes.data());
    segments_.clear();
    for (const abi::SegmentRef& ref : abi::segment_table(*manifest_)) {
      const std::size_t number = segments_.size() % 2;
      const auto bytes = image_.bytes(HostileImage::kFirstSegment + number);
      if (!passes(abi::validate_segment(bytes, ref))) {
        return false;
      }
      segments_.emplace_back(bytes.first(ref.size));
    }
    base_ = delta_ = {};
    const auto base = image_.bytes(HostileImage::kBase);
    if (!passes(abi::validate_index(base, manifest_->base, segments_))) {
      return false;
    }
    base_ = abi::IndexView(base);
    if (manifest_->delta.id != 0) {
      const auto delta = image_.bytes(HostileImage::kDelta);
      if (!passes(abi::validate_index(delta, manifest_->delta, segments_))) {
        return false;
      }
      delta_ = abi::IndexView(delta);
    }
    return passes(abi::validate_pair(base_, delta_));
  }

  // What workers look up in the tables behind the manifest, as somebody slow would find it.
  void check_tables(const abi::ImageView& view) {
    for (const abi::Tombstone& one : abi::tombstone_table(*manifest_)) {
      const abi::Tombstone* found = view.find_tombstone({one.key, false, 0});
      require(found != nullptr && found->key == one.key, "a tombstone is found by its key");
      require(one.left_ms >= 1 && one.left_ms <= abi::kMaxTombstoneMs, "a tombstone has its time");
    }
    const std::span<const abi::ClientRange> ranges = abi::client_ranges(*manifest_);
    for (const abi::ClientRange& range : ranges) {
      for (const std::uint64_t low : {range.low - 1, range.low, range.low + 1}) {
        const IpAddress address{range.high, low};
        bool allowed = true;
        for (const abi::ClientRange& one : ranges) {
          if (one.high < address.high || (one.high == address.high && one.low <= address.low)) {
            allowed = one.allowed != 0;
          }
        }
        require(abi::is_allowed(ranges, address) == allowed, "a client is in the range it is in");
      }
    }
  }

  void serve_all() {
    manifest_->generation = ++generation_;  // the responder goes by it
    bases_.clear();
    for (const std::span<const std::byte> segment : segments_) {
      bases_.push_back(segment.data());
    }
    slots_.assign(segments_.size(), 0);
    const abi::LiveImage live{abi::ImageView(manifest_, base_, delta_, bases_), slots_};
    now_ += 1'000'000'000;
    check_tables(live.view);
    for (const abi::IndexView* index : {&base_, &delta_}) {
      if (!index->present()) {
        continue;
      }
      for (const abi::IndexLine& line : index->lines()) {
        for (const abi::IndexEntry& entry : line.entries) {
          if (entry.where != 0) {
            read(live.view, entry);
            fetch(live, std::string(live.view.file_at(entry).name()));
          }
        }
      }
    }
    fetch(live, "nobody");
    responder_.end_all_sessions();
    require(pins_[0].load(std::memory_order_relaxed) == 0, "no pin is left");
  }

  void read(const abi::ImageView& view, const abi::IndexEntry& entry) {
    const abi::FileRef here = view.file_at(entry);
    require(abi::is_canonical(here.name()), "a name that was accepted is canonical");
    check_bytes(here);
    if (const auto found = view.find(here.name())) {
      require(found->name() == here.name(), "a name leads to its own file");
      check_bytes(*found);
    } else {
      require(delta_.present() || here.kind == abi::Kind::kAbsent, "a file is found");
    }
  }

  // Reads all that a worker may read.
  void check_bytes(const abi::FileRef& file) {
    const auto segment = segments_.at(file.segment);
    require(file.content >= segment.data() &&
                file.content + file.record->length <= segment.data() + segment.size(),
            "content lies in its segment");
    std::uint64_t sum = sum_of(file.bytes());
    if (file.sums != nullptr) {
      const std::size_t units = (file.record->length + abi::kSumUnit - 1) / abi::kSumUnit;
      sum += sum_of(std::as_bytes(std::span(file.sums, units)));
    }
    asm volatile("" : : "r"(sum));  // it is read, whatever the compiler thinks of it
  }

  void fetch(const abi::LiveImage& live, const std::string& name) {
    const std::string request = std::string("\0\1", 2) + name + '\0' + "octet" + '\0';
    std::uint16_t port = send(live, 69, request);
    for (std::uint16_t block = 1; port != 0 && block < 3; ++block) {
      port = send(live, port, {'\0', '\4', '\0', static_cast<char>(block)});
    }
  }

  // The port that answers; 0: none.
  std::uint16_t send(const abi::LiveImage& live, std::uint16_t port, const std::string& packet) {
    const std::size_t length =
        write_packet(frame_, client_, port, std::as_bytes(std::span(packet.data(), packet.size())));
    server::Frame frame{.data = frame_.data(),
                        .length = static_cast<std::uint16_t>(length),
                        .capacity = static_cast<std::uint16_t>(frame_.size())};
    server::Verdict verdict;
    responder_.process({&frame, 1}, {&verdict, 1}, &live, now_);
    if (verdict != server::Verdict::kReply) {
      return 0;
    }
    // The checksum is not looked at: the sums of a spoilt image may be wrong.
    const PacketView answer = view_of({frame.data, frame.length});
    require(answer.is_udp && frame.length <= frame.capacity, "an answer is UDP");
    return answer.opcode == kData ? answer.source_port : std::uint16_t{0};
  }

  HostileImage image_;
  server::OurAddresses addresses_;
  std::vector<std::uint64_t> counters_;
  std::vector<std::atomic<std::uint32_t>> pins_;
  server::Responder responder_;
  ClientEnd client_ = make_client(false, false, 40000);
  std::array<std::byte, wire::kMaxFrame> frame_{};
  Micros now_ = 0;
  std::uint64_t generation_ = 0;

  abi::Manifest* manifest_ = nullptr;
  abi::IndexView base_;
  abi::IndexView delta_;
  std::vector<std::span<const std::byte>> segments_;
  std::vector<const std::byte*> bases_;
  std::vector<std::uint16_t> slots_;
};

}  // namespace
}  // namespace dialtone::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace dialtone::fuzz;
  static Images images;
  images.run(Input(data, size));
  return 0;
}
