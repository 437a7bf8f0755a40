// SPDX-License-Identifier: Apache-2.0
//
// One device from power-on: its address, its TFTP servers, its files, a new load with the reset
// after it, and its call manager. Takes frames and time as values. One thread.
#pragma once

#include "bench/emu/device/boot.h"
#include "bench/emu/device/call_managers.h"
#include "bench/emu/device/configuration.h"
#include "bench/emu/device/timeline.h"
#include "bench/emu/dhcp/client.h"
#include "bench/emu/dhcp6/client.h"
#include "bench/emu/discovery/discovery.h"
#include "bench/emu/dns/client.h"
#include "bench/emu/registration/registration.h"

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
  HostConfig host{};                           // without an address: it asks a DHCP server
  Precedence precedence = Precedence::kPhone;  // kIpv6: one of DHCPv6
  std::optional<DhcpReply> lease{};            // what DHCP said; then nobody is asked
  bool is_dual = false;  // of both families: IPv6 when IPv4 leads to no TFTP server
  Offer offer{};         // instead of what DHCP says, item by item
  Memory memory{};
  // What its first TFTP server says instead of what it would, from the first request to it on.
  std::optional<PlayedError> first_server{};
  Micros first_server_lasts = 0;
  std::vector<BootFile> order{};
  Resolve resolve{};              // names that need no DNS server
  std::vector<IpAddress> dns{};   // servers that are set on it; else DHCP's
  std::uint32_t transaction = 1;  // of DHCP
  // Its load; none: whichever the configuration names, so that it changes nothing.
  std::optional<std::string> firmware{};
  std::uint32_t number = 0;       // of its model; for its call manager
  std::string registered_name{};  // likewise; empty: it registers nowhere
  bool is_sip = false;
  bool is_nonsecure = false;           // it asks for plain names, whatever trust list it gets
  int reboots = 0;                     // how often it begins anew when no server answers
  std::optional<std::size_t> lines{};  // of SIP: at most so many of its configuration's
  CallManagerSetting call_managers{};
  Micros reset = 30'000'000;  // from the last part of a load to the first request (cisco-tftp 9.2)
};

enum class DeviceState : std::uint8_t {
  kAddress,  // it waits for one
  kBooting,
  kUpgrading,    // it fetches a load, or resets to start it
  kRegistering,  // with a call manager
  kConfigured,
  kDefault,
  kUnconfigured,
  kUnreadable,  // it has a configuration that it cannot read
  kNoServer,    // it knows none, or none answers
  kRegistered,
  kAutoRegistered,  // with the default for devices that are not known
  kRejected,        // no call manager wants it
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
  bool is_over() const noexcept { return state() > DeviceState::kRegistering; }
  Host& host() noexcept { return host_; }  // whose outbox is to be sent
  const Host& host() const noexcept { return host_; }
  const Timeline& timeline() const noexcept { return timeline_; }
  Timeline& timeline() noexcept { return timeline_; }
  const Servers& servers() const noexcept { return servers_; }
  // Null: it has an address of its own.
  const DhcpClient* dhcp() const noexcept { return dhcp_ ? &*dhcp_ : nullptr; }
  // The same over IPv6.
  const Dhcp6Client* dhcp6() const noexcept { return dhcp6_ ? &*dhcp6_ : nullptr; }
  // What DHCP said, to it or to its plan; null: nothing yet, or it is one of IPv6.
  const DhcpReply* lease() const noexcept;
  // Of the family that it uses.
  Precedence precedence() const noexcept { return precedence_; }
  // All that it has fetched, whatever came of it.
  std::vector<BootedFile> files() const;
  // The file that is being fetched; null: none is.
  const BootFile* current() const noexcept { return boot_ ? boot_->current() : nullptr; }
  // As it read it last; null: it has none.
  const Configuration* configuration() const noexcept {
    return configuration_ ? &*configuration_ : nullptr;
  }
  const std::string& firmware() const noexcept { return firmware_; }  // empty: not known
  int loads_fetched() const noexcept { return loads_fetched_; }
  int resets() const noexcept { return resets_; }
  int reboots() const noexcept { return reboots_; }  // because no server answered
  // How often it began anew because it has an ITL and its call manager no security by default.
  int sbd_loops() const noexcept { return sbd_loops_; }
  // Null: it has not tried.
  const Registration* registration() const noexcept {
    return registration_ ? &*registration_ : nullptr;
  }
  // Null: it knows no DNS server.
  const DnsClient* dns() const noexcept { return dns_ ? &*dns_ : nullptr; }
  // Whom it tried first: "cm-a", "tftp-server"; empty: nobody.
  const std::string& first_call_manager() const noexcept { return first_call_manager_; }
  // Who says which load it should have: "file", "cm"; empty: nobody.
  std::string_view load_source() const noexcept;

 private:
  enum class Phase : std::uint8_t {
    kAddress,
    kNames,  // before the files, or before the registration
    kFiles,
    kLoadList,
    kLoadParts,
    kReset,
    kRegistration,
    kOver,
  };

  void begin_address(Micros now);
  void begin_discovery(Offer heard, const std::vector<IpAddress>& heard_dns, Micros now);
  bool use_ipv6(Micros now);
  void on_address_datagram(const Datagram& datagram, Micros now);
  void on_address_time(Micros now);
  void discover(Micros now);
  std::vector<IpAddress> resolve(const std::string& name, Micros now);
  bool waits_for_names(Phase before);
  void go_on_with_names(Micros now);
  void begin(Phase phase, std::vector<BootFile> order, Micros now);
  void play_first_server(DownloadConfig& download, Micros now);
  void move_on(Micros now);
  void end_files(Micros now);
  bool read_configuration(Micros now);
  bool fetch_other_load(Micros now);
  void read_load_list(Micros now);
  void finish_load(Micros now);
  void register_with_call_manager(Micros now);
  void end_registration(Micros now);

  const DevicePlan& plan_;
  Host host_;
  Timeline timeline_;
  std::optional<DhcpClient> dhcp_{};
  std::optional<Dhcp6Client> dhcp6_{};
  Precedence precedence_;
  Offer heard_{};  // from a DHCP server
  std::optional<DnsClient> dns_{};
  Phase names_are_for_ = Phase::kFiles;  // kNames
  Servers servers_{};
  std::optional<Boot> boot_{};  // of the present phase; of the last one when it is over
  std::optional<Configuration> configuration_{};
  std::vector<BootedFile> earlier_{};  // of the phases before
  BootState booted_ = BootState::kBooting;
  Phase phase_ = Phase::kAddress;
  bool is_unreadable_ = false;
  bool has_itl_ = false;  // of this boot
  std::optional<Registration> registration_{};
  std::string first_call_manager_{};
  std::string firmware_{};
  std::string wanted_load_{};
  std::optional<Micros> played_until_{};  // what its first server says
  int loads_fetched_ = 0;
  int resets_ = 0;
  int reboots_ = 0;
  int sbd_loops_ = 0;
  Micros wakes_ = 0;  // kReset
};

}  // namespace dialtone::emu
