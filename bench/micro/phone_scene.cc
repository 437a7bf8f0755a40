// SPDX-License-Identifier: Apache-2.0
#include "bench/micro/phone_scene.h"

#include "dataplane/base/check.h"
#include "dataplane/wire/checksum.h"
#include "tests/support/packet_builder.h"
#include "tests/support/reply_view.h"

#include <sys/mman.h>

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <numeric>
#include <random>

namespace dialtone::bench {
namespace {

constexpr std::size_t kHugePage = std::size_t{2} << 20;
constexpr std::size_t kUdpChecksumAt = 40;
constexpr std::size_t kBlockAt = 44;

// The writer claims pages of 4 KB; record, name and sums of a file take one more than its content.
constexpr std::size_t room_for(std::uint32_t phones, std::size_t file_bytes) {
  return (phones + 1) * (file_bytes + 4096);
}

std::string name_of(std::uint32_t number, const char* prefix) {
  char name[32];
  std::snprintf(name, sizeof(name), "%s%08x.cnf.xml", prefix, number);
  return name;
}

test::Packet from_phone(std::uint32_t number) {
  return test::Packet().from(0x0a000001 + number,
                             static_cast<std::uint16_t>(49152 + number % 16384));
}

// Segments of this size lie on 2 MB pages in service; the heap does not unless it is asked.
bool move_to_huge_pages(std::span<std::byte> bytes) {
  constexpr int kCollapse = 25;  // MADV_COLLAPSE; Debian 12's headers have no name for it
  const auto begin = align_up(reinterpret_cast<std::uintptr_t>(bytes.data()), kHugePage);
  const auto end = reinterpret_cast<std::uintptr_t>(bytes.data() + bytes.size()) & ~(kHugePage - 1);
  return end > begin && ::madvise(reinterpret_cast<void*>(begin), end - begin, kCollapse) == 0;
}

}  // namespace

Burst::Burst() {
  for (std::size_t i = 0; i < kBurst; ++i) {
    frames[i] = {data(i), 0, wire::kMaxFrame};
  }
}

void Burst::put(std::size_t i, std::span<const std::byte> frame) {
  std::memcpy(data(i), frame.data(), frame.size());
  frames[i].length = static_cast<std::uint16_t>(frame.size());
}

PhoneScene::PhoneScene(std::uint32_t phones, std::size_t file_bytes)
    : file_bytes_(file_bytes),
      image_(room_for(phones, file_bytes)),
      addresses_(std::array{IpAddress::from_v4(test::kServerAddress)}, test::kServerMac),
      counters_(server::kCounterCount),
      pins_(abi::kSegmentSlots),
      responder_({.mac = test::kServerMac,
                  .addresses = &addresses_,
                  .announces = false,
                  .max_sessions = phones,
                  .hash_seed = 99,
                  .rate = TickRate::measure()},
                 counters_, abi::Pins(pins_)),
      phones_(phones),
      order_(phones) {
  DIALTONE_CHECK(phones % kBurst == 0);
  build_image();
  for (std::uint32_t number = 0; number < phones; ++number) {
    make_frames(number);
  }
  std::iota(order_.begin(), order_.end(), 0);
  std::shuffle(order_.begin(), order_.end(), std::mt19937(7));
}

void PhoneScene::build_image() {
  std::vector<char> content(file_bytes_);
  std::mt19937 random(1);
  std::generate(content.begin(), content.end(), [&] { return static_cast<char>(random()); });
  for (std::uint32_t number = 0; number < phones_.size(); ++number) {
    std::memcpy(content.data(), &number, sizeof(number));
    image_.add(name_of(number, "sep0011"), {content.data(), content.size()},
               abi::FileClass::kDeviceConfig);
  }
  image_.build();
  huge_ = move_to_huge_pages(image_.segment_bytes());
  for (std::uint32_t number = 0; number < phones_.size(); ++number) {
    phones_[number].content = image_.live().view.find(name_of(number, "sep0011"))->content;
  }
}

void PhoneScene::set_frame(Phone& phone, Ask ask, const std::string& frame) {
  const auto at = static_cast<std::size_t>(ask);
  DIALTONE_CHECK(frame.size() <= phone.frames[at].size());
  std::memcpy(phone.frames[at].data(), frame.data(), frame.size());
  phone.lengths[at] = static_cast<std::uint16_t>(frame.size());
}

// ACK and ERROR go to the phone's transfer port, which depends on its address and port alone: the
// first answer tells it.
void PhoneScene::make_frames(std::uint32_t number) {
  Phone& phone = phones_[number];
  const std::string read = from_phone(number).rrq(name_of(number, "sep0011")).bytes();
  set_frame(phone, Ask::kRead, read);
  set_frame(phone, Ask::kMissing, from_phone(number).rrq(name_of(number, "sepffff")).bytes());
  set_frame(phone, Ask::kArp, test::arp_request(test::kServerAddress));

  Burst burst;
  burst.put(0, std::as_bytes(std::span(read)));
  responder_.process({burst.frames.data(), 1}, burst.verdicts, &image_.live(), read_tsc());
  const test::ReplyView reply =
      test::parse_reply({reinterpret_cast<const char*>(burst.data(0)), burst.frames[0].length});
  DIALTONE_CHECK(burst.verdicts[0] == server::Verdict::kReply && reply.fault.empty());
  DIALTONE_CHECK(reply.opcode == 3 && reply.number == 1 && reply.body.size() == 512);
  DIALTONE_CHECK(std::memcmp(reply.body.data(), phone.content, 512) == 0);

  const std::string ack = from_phone(number).to_port(reply.source_port).ack(0).bytes();
  set_frame(phone, Ask::kAck, ack);
  std::uint16_t checksum;
  std::memcpy(&checksum, ack.data() + kUdpChecksumAt, sizeof(checksum));
  phone.ack_sum = static_cast<std::uint16_t>(~checksum);
  set_frame(phone, Ask::kStop,
            from_phone(number).to_port(reply.source_port).error(0, "stop").bytes());
}

void PhoneScene::for_all(Ask ask) {
  Burst burst;
  for (turn_ = 0; turn_ < phones_.size(); turn_ += kBurst) {
    put(burst, ask);
    process(burst);
  }
  turn_ = 0;
  block_ = 1;
}

void PhoneScene::open_all() {
  for_all(Ask::kRead);
  open_ = true;
  DIALTONE_CHECK(responder_.sessions() == phones_.size());
}

void PhoneScene::close_all() {
  for_all(Ask::kStop);
  open_ = false;
  DIALTONE_CHECK(responder_.sessions() == 0);
}

void PhoneScene::advance() {
  turn_ += kBurst;
  if (turn_ < phones_.size()) {
    return;
  }
  turn_ = 0;
  if (open_ && std::size_t{++block_} * 512 == file_bytes_) {
    open_all();  // the next answer would be the empty last block
  }
}

void PhoneScene::put(Burst& burst, Ask ask) const {
  const auto at = static_cast<std::size_t>(ask);
  for (std::size_t i = 0; i < kBurst; ++i) {
    const Phone& from = phone(i);
    burst.put(i, std::span(from.frames[at]).first(from.lengths[at]));
    if (ask == Ask::kAck) {
      NetU16 block;
      block.set(block_);
      const std::uint16_t sum = wire::finish_udp(from.ack_sum + block.raw());
      std::memcpy(burst.data(i) + kBlockAt, &block, sizeof(block));
      std::memcpy(burst.data(i) + kUdpChecksumAt, &sum, sizeof(sum));
    }
  }
}

Ticks PhoneScene::process(Burst& burst) {
  const Ticks begin = fenced_tsc();
  responder_.process(burst.frames, burst.verdicts, &image_.live(), begin);
  return fenced_tsc() - begin;
}

const std::byte* PhoneScene::next_content(std::size_t i) const {
  return phone(i).content + std::size_t{block_} * 512;
}

}  // namespace dialtone::bench
