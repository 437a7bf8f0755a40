// SPDX-License-Identifier: Apache-2.0
//
// One device from power-on: its address, its TFTP servers, its files. Takes datagrams and time as
// values. One thread.
#pragma once

#include "bench/emu/device/boot.h"
#include "bench/emu/device/timeline.h"
#include "bench/emu/dhcp/client.h"
#include "bench/emu/discovery/discovery.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace dialtone::emu {

// The device before it is switched on.
struct DevicePlan {
  std::string name{};
  std::string model{};  // empty: a gateway
  BootKind kind = BootKind::kPhone;
  HostConfig host{};  // without an address: it asks a DHCP server
  Precedence precedence = Precedence::kPhone;
  Offer offer{};  // instead of what DHCP says, item by item
  Memory memory{};
  std::vector<BootFile> order{};
  Resolve resolve{};
  std::uint32_t transaction = 1;  // of DHCP
};

enum class DeviceState : std::uint8_t {
  kAddress,  // it waits for one
  kBooting,
  kConfigured,
  kDefault,
  kUnconfigured,
  kNoServer,  // it knows none, or none answers
};
std::string_view device_state_name(DeviceState state) noexcept;

class Device {
 public:
  // `plan` outlives this.
  Device(const DevicePlan& plan, Micros now);
  Device(const Device&) = delete;
  Device& operator=(const Device&) = delete;

  void on_frame(std::span<const std::byte> frame, Micros now);
  void on_time(Micros now);
  Micros deadline() const noexcept;

  DeviceState state() const noexcept;
  bool is_over() const noexcept { return state() > DeviceState::kBooting; }
  Host& host() noexcept { return host_; }  // whose outbox is to be sent
  const Host& host() const noexcept { return host_; }
  const Timeline& timeline() const noexcept { return timeline_; }
  Timeline& timeline() noexcept { return timeline_; }
  const Servers& servers() const noexcept { return servers_; }
  // Null: it has an address of its own.
  const DhcpClient* dhcp() const noexcept { return dhcp_ ? &*dhcp_ : nullptr; }
  // Null: it has not come so far.
  const Boot* boot() const noexcept { return boot_ ? &*boot_ : nullptr; }

 private:
  void discover(Micros now);

  const DevicePlan& plan_;
  Host host_;
  Timeline timeline_;
  std::optional<DhcpClient> dhcp_{};
  Servers servers_{};
  std::optional<Boot> boot_{};
  bool has_looked_ = false;  // for its servers
};

}  // namespace dialtone::emu
