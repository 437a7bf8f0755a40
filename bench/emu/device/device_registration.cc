// SPDX-License-Identifier: Apache-2.0
//
// What a device does when it has its files: its call manager, and the load that this may tell it.
#include "bench/emu/device/device.h"

#include <algorithm>

namespace dialtone::emu {
namespace {

constexpr std::uint16_t kFirstTcpPort = 49152;

// Phones that are not known have no line in their file; they register as what they are.
std::vector<std::string> lines_of(const DevicePlan& plan, const Configuration* configuration) {
  std::vector<std::string> lines =
      configuration == nullptr ? std::vector<std::string>() : configuration->lines;
  if (lines.empty()) {
    lines.push_back(plan.registered_name);
  }
  if (plan.lines) {
    lines.resize(std::min(lines.size(), std::max<std::size_t>(*plan.lines, 1)));
  }
  return lines;
}

}  // namespace

std::string_view Device::load_source() const noexcept {
  if (registration_ && !registration_->load().empty() && !configuration_) {
    return "cm";
  }
  return configuration_ && !configuration_->load.empty() ? "file" : "";
}

void Device::register_with_call_manager(Micros now) {
  const bool has_files = booted_ != BootState::kNoServer && !boot_->files().empty();
  // A gateway with a configuration speaks MGCP, which is not played.
  const bool is_gateway = plan_.kind == BootKind::kGateway;
  const bool may_try =
      is_gateway ? booted_ == BootState::kUnconfigured : booted_ != BootState::kUnconfigured;
  if (plan_.registered_name.empty() || !has_files || !may_try) {
    return;
  }
  const Configuration* configuration = this->configuration();
  const bool is_sip = plan_.is_sip || (configuration != nullptr && configuration->is_sip);
  const IpAddress& tftp_server = servers_.addresses[boot_->files().back().got.server];
  CallManagerChoice choice =
      choose_call_managers(plan_.call_managers, configuration, is_sip, tftp_server,
                           [&](const std::string& name) { return resolve(name, now); });
  if (waits_for_names(Phase::kRegistration)) {
    return;
  }
  for (const std::string& name : choice.unresolved) {
    timeline_.note(now, "call manager " + name + ": its address is not known");
  }
  first_call_manager_ = choice.first;
  phase_ = Phase::kRegistration;
  registration_.emplace(host_,
                        Registrant{.name = plan_.registered_name,
                                   .model = plan_.number,
                                   .is_sip = is_sip,
                                   .lines = lines_of(plan_, configuration),
                                   .has_itl = has_itl_},
                        std::move(choice.call_managers),
                        static_cast<std::uint16_t>(kFirstTcpPort + (resets_ + sbd_loops_) * 8),
                        plan_.transaction, now,
                        [this](Micros at, const std::string& what) { timeline_.note(at, what); });
  end_registration(now);
}

void Device::end_registration(Micros now) {
  if (phase_ != Phase::kRegistration || registration_->state() == RegistrationState::kTrying) {
    return;
  }
  phase_ = Phase::kOver;
  if (registration_->state() == RegistrationState::kLost) {
    // Nothing changes from one time to the next, so it has no end (features 79).
    ++sbd_loops_;
    phase_ = Phase::kReset;
    wakes_ = now + plan_.reset;
    timeline_.note(now, "it begins anew");
    return;
  }
  if (registration_->state() != RegistrationState::kRegistered) {
    return;
  }
  const std::size_t lines = registration_->lines_up();
  timeline_.note(now, std::string(device_state_name(state())) + " with " +
                          registration_->with()->name +
                          (lines == 0 ? "" : ", " + std::to_string(lines) + " lines"));
  const std::string& load = registration_->load();
  if (load.empty() || configuration_) {
    return;
  }
  if (!can_be_asked_for(load + ".bin")) {
    timeline_.note(now, "the name of the load is no file name");
    return;
  }
  if (!plan_.firmware) {
    firmware_ = load;
  }
  if (load != firmware_) {
    timeline_.note(now, "load " + load + " instead of " + firmware_ + ", by its call manager");
    wanted_load_ = load;
    begin(Phase::kLoadParts, {{load + ".bin", FileRole::kLoad}}, now);
  }
}

}  // namespace dialtone::emu
