// SPDX-License-Identifier: Apache-2.0
//
// A client that begins a transfer and does not end it: what a server has open then is what it
// counts against its limit (maximum serving count). It acknowledges the options it asked for, so
// that it is no stranger to the server, and no block. Packets and time are values; one thread.
#pragma once

#include "bench/emu/host/host.h"
#include "bench/emu/tftp/fetch.h"

#include <string>

namespace dialtone::emu {

enum class HoldState : std::uint8_t {
  kAsking,
  kData,  // the server has sent the first block
  kBusy,  // it says that it is full, or to come later
  kNotFound,
  kError,   // another one
  kSilent,  // nothing for 4 s, five times
};
std::string_view hold_state_name(HoldState state) noexcept;

class HeldClient {
 public:
  // `name` stays where it is.
  HeldClient(const HostConfig& place, const IpAddress& server, std::string_view name);

  void begin(Micros now);
  // Of the link; others' frames are passed over.
  void on_frame(std::span<const std::byte> frame, Micros now);
  void on_time(Micros now);
  // Ends what the server has open, with an ERROR.
  void let_go(Micros now);

  Host& host() noexcept { return host_; }
  HoldState state() const noexcept { return state_; }
  std::string_view error_text() const noexcept { return fetch_.error_text(); }

 private:
  void send(const FetchStep& step, std::span<const std::byte> out, Micros now);
  void note(const FetchStep& step);

  Host host_;
  IpAddress server_;
  Fetch fetch_;
  HoldState state_ = HoldState::kAsking;
};

}  // namespace dialtone::emu
