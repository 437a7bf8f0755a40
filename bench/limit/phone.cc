// SPDX-License-Identifier: Apache-2.0
#include "bench/limit/phone.h"

#include "dataplane/base/bytes.h"
#include "dataplane/base/check.h"
#include "dataplane/wire/checksum.h"
#include "tests/support/packet_builder.h"

#include <algorithm>
#include <cstring>

namespace dialtone::limit {
namespace {

constexpr std::uint32_t kFirstAddress = 0x0a4e0001;  // 10.78.0.1
constexpr wire::MacAddress kServerMac{{0x02, 0x44, 0x0a, 0x4d, 0x00, 0x01}};
constexpr std::uint16_t kFirstPort = 1024;

// In a frame of plain IPv4.
constexpr std::size_t kTypeAt = 12;
constexpr std::size_t kDestinationAt = 30;
constexpr std::size_t kSourcePortAt = 34;
constexpr std::size_t kDestinationPortAt = 36;
constexpr std::size_t kChecksumAt = 40;
constexpr std::size_t kPayloadAt = 42;
constexpr std::size_t kNumberAt = 44;
constexpr std::size_t kContentAt = 46;

NetU16 net(std::uint16_t value) noexcept {
  NetU16 field;
  field.set(value);
  return field;
}

NetU16 field_at(const std::byte* frame, std::size_t at) noexcept {
  NetU16 field;
  std::memcpy(&field, frame + at, sizeof(field));
  return field;
}

void put(std::byte* frame, std::size_t at, std::uint16_t raw) noexcept {
  std::memcpy(frame + at, &raw, sizeof(raw));
}

test::Packet from_phone(std::uint32_t number) {
  const auto low = static_cast<std::uint8_t>(number);
  const auto high = static_cast<std::uint8_t>(number >> 8);
  return test::Packet()
      .from(kFirstAddress + number, 0)
      .from_mac({{0x02, 0x50, 0, 0, high, low}})
      .to_mac(kServerMac)
      .to_address(kServerAddress);
}

// The block at `begin` of that content, as it should be in the frame.
bool is_block_of(std::span<const std::byte> content, std::size_t begin, const std::byte* frame,
                 std::size_t size) noexcept {
  return begin <= content.size() && size == std::min(kBlock, content.size() - begin) &&
         std::memcmp(frame + kContentAt, content.data() + begin, size) == 0;
}

// Of what the checksum of a frame covers, as far as it is known; the field is read from the frame.
std::uint64_t covered_sum(const std::byte* frame) noexcept {
  return static_cast<std::uint16_t>(~field_at(frame, kChecksumAt).raw());
}

}  // namespace

Phone::Phone(std::uint32_t number, const std::string& name, std::span<const std::byte> content)
    : content_(content), port_(static_cast<std::uint16_t>(kFirstPort + number * 7)) {
  DIALTONE_CHECK(content.size() >= kBlock);
  const std::string ack = from_phone(number).to_port(0).ack(0).bytes();
  const std::string request = from_phone(number).rrq(name).bytes();
  DIALTONE_CHECK(ack.size() == ack_.size() && request.size() <= request_.size());
  std::memcpy(ack_.data(), ack.data(), ack.size());
  std::memcpy(request_.data(), request.data(), request.size());
  request_length_ = static_cast<std::uint16_t>(request.size());
  ack_sum_ = covered_sum(ack_.data());
  request_sum_ = covered_sum(request_.data());
}

std::uint16_t Phone::write_request(std::byte* frame) noexcept {
  port_ = port_ == 0xffff ? kFirstPort : static_cast<std::uint16_t>(port_ + 1);
  block_ = 1;
  may_be_ = changed_.empty() ? kFirst : kFirst | kChanged;
  std::memcpy(frame, request_.data(), request_length_);
  const std::uint16_t port = net(port_).raw();
  put(frame, kSourcePortAt, port);
  put(frame, kChecksumAt, wire::finish_udp(request_sum_ + port));
  return request_length_;
}

Step Phone::on_frame(std::byte* frame, std::size_t length) noexcept {
  constexpr std::uint16_t kData = 3;
  constexpr std::uint16_t kError = 5;
  if (length < kContentAt || field_at(frame, kDestinationPortAt).host() != port_) {
    return Step::kStray;
  }
  const std::uint16_t opcode = field_at(frame, kPayloadAt).host();
  if (opcode == kError) {
    return Step::kError;
  }
  if (opcode != kData || field_at(frame, kNumberAt).host() != block_) {
    return Step::kStray;
  }
  const std::size_t begin = std::size_t{block_ - 1u} * kBlock;
  constexpr std::size_t kBeforeContent = 8 + 4;  // the headers of UDP and DATA
  const std::size_t size = field_at(frame, kDestinationPortAt + 2).host() - kBeforeContent;
  if (size > kBlock || length < kContentAt + size) {
    return Step::kBad;
  }
  if ((may_be_ & kFirst) != 0 && !is_block_of(content_, begin, frame, size)) {
    may_be_ &= kChanged;
  }
  if ((may_be_ & kChanged) != 0 && !is_block_of(changed_, begin, frame, size)) {
    may_be_ &= kFirst;
  }
  if (may_be_ == 0) {
    return Step::kBad;
  }
  const std::uint16_t server_port = field_at(frame, kSourcePortAt).raw();
  const std::uint16_t port = net(port_).raw();
  const std::uint16_t number = net(block_).raw();
  std::memcpy(frame, ack_.data(), ack_.size());
  put(frame, kSourcePortAt, port);
  put(frame, kDestinationPortAt, server_port);
  put(frame, kNumberAt, number);
  put(frame, kChecksumAt, wire::finish_udp(ack_sum_ + server_port + port + number));
  ++block_;
  return size == kBlock ? Step::kNext : Step::kLast;
}

// The probe's checksums are those of an ACK: no forwarder looks at them.
void Phone::write_probe(std::byte* frame, std::size_t size) const noexcept {
  std::memcpy(frame, ack_.data(), ack_.size());
  if (size > kContentAt + kBlock - 1) {
    std::memcpy(frame + kContentAt, content_.data(), kBlock);
  }
}

bool Phone::renew_probe(std::byte* frame, std::size_t size) const noexcept {
  const bool whole = size <= kContentAt + kBlock - 1 ||
                     std::memcmp(frame + kContentAt, content_.data(), kBlock) == 0;
  std::memcpy(frame, ack_.data(), kContentAt);
  return whole;
}

std::uint32_t phone_of(const std::byte* frame, std::size_t length, std::uint32_t count) noexcept {
  constexpr std::uint16_t kIpv4 = 0x0800;
  NetU32 destination;
  if (length < kContentAt || field_at(frame, kTypeAt).host() != kIpv4) {
    return count;
  }
  std::memcpy(&destination, frame + kDestinationAt, sizeof(destination));
  return std::min(destination.host() - kFirstAddress, count);
}

}  // namespace dialtone::limit
