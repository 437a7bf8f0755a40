// SPDX-License-Identifier: Apache-2.0
#include "bench/emu/device/device.h"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

namespace dialtone::emu {
namespace {

constexpr std::uint16_t kWirelessPort = 1024;  // of every request of a 792x (cisco-tftp 9.2)
constexpr Micros kReboot = 51'000'000;         // and DHCP again (cisco-tftp 9.3)
constexpr std::size_t kMaxParts = 256;         // of a load; ten are known (cisco-tftp 8.4)

// In a form that no public document tells; whole is all that can be said of it.
bool is_opaque(BootKind kind) {
  return kind == BootKind::kPhoneCnf || kind == BootKind::kPhone7905 ||
         kind == BootKind::kPhone7912;
}

}  // namespace

std::string_view device_state_name(DeviceState state) noexcept {
  constexpr std::array<std::string_view, 12> kNames{
      "no-address",   "booting",    "upgrading", "registering", "configured",      "default",
      "unconfigured", "unreadable", "no-server", "registered",  "auto-registered", "rejected"};
  return kNames[static_cast<std::size_t>(state)];
}

Device::Device(const DevicePlan& plan, Micros now)
    : plan_(plan),
      host_(plan.host),
      timeline_(now),
      precedence_(plan.precedence),
      firmware_(plan.firmware.value_or("")) {
  begin_address(now);
}

DeviceState Device::state() const noexcept {
  switch (phase_) {
    case Phase::kAddress:
      return DeviceState::kAddress;
    case Phase::kNames:
      return names_are_for_ == Phase::kRegistration ? DeviceState::kRegistering
                                                    : DeviceState::kBooting;
    case Phase::kFiles:
      return DeviceState::kBooting;
    case Phase::kReset:
      return booted_ == BootState::kNoServer || registration_ ? DeviceState::kBooting
                                                              : DeviceState::kUpgrading;
    case Phase::kLoadList:
    case Phase::kLoadParts:
      return DeviceState::kUpgrading;
    case Phase::kRegistration:
      return DeviceState::kRegistering;
    case Phase::kOver:
      break;
  }
  if (registration_ && registration_->state() == RegistrationState::kRegistered) {
    return booted_ == BootState::kDefault ? DeviceState::kAutoRegistered : DeviceState::kRegistered;
  }
  if (registration_ && registration_->state() == RegistrationState::kRejected) {
    return DeviceState::kRejected;
  }
  if (is_unreadable_) {
    return DeviceState::kUnreadable;
  }
  switch (booted_) {
    case BootState::kConfigured:
      return DeviceState::kConfigured;
    case BootState::kDefault:
      return DeviceState::kDefault;
    case BootState::kUnconfigured:
      return DeviceState::kUnconfigured;
    case BootState::kBooting:
    case BootState::kNoServer:
      break;
  }
  return DeviceState::kNoServer;
}

std::vector<BootedFile> Device::files() const {
  std::vector<BootedFile> all = earlier_;
  if (boot_) {
    all.insert(all.end(), boot_->files().begin(), boot_->files().end());
  }
  return all;
}

// After a reset ports begin anew (cisco-tftp 9.3); within a boot they count on.
void Device::begin(Phase phase, std::vector<BootFile> order, Micros now) {
  BootConfig config{.order = std::move(order), .servers = servers_.addresses};
  config.wants_signatures = !plan_.is_nonsecure;
  if (plan_.kind == BootKind::kPhoneWireless) {
    config.first_port = kWirelessPort;
    config.keeps_port = true;
  }
  config.download.asked.stray_nul = plan_.kind == BootKind::kPhoneBefore2004;
  play_first_server(config.download, now);
  if (boot_) {
    earlier_.insert(earlier_.end(), boot_->files().begin(), boot_->files().end());
    config.first_port =
        phase == Phase::kFiles || config.keeps_port ? config.first_port : boot_->next_port();
  }
  phase_ = phase;
  boot_.emplace(host_, timeline_, std::move(config), now);
}

void Device::play_first_server(DownloadConfig& download, Micros now) {
  if (!plan_.first_server) {
    return;
  }
  if (!played_until_) {
    played_until_ = now + plan_.first_server_lasts;
    timeline_.note(
        now, "played from now on: the first server says \"" + plan_.first_server->text + "\"");
  }
  download.first_server = plan_.first_server;
  download.first_server_until = *played_until_;
}

void Device::move_on(Micros now) {
  if (!boot_ || boot_->state() == BootState::kBooting) {
    return;
  }
  switch (phase_) {
    case Phase::kFiles:
      end_files(now);
      break;
    case Phase::kLoadList:
      read_load_list(now);
      break;
    case Phase::kLoadParts:
      finish_load(now);
      break;
    case Phase::kAddress:
    case Phase::kNames:
    case Phase::kReset:
    case Phase::kRegistration:
    case Phase::kOver:
      break;
  }
}

void Device::end_files(Micros now) {
  booted_ = boot_->state();
  phase_ = Phase::kOver;
  if (booted_ == BootState::kNoServer && reboots_ < plan_.reboots) {
    ++reboots_;
    phase_ = Phase::kReset;
    wakes_ = now + kReboot;
    timeline_.note(now, "reboot");
    return;
  }
  has_itl_ = !plan_.is_nonsecure && boot_->has_itl();
  is_unreadable_ = !read_configuration(now);
  if (is_unreadable_) {
    return;
  }
  timeline_.note(now, std::string(boot_state_name(booted_)));
  if (!fetch_other_load(now)) {
    register_with_call_manager(now);
  }
}

// False: it has one, and cannot read it.
bool Device::read_configuration(Micros now) {
  configuration_.reset();
  const Downloaded* file = boot_->found(FileRole::kConfig);
  file = file != nullptr ? file : boot_->found(FileRole::kDefault);
  if (file == nullptr || (is_opaque(plan_.kind) && !file->content.empty())) {
    return true;
  }
  configuration_ = parse_configuration(file->content);
  if (!configuration_) {
    timeline_.note(now, file->name + " cannot be read");
  }
  return configuration_.has_value();
}

bool Device::fetch_other_load(Micros now) {
  const std::string load = configuration_ ? configuration_->load : "";
  if (!can_be_asked_for(load + ".loads")) {
    timeline_.note(now, "the name of the load is no file name");
    return false;
  }
  if (!plan_.firmware) {
    firmware_ = load;
  }
  if (load.empty() || load == firmware_) {
    return false;
  }
  timeline_.note(now, "load " + load + " instead of " + firmware_);
  wanted_load_ = load;
  begin(Phase::kLoadList, {{load + ".loads", FileRole::kLoad}}, now);
  return true;
}

void Device::read_load_list(Micros now) {
  phase_ = Phase::kOver;
  const Downloaded* list = boot_->found(FileRole::kLoad);
  std::vector<BootFile> parts;
  for (std::string& name :
       parse_load_list(list == nullptr ? std::span<const std::byte>() : std::span(list->content))) {
    parts.push_back({std::move(name), FileRole::kLoad});
  }
  const bool is_readable = parts.size() <= kMaxParts &&
                           std::all_of(parts.begin(), parts.end(), [](const BootFile& part) {
                             return can_be_asked_for(part.name);
                           });
  if (!is_readable) {
    timeline_.note(now, "the load's list cannot be read; it goes on with " + firmware_);
    register_with_call_manager(now);
    return;
  }
  if (parts.empty()) {
    timeline_.note(now, "the load is not there; it goes on with " + firmware_);
    register_with_call_manager(now);
    return;
  }
  begin(Phase::kLoadParts, std::move(parts), now);
}

void Device::finish_load(Micros now) {
  const bool is_whole =
      std::all_of(boot_->files().begin(), boot_->files().end(),
                  [](const BootedFile& file) { return file.got.end == DownloadEnd::kWhole; });
  if (!is_whole) {
    phase_ = Phase::kOver;
    timeline_.note(now, "the load is not whole; it goes on with " + firmware_);
    if (!registration_) {
      register_with_call_manager(now);
    }
    return;
  }
  ++loads_fetched_;
  ++resets_;
  firmware_ = wanted_load_;
  registration_.reset();
  phase_ = Phase::kReset;
  wakes_ = now + plan_.reset;
  timeline_.note(now, "reset, to start " + firmware_);
}

void Device::on_frame(std::span<const std::byte> frame, Micros now) {
  const Arrival arrival = host_.on_frame(frame);
  if (arrival.segment && registration_) {
    registration_->on_segment(*arrival.segment, now);
    end_registration(now);
  }
  const auto& datagram = arrival.datagram;
  if (!datagram) {
    return;
  }
  if (dns_ && dns_->on_datagram(*datagram, now)) {
    go_on_with_names(now);
  } else if (boot_) {
    boot_->on_datagram(*datagram, now);
    move_on(now);
  } else if (phase_ == Phase::kAddress) {
    on_address_datagram(*datagram, now);
  }
}

void Device::on_time(Micros now) {
  host_.on_time(now);
  if (phase_ == Phase::kAddress) {
    on_address_time(now);
  } else if (phase_ == Phase::kNames) {
    dns_->on_time(now);
    go_on_with_names(now);
  } else if (phase_ == Phase::kReset) {
    if (now >= wakes_) {
      begin(Phase::kFiles, plan_.order, now);
    }
  } else if (phase_ == Phase::kRegistration) {
    registration_->on_time(now);
    end_registration(now);
  } else if (boot_) {
    boot_->on_time(now);
    move_on(now);
  }
}

Micros Device::deadline() const noexcept {
  Micros own = std::numeric_limits<Micros>::max();
  if (phase_ == Phase::kAddress) {
    own = dhcp6_ ? dhcp6_->deadline() : dhcp_->deadline();
  } else if (phase_ == Phase::kNames) {
    own = dns_->deadline();
  } else if (phase_ == Phase::kReset) {
    own = wakes_;
  } else if (phase_ == Phase::kRegistration) {
    own = registration_->deadline();
  } else if (boot_) {
    own = boot_->deadline();
  }
  return std::min(own, host_.deadline());
}

}  // namespace dialtone::emu
