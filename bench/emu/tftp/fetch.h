// SPDX-License-Identifier: Apache-2.0
//
// One file by TFTP as a phone's firmware fetches it: RFC 1350 with the dallying of its section 6,
// 2347 to 2349 and 7440 where they are asked for, and the clock that was measured on real phones
// (cisco-tftp 9.3). Takes packets and time as values, allocates nothing; one thread.
#pragma once

#include "bench/emu/tftp/option_ack.h"
#include "dataplane/base/tsc_clock.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace dialtone::emu {

struct FetchClock {
  Micros request = 4'000'000;  // from one copy of a request to the next
  Micros ack = 4'000'000;      // of an ACK
  Micros stall = 13'000'000;   // without a new block; then a new attempt is made
  std::uint8_t sends = 5;      // of a request from one port
  std::uint8_t ports = 3;      // for a file, one after the other: attempts
};

enum class FetchEnd : std::uint8_t {
  kNone,
  kWhole,
  kError,   // the server said why
  kSilent,  // the server did not answer, or not any more
  kBroken,  // the server broke the protocol
};

// What to do about a packet or about time.
struct FetchStep {
  std::uint16_t length = 0;  // of what was written to `out`; 0: nothing is to be sent
  std::uint16_t to_port = 0;
  bool restarted = false;                // what came before is void: a new attempt
  std::span<const std::byte> content{};  // of the file, at `offset`; lies in the packet
  std::uint64_t offset = 0;
};

struct FetchCounts {
  std::uint32_t sent = 0;           // packets
  std::uint32_t requests = 0;       // copies among them
  std::uint32_t repeated_acks = 0;  // because nothing came
  std::uint32_t doubled = 0;        // DATA that was there already
  std::uint32_t strays = 0;         // packets that belong to nothing
};

class Fetch {
 public:
  static constexpr std::uint16_t kServerPort = 69;
  static constexpr std::size_t kRoom = 516;  // of `out` below
  static constexpr std::size_t kErrorText = 64;
  static constexpr std::size_t kMaxName = 255;  // of a file, so that a request has room for it

  // `name` must stay where it is, and has at most kMaxName bytes. `port` is that of the first
  // attempt; the next ones count on.
  Fetch(std::string_view name, const AskedFor& asked, const FetchClock& clock,
        std::uint16_t port) noexcept;

  // The first request. Only once.
  FetchStep begin(Micros now, std::span<std::byte, kRoom> out) noexcept;
  // A UDP payload from `from_port` of the server to `to_port` of ours.
  FetchStep on_packet(std::uint16_t from_port, std::uint16_t to_port,
                      std::span<const std::byte> packet, Micros now,
                      std::span<std::byte, kRoom> out) noexcept;
  // Not before deadline(): that of nothing that is due.
  FetchStep on_time(Micros now, std::span<std::byte, kRoom> out) noexcept;

  Micros deadline() const noexcept { return deadline_; }
  std::uint16_t port() const noexcept { return port_; }
  FetchEnd end() const noexcept { return end_; }
  bool has_answer() const noexcept { return server_port_ != 0; }  // DATA or OACK, to this attempt
  std::uint16_t server_port() const noexcept { return server_port_; }
  std::uint16_t last_block() const noexcept { return static_cast<std::uint16_t>(next_ - 1); }
  std::uint64_t bytes() const noexcept { return bytes_; }  // of the present attempt
  const Granted& granted() const noexcept { return granted_; }
  const FetchCounts& counts() const noexcept { return counts_; }
  // Of kError.
  std::uint16_t error_code() const noexcept { return error_code_; }
  std::string_view error_text() const noexcept { return error_text_.data(); }

 private:
  using Out = std::span<std::byte, kRoom>;

  FetchStep request(Micros now, Out out) noexcept;
  FetchStep attempt(Micros now, Out out) noexcept;
  FetchStep ack(Micros now, Out out) noexcept;
  FetchStep refuse(std::uint16_t to_port, std::uint16_t code, std::string_view text,
                   Out out) noexcept;
  FetchStep broken(std::uint16_t code, std::string_view text, Out out) noexcept;
  FetchStep on_data(std::uint16_t number, std::span<const std::byte> data, Micros now,
                    Out out) noexcept;
  FetchStep on_option_ack(std::span<const std::byte> body, Micros now, Out out) noexcept;
  void on_error(std::uint16_t code, std::span<const std::byte> text) noexcept;
  void finish(FetchEnd end) noexcept;

  std::string_view name_;
  AskedFor asked_;
  FetchClock clock_;
  Granted granted_;
  std::uint16_t port_;
  std::uint16_t server_port_ = 0;  // 0: it has not answered
  std::uint8_t sends_ = 0;         // of the request, from this port
  std::uint8_t attempts_ = 1;
  bool gap_told_ = false;  // the server knows which block was the last in order
  FetchEnd end_ = FetchEnd::kNone;
  std::uint16_t in_window_ = 0;  // blocks since the last ACK
  std::uint16_t error_code_ = 0;
  std::uint64_t next_ = 1;  // block, counted on past 65535
  std::uint64_t bytes_ = 0;
  Micros deadline_ = 0;
  Micros last_block_ = 0;
  FetchCounts counts_;
  std::array<char, kErrorText> error_text_{};
};

// Of a name that a server or a call manager has sent.
constexpr bool can_be_asked_for(std::string_view name) noexcept {
  return name.size() <= Fetch::kMaxName && name.find('\0') == std::string_view::npos;
}

}  // namespace dialtone::emu
