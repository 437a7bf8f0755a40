// SPDX-License-Identifier: Apache-2.0
#include "bench/micro/phone_scene.h"

#include "bench/micro/huge_pages.h"
#include "control/image/policy.h"
#include "dataplane/base/check.h"
#include "dataplane/wire/checksum.h"
#include "tests/support/reply_view.h"

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <numeric>
#include <random>

namespace dialtone::bench {
namespace {

constexpr std::size_t kUdpChecksumAt = 6;  // behind udp_at_
constexpr std::size_t kBlockAt = 10;
constexpr std::uint16_t kTagType = 0x8100;
constexpr std::uint16_t kVlan = 42;
constexpr std::uint32_t kEvents = 16384;  // as by default

// The writer claims pages of 4 KB; record, name and sums of a file take one more than its content.
constexpr std::size_t room_for(std::uint32_t phones, std::size_t file_bytes) {
  return (phones + 1) * (file_bytes + 4096);
}

std::string name_of(std::uint32_t number, const char* prefix) {
  char name[32];
  std::snprintf(name, sizeof(name), "%s%08x.cnf.xml", prefix, number);
  return name;
}

constexpr std::size_t udp_at(Link link) {
  const std::size_t ip = sizeof(wire::EthernetHeader) + (link == Link::kTagged ? 4 : 0);
  return ip + (link == Link::kIpv6 ? sizeof(wire::Ipv6Header) : sizeof(wire::Ipv4Header));
}

std::vector<IpAddress> our_addresses(Link link) {
  return {link == Link::kIpv6 ? test::kServerAddress6 : IpAddress::from_v4(test::kServerAddress)};
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

EventsMemory::EventsMemory() : memory_(abi::events_page_size(kEvents, 1)) {
  abi::format_events_page(memory_.span(), kEvents, 1);
}

PhoneScene::PhoneScene(const SceneConfig& config)
    : config_(config),
      udp_at_(udp_at(config.link)),
      image_(room_for(config.phones, config.file_bytes)),
      addresses_(our_addresses(config.link), test::kServerMac),
      counters_(server::kCounterCount),
      pins_(abi::kSegmentSlots),
      responder_({.mac = test::kServerMac,
                  .addresses = &addresses_,
                  .announces = false,
                  .max_sessions = config.phones,
                  .hash_seed = 99,
                  .rate = TickRate::measure(),
                  .events = config.as_served ? events_.ring() : abi::EventRing()},
                 counters_, abi::Pins(pins_)),
      phones_(config.phones),
      order_(config.phones) {
  DIALTONE_CHECK(config.phones % kBurst == 0 && config.file_bytes >= 3u * config.block_size);
  addresses_.set_state(0, server::AddressState::kUsable);  // no one else claims it here
  build_image();
  for (std::uint32_t number = 0; number < config.phones; ++number) {
    make_frames(number);
  }
  std::iota(order_.begin(), order_.end(), 0);
  std::shuffle(order_.begin(), order_.end(), std::mt19937(7));
}

void PhoneScene::build_image() {
  std::vector<char> content(config_.file_bytes);
  std::mt19937 random(1);
  std::generate(content.begin(), content.end(), [&] { return static_cast<char>(random()); });
  for (std::uint32_t number = 0; number < phones_.size(); ++number) {
    std::memcpy(content.data(), &number, sizeof(number));
    image_.add(name_of(number, "sep0011"), {content.data(), content.size()},
               abi::FileClass::kDeviceConfig);
  }
  if (config_.as_served) {
    image_.policy() = image_build::default_policy();
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

test::Packet PhoneScene::from_phone(std::uint32_t number) const {
  test::Packet packet;
  const auto port = static_cast<std::uint16_t>(49152 + number % 16384);
  if (config_.link == Link::kIpv6) {
    return packet.from(IpAddress{test::kPhoneAddress6.high, 0x10000 + number}, port);
  }
  if (config_.link == Link::kTagged) {
    packet.tagged(kTagType, kVlan);
  }
  return packet.from(0x0a000001 + number, port);
}

std::string PhoneScene::read_request(std::uint32_t number) const {
  std::string options;
  if (config_.block_size != 512) {
    options = std::string("blksize\0", 8) + std::to_string(config_.block_size) + '\0';
  }
  return from_phone(number).rrq(name_of(number, "sep0011"), "octet", options).bytes();
}

// ACK and ERROR go to the phone's transfer port, which depends on its address and port alone: the
// first answer tells it.
void PhoneScene::make_frames(std::uint32_t number) {
  Phone& phone = phones_[number];
  const std::string read = read_request(number);
  set_frame(phone, Ask::kRead, read);
  set_frame(phone, Ask::kMissing, from_phone(number).rrq(name_of(number, "sepffff")).bytes());
  set_frame(phone, Ask::kArp, test::arp_request(test::kServerAddress));

  Burst burst;
  DIALTONE_CHECK(send(burst, read) == server::Verdict::kReply);
  const test::ReplyView reply =
      test::parse_reply({reinterpret_cast<const char*>(burst.data(0)), burst.frames[0].length});
  DIALTONE_CHECK(reply.fault.empty());
  if (config_.block_size == 512) {
    DIALTONE_CHECK(reply.opcode == 3 && reply.number == 1 && reply.body.size() == 512);
    DIALTONE_CHECK(std::memcmp(reply.body.data(), phone.content, 512) == 0);
  } else {
    DIALTONE_CHECK(reply.opcode == 6 && reply.packet.find("blksize") != std::string::npos);
  }

  const std::string ack = from_phone(number).to_port(reply.source_port).ack(0).bytes();
  set_frame(phone, Ask::kAck, ack);
  std::uint16_t checksum;
  std::memcpy(&checksum, ack.data() + udp_at_ + kUdpChecksumAt, sizeof(checksum));
  phone.ack_sum = static_cast<std::uint16_t>(~checksum);
  set_frame(phone, Ask::kStop,
            from_phone(number).to_port(reply.source_port).error(0, "stop").bytes());
  if (config_.as_served) {
    send(burst, from_phone(number).to_port(reply.source_port).ack(1).bytes());  // it is proven
  }
}

server::Verdict PhoneScene::send(Burst& burst, const std::string& frame) {
  burst.put(0, std::as_bytes(std::span(frame)));
  responder_.process({burst.frames.data(), 1}, burst.verdicts, &image_.live(), read_tsc());
  return burst.verdicts[0];
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
  if (config_.block_size != 512) {
    block_ = 0;
    for_all(Ask::kAck);  // of the OACK
  }
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
  if (open_ && (std::size_t{++block_} + 1) * config_.block_size > config_.file_bytes) {
    open_all();  // the next answer would be the last block, which is not full
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
      std::memcpy(burst.data(i) + udp_at_ + kBlockAt, &block, sizeof(block));
      std::memcpy(burst.data(i) + udp_at_ + kUdpChecksumAt, &sum, sizeof(sum));
    }
  }
}

Ticks PhoneScene::process(Burst& burst) {
  const Ticks begin = fenced_tsc();
  responder_.process(burst.frames, burst.verdicts, &image_.live(), begin);
  return fenced_tsc() - begin;
}

const std::byte* PhoneScene::next_content(std::size_t i) const {
  return phone(i).content + std::size_t{block_} * config_.block_size;
}

}  // namespace dialtone::bench
