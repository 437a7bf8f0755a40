// SPDX-License-Identifier: Apache-2.0
//
// One file from the servers that a device knows: asked one after the other, with the device's
// reaction to each answer. Sends through the device's Host. One thread.
#pragma once

#include "bench/emu/host/host.h"
#include "bench/emu/tftp/fetch.h"
#include "dataplane/base/ip_address.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace dialtone::emu {

// An answer that is played at the device's own end: the request is not sent.
struct PlayedError {
  std::uint16_t code = 0;
  std::string text{};
};

struct DownloadConfig {
  AskedFor asked{};
  FetchClock clock{};
  // "Come back later": nobody says when. A phone's request clock is the least that is known.
  Micros come_back = 4'000'000;
  std::uint8_t come_backs = 15;  // as long as a request that nobody answers
  // What the first of the servers says instead of what it would, until then.
  std::optional<PlayedError> first_server{};
  Micros first_server_until = 0;
};

enum class DownloadEnd : std::uint8_t {
  kNone,
  kWhole,
  kNotFound,
  kRefused,  // another ERROR; or told to come back too often
  kSilent,   // no server answers
  kBroken,   // a server broke the protocol
};
// "whole", "not found": as in a timeline.
std::string_view download_end_name(DownloadEnd end) noexcept;

// How a file was fetched. Times are of the caller's clock.
struct Downloaded {
  std::string name;
  DownloadEnd end = DownloadEnd::kNone;
  std::size_t server = 0;  // that answered last, of those given; from 0
  std::uint16_t error_code = 0;
  std::string error_text{};
  std::vector<std::byte> content{};  // kWhole
  Micros began = 0;
  Micros ended = 0;
  std::uint32_t come_backs = 0;
  std::uint32_t attempts = 0;  // fetches from one server
  FetchCounts counts{};        // of all attempts
};

class Download {
 public:
  // `host` and `servers` outlive this; there is at least one of them. Each attempt takes as many
  // ports from `port` on as it needs; port() is the first that none has used.
  Download(Host& host, std::span<const IpAddress> servers, std::size_t first_server,
           std::string name, const DownloadConfig& config, std::uint16_t port, Micros now);

  void on_datagram(const Datagram& datagram, Micros now);
  void on_time(Micros now);
  Micros deadline() const noexcept;

  // Of the transfer that it has, or had.
  bool is_of(const Datagram& datagram) const noexcept;
  bool is_done() const noexcept { return result_.end != DownloadEnd::kNone; }
  const Downloaded& result() const noexcept { return result_; }
  std::uint16_t next_port() const noexcept;

 private:
  void begin(Micros now);
  void play(const PlayedError& error, Micros now);
  void send(const FetchStep& step, Micros now);
  void on_end(Micros now);
  void on_error(Micros now);
  void use_next_server(Micros now, DownloadEnd without);
  void finish(DownloadEnd end, Micros now);
  const IpAddress& server() const noexcept { return servers_[result_.server]; }

  Host& host_;
  std::span<const IpAddress> servers_;
  DownloadConfig config_;
  Downloaded result_;
  std::size_t tried_ = 1;  // servers
  std::uint16_t port_;
  std::optional<Fetch> fetch_{};         // none: waits
  std::optional<Micros> begin_again_{};  // told to come back
  std::array<std::byte, Fetch::kRoom> out_{};
};

}  // namespace dialtone::emu
