// SPDX-License-Identifier: Apache-2.0
#include "bench/emu/registration/call_manager.h"

#include <algorithm>
#include <array>

namespace dialtone::emu {
namespace {

constexpr std::uint32_t kKeepAliveSeconds = 30;

// Access gateways, cards of a Catalyst 6000, VGC and MGCP (cisco-tftp 2.2): they have no default
// file and never register by themselves (features 71).
bool is_gateway(std::uint32_t model) {
  constexpr std::array<std::uint32_t, 9> kGateways{30, 40, 42, 43, 47, 48, 62, 120, 121};
  return std::find(kGateways.begin(), kGateways.end(), model) != kGateways.end();
}

}  // namespace

PlayedCallManager::Verdict PlayedCallManager::decide(const std::string& device, std::uint32_t model,
                                                     const std::optional<std::string>& line) {
  Registered event{
      .device = device, .line = line.value_or(""), .model = model, .is_sip = line.has_value()};
  const bool is_known = !config_.devices || config_.devices->contains(device);
  std::string why;
  if (config_.refuses) {
    why = "Error: refused";
  } else if (!is_known && is_gateway(model)) {
    why = "Error: unknown gateway";
  } else if (!is_known && !config_.auto_register) {
    why = "Error: DB Config";  // what a phone of an unknown name reads on its screen
  }
  if (!why.empty()) {
    event.verdict = "rejected";
    event.reason = why;
    tell_(event);
    return {false, why};
  }
  if (!is_known) {
    config_.devices->insert(device);
  }
  event.verdict = is_known ? "registered" : "auto-registered";
  tell_(event);
  return {true, ""};
}

void PlayedCallManager::unregister(const std::string& device) {
  tell_({.device = device, .verdict = "unregistered"});
}

std::string CallManagerSession::on_bytes(std::string_view bytes) {
  constexpr std::size_t kTold = 8;  // SCCP has small numbers in the second word, SIP has letters
  bytes_ += bytes;
  if (!is_sip_ && bytes_.size() >= kTold) {
    is_sip_ = bytes_[4] >= 'A';
  }
  std::string answer;
  if (is_sip_.value_or(false)) {
    while (const auto message = take_sip(bytes_, is_broken_)) {
      answer += on_sip(*message);
    }
  } else if (is_sip_) {
    while (const auto message = take_sccp(bytes_, is_broken_)) {
      answer += on_sccp(*message);
    }
  }
  return answer;
}

std::string CallManagerSession::on_sccp(const SccpMessage& message) {
  if (message.type == SccpType::kKeepAlive) {
    return write_sccp(SccpType::kKeepAliveAck);
  }
  if (message.type == SccpType::kVersionRequest) {
    return write_sccp(SccpType::kVersion, sccp_text(manager_.load(), kSccpVersion));
  }
  if (message.type == SccpType::kUnregister && !device_.empty()) {
    manager_.unregister(device_);
    return write_sccp(SccpType::kUnregisterAck, std::string(4, '\0'));
  }
  if (message.type != SccpType::kRegister) {
    return {};
  }
  const auto device = parse_register(message.body);
  if (!device) {
    is_broken_ = true;
    return {};
  }
  const PlayedCallManager::Verdict verdict =
      manager_.decide(device->name, device->device_type, std::nullopt);
  if (!verdict.is_taken) {
    return write_sccp(SccpType::kRegisterReject, sccp_text(verdict.text, kSccpReason));
  }
  device_ = device->name;
  return write_register_ack(
      kKeepAliveSeconds, manager_.is_without_sbd() ? std::optional(kSccpBeforeSbd) : std::nullopt);
}

std::string CallManagerSession::on_sip(const SipMessage& message) {
  if (!message.start.starts_with("REGISTER ")) {
    return write_sip_response(message, "501 Not Implemented");
  }
  const PlayedCallManager::Verdict verdict = manager_.decide(
      sip_device_of(message), sip_model_of(message), sip_user_of(message.header("To")));
  return write_sip_response(message, verdict.is_taken ? "200 OK" : "403 Forbidden",
                            manager_.is_without_sbd() ? kSipBeforeSbd : std::string_view());
}

}  // namespace dialtone::emu
