// SPDX-License-Identifier: Apache-2.0
#include "bench/emu/registration/dialogue.h"

#include "dataplane/config/address_text.h"

namespace dialtone::emu {
namespace {

std::string sip_address(const IpAddress& address) {
  const std::string text = config::ip_text(address);
  return address.is_v4() ? text : "[" + text + "]";
}

// Register, and when that is acknowledged the question for the load.
class SccpDialogue final : public Dialogue {
 public:
  SccpDialogue(const Registrant& device, const IpAddress& own) : device_(device), own_(own) {}

  std::string begin() override {
    return write_register({.name = device_.name,
                           .address = own_.is_v4() ? own_.v4() : 0,
                           .device_type = device_.model});
  }

  std::string on_bytes(const std::string& bytes) override {
    bytes_ += bytes;
    std::string answer;
    bool is_broken = false;
    while (const auto message = take_sccp(bytes_, is_broken)) {
      answer += on_message(*message);
    }
    state_ = is_broken ? DialogueState::kBroken : state_;
    return answer;
  }

 private:
  std::string on_message(const SccpMessage& message) {
    if (message.type == SccpType::kRegisterAck) {
      is_without_sbd_ = parse_register_ack(message.body) == kSccpBeforeSbd;
      return write_sccp(SccpType::kVersionRequest);
    }
    if (message.type == SccpType::kVersion) {
      load_ = parse_sccp_text(message.body, kSccpVersion);
      state_ = DialogueState::kAccepted;
    } else if (message.type == SccpType::kRegisterReject) {
      reason_ = parse_sccp_text(message.body, kSccpReason);
      state_ = DialogueState::kRejected;
    }
    return {};
  }

  const Registrant& device_;
  IpAddress own_;
  std::string bytes_{};
};

// One line after the other; one that is refused ends it.
class SipDialogue final : public Dialogue {
 public:
  SipDialogue(const Registrant& device, const IpAddress& own, const IpAddress& call_manager)
      : device_(device), own_(sip_address(own)), call_manager_(sip_address(call_manager)) {}

  std::string begin() override { return request(); }

  std::string on_bytes(const std::string& bytes) override {
    bytes_ += bytes;
    std::string answer;
    bool is_broken = false;
    while (const auto message = take_sip(bytes_, is_broken)) {
      answer += on_message(*message);
    }
    state_ = is_broken ? DialogueState::kBroken : state_;
    return answer;
  }

 private:
  std::string request() const {
    return write_sip_register({.line = device_.lines[lines_up_],
                               .device = device_.name,
                               .model = device_.model,
                               .from = own_,
                               .to = call_manager_,
                               .number = static_cast<std::uint32_t>(lines_up_ + 1)});
  }

  std::string on_message(const SipMessage& message) {
    constexpr int kFinal = 200;
    constexpr int kFailure = 300;
    const int status = message.status();
    if (state_ != DialogueState::kOpen || status < kFinal) {
      return {};  // a request, or "100 Trying"
    }
    if (status >= kFailure) {
      reason_ = "line " + device_.lines[lines_up_] + ": " + message.start;
      state_ = DialogueState::kRejected;
      return {};
    }
    is_without_sbd_ = is_without_sbd_ || message.header("Server") == kSipBeforeSbd;
    if (++lines_up_ == device_.lines.size()) {
      state_ = DialogueState::kAccepted;
      return {};
    }
    return request();
  }

  const Registrant& device_;
  std::string own_;
  std::string call_manager_;
  std::string bytes_{};
};

}  // namespace

std::unique_ptr<Dialogue> make_dialogue(const Registrant& device, const IpAddress& own,
                                        const IpAddress& call_manager) {
  if (device.is_sip) {
    return std::make_unique<SipDialogue>(device, own, call_manager);
  }
  return std::make_unique<SccpDialogue>(device, own);
}

}  // namespace dialtone::emu
