// SPDX-License-Identifier: Apache-2.0
#include "bench/emu/tftp/fetch.h"

#include "dataplane/base/check.h"
#include "dataplane/tftp/message.h"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <limits>

namespace dialtone::emu {
namespace {

using tftp::Header;
using tftp::Opcode;

constexpr Micros kNever = std::numeric_limits<Micros>::max();
constexpr std::size_t kOpcode = sizeof(NetU16);

// An ERROR is never answered (RFC 1350 section 7).
bool is_error(std::span<const std::byte> packet) noexcept {
  return packet.size() >= kOpcode && packet[0] == std::byte{0} &&
         packet[1] == static_cast<std::byte>(Opcode::kError);
}

// Appends to a packet; what does not fit would be a name that no database takes.
class Writer {
 public:
  explicit Writer(std::span<std::byte> out) noexcept : out_(out) {}

  void number(std::uint16_t value) noexcept {
    NetU16 net{};
    net.set(value);
    bytes(std::as_bytes(std::span(&net, 1)));
  }
  void text(std::string_view text) noexcept {
    constexpr std::byte kNul{0};
    bytes(std::as_bytes(std::span(text)));
    bytes(std::span(&kNul, 1));
  }
  void option(std::string_view name, std::uint64_t value) noexcept {
    std::array<char, 20> digits{};
    const auto [end, fault] = std::to_chars(digits.data(), digits.data() + digits.size(), value);
    text(name);
    text({digits.data(), end});
  }

  std::uint16_t length() const noexcept { return static_cast<std::uint16_t>(length_); }

 private:
  void bytes(std::span<const std::byte> more) noexcept {
    DIALTONE_CHECK(more.size() <= out_.size() - length_);
    std::memcpy(out_.data() + length_, more.data(), more.size());
    length_ += more.size();
  }

  std::span<std::byte> out_;
  std::size_t length_ = 0;
};

}  // namespace

Fetch::Fetch(std::string_view name, const AskedFor& asked, const FetchClock& clock,
             std::uint16_t port) noexcept
    : name_(name), asked_(asked), clock_(clock), port_(port) {}

FetchStep Fetch::begin(Micros now, Out out) noexcept {
  last_block_ = now;
  return request(now, out);
}

FetchStep Fetch::request(Micros now, Out out) noexcept {
  Writer writer(out);
  writer.number(static_cast<std::uint16_t>(Opcode::kReadRequest));
  writer.text(name_);
  writer.text("octet");
  if (asked_.stray_nul) {
    writer.text("");
  }
  if (asked_.size) {
    writer.option("tsize", 0);
  }
  if (asked_.block_size != 0) {
    writer.option("blksize", asked_.block_size);
  }
  if (asked_.window != 0) {
    writer.option("windowsize", asked_.window);
  }
  ++sends_;
  ++counts_.requests;
  ++counts_.sent;
  deadline_ = now + clock_.request;
  return {.length = writer.length(), .to_port = kServerPort};
}

// From the next port, and from the first block on.
FetchStep Fetch::attempt(Micros now, Out out) noexcept {
  if (attempts_ == clock_.ports) {
    finish(FetchEnd::kSilent);
    return {};
  }
  ++attempts_;
  ++port_;
  server_port_ = 0;
  sends_ = 0;
  granted_ = {};
  next_ = 1;
  bytes_ = 0;
  in_window_ = 0;
  gap_told_ = false;
  last_block_ = now;
  FetchStep step = request(now, out);
  step.restarted = true;
  return step;
}

// Of the last block in order.
FetchStep Fetch::ack(Micros now, Out out) noexcept {
  Writer writer(out);
  writer.number(static_cast<std::uint16_t>(Opcode::kAck));
  writer.number(static_cast<std::uint16_t>(next_ - 1));
  in_window_ = 0;
  ++counts_.sent;
  if (end_ == FetchEnd::kNone) {
    deadline_ = std::min(now + clock_.ack, std::max(now, last_block_ + clock_.stall));
  }
  return {.length = writer.length(), .to_port = server_port_};
}

FetchStep Fetch::refuse(std::uint16_t to_port, std::uint16_t code, std::string_view text,
                        Out out) noexcept {
  ++counts_.sent;
  return {.length = static_cast<std::uint16_t>(tftp::write_error(out.data(), code, text)),
          .to_port = to_port};
}

FetchStep Fetch::broken(std::uint16_t code, std::string_view text, Out out) noexcept {
  finish(FetchEnd::kBroken);
  return refuse(server_port_, code, text, out);
}

void Fetch::finish(FetchEnd end) noexcept {
  end_ = end;
  deadline_ = kNever;
}

FetchStep Fetch::on_packet(std::uint16_t from_port, std::uint16_t to_port,
                           std::span<const std::byte> packet, Micros now, Out out) noexcept {
  const bool is_known = server_port_ != 0 && from_port == server_port_;
  const bool is_first = server_port_ == 0 && end_ == FetchEnd::kNone;
  if (to_port != port_ || packet.size() < sizeof(Header) || (!is_known && !is_first)) {
    ++counts_.strays;
    // RFC 1350 section 4: a stranger is told, and the transfer goes on.
    const bool is_stranger =
        to_port == port_ && server_port_ != 0 && from_port != server_port_ && !is_error(packet);
    return is_stranger && end_ == FetchEnd::kNone ? refuse(from_port, 5, "Unknown transfer ID", out)
                                                  : FetchStep{};
  }
  Header header;
  std::memcpy(&header, packet.data(), sizeof(header));
  switch (static_cast<Opcode>(header.opcode.host())) {
    case Opcode::kData:
      // Nothing can begin with another block than the first: it is of a transfer of before.
      if (is_first && header.number.host() != 1) {
        ++counts_.strays;
        return {};
      }
      server_port_ = from_port;
      return on_data(header.number.host(), packet.subspan(sizeof(Header)), now, out);
    case Opcode::kOptionAck:
      server_port_ = from_port;
      return on_option_ack(packet.subspan(kOpcode), now, out);
    case Opcode::kError:
      on_error(header.number.host(), packet.subspan(sizeof(Header)));
      return {};
    default:
      ++counts_.strays;
      return {};
  }
}

FetchStep Fetch::on_data(std::uint16_t number, std::span<const std::byte> data, Micros now,
                         Out out) noexcept {
  if (end_ != FetchEnd::kNone) {
    // RFC 1350 section 6: the last ACK was lost.
    ++counts_.doubled;
    return end_ == FetchEnd::kWhole ? ack(now, out) : FetchStep{};
  }
  if (data.size() > granted_.block_size) {
    return broken(4, "A block is longer than was agreed on", out);
  }
  if (number != static_cast<std::uint16_t>(next_)) {
    const auto ahead = static_cast<std::uint16_t>(number - static_cast<std::uint16_t>(next_));
    counts_.doubled += ahead >= 0x8000 ? 1 : 0;
    // RFC 7440: the server is told once which block was the last in order; RFC 1350 without a
    // window: each copy is acknowledged.
    if (gap_told_ && granted_.window > 1) {
      return {};
    }
    gap_told_ = true;
    return ack(now, out);
  }
  const std::uint64_t offset = bytes_;
  bytes_ += data.size();
  ++next_;
  ++in_window_;
  gap_told_ = false;
  last_block_ = now;
  deadline_ = now + clock_.ack;
  const bool is_last = data.size() < granted_.block_size;
  if (is_last) {
    finish(FetchEnd::kWhole);
  }
  FetchStep step = is_last || in_window_ >= granted_.window ? ack(now, out) : FetchStep{};
  step.content = data;
  step.offset = offset;
  return step;
}

FetchStep Fetch::on_option_ack(std::span<const std::byte> body, Micros now, Out out) noexcept {
  if (end_ != FetchEnd::kNone || next_ != 1) {
    ++counts_.strays;
    return {};
  }
  const auto granted = parse_option_ack(body, asked_);
  if (!granted || !asked_.any()) {
    return broken(8, "An option was not asked for like this", out);
  }
  granted_ = *granted;
  last_block_ = now;
  return ack(now, out);
}

void Fetch::on_error(std::uint16_t code, std::span<const std::byte> text) noexcept {
  if (end_ != FetchEnd::kNone) {
    return;
  }
  error_code_ = code;
  const std::size_t length = std::min(text.size(), kErrorText - 1);
  std::memcpy(error_text_.data(), text.data(), length);
  finish(FetchEnd::kError);
}

FetchStep Fetch::on_time(Micros now, Out out) noexcept {
  if (now < deadline_ || end_ != FetchEnd::kNone) {
    return {};
  }
  if (server_port_ == 0) {
    return sends_ < clock_.sends ? request(now, out) : attempt(now, out);
  }
  if (now - last_block_ >= clock_.stall) {
    return attempt(now, out);
  }
  ++counts_.repeated_acks;
  return ack(now, out);
}

}  // namespace dialtone::emu
