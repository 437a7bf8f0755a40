// SPDX-License-Identifier: Apache-2.0
#include "bench/emu/registration/registration.h"

#include "dataplane/config/address_text.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace dialtone::emu {
namespace {

// From the SYN to the last answer; no public document says how long a phone waits.
constexpr Micros kPatience = 15'000'000;

std::string end_text(TcpEnd end) {
  switch (end) {
    case TcpEnd::kNone:
    case TcpEnd::kSilent:
      break;
    case TcpEnd::kRefused:
      return "refuses the connection";
    case TcpEnd::kReset:
    case TcpEnd::kFinished:
      return "has closed the connection";
  }
  return "does not answer";
}

std::string text_of(const CallManagerAt& manager) {
  const std::string address = config::ip_text(manager.address);
  return manager.name.empty() || manager.name == address ? address
                                                         : manager.name + " (" + address + ")";
}

}  // namespace

Registration::Registration(Host& host, Registrant device, std::vector<CallManagerAt> call_managers,
                           std::uint16_t port, std::uint32_t sequence, Micros now, Note note)
    : host_(host),
      device_(std::move(device)),
      call_managers_(std::move(call_managers)),
      port_(port),
      sequence_(sequence),
      note_(std::move(note)) {
  connect(now);
}

const CallManagerAt* Registration::with() const noexcept {
  return answered_ ? &call_managers_[*answered_] : nullptr;
}

void Registration::connect(Micros now) {
  for (; at_ < call_managers_.size(); ++at_) {
    const CallManagerAt& manager = call_managers_[at_];
    if (manager.is_down) {
      note_(now, text_of(manager) + " " + end_text(TcpEnd::kRefused));
      continue;
    }
    connection_.emplace(host_, manager.address, port_++, manager.port, sequence_, now);
    dialogue_ = make_dialogue(device_, host_.config().address, manager.address);
    has_begun_ = false;
    patience_ = now + kPatience;
    return;
  }
  connection_.reset();
  state_ = answered_ ? RegistrationState::kRejected : RegistrationState::kNobody;
  if (!answered_) {
    note_(now, "no call manager answers");
  }
}

void Registration::next(const std::string& why, Micros now) {
  note_(now, text_of(call_managers_[at_]) + " " + why);
  ++at_;
  connect(now);
}

void Registration::look(Micros now) {
  if (connection_->is_open() && !has_begun_) {
    has_begun_ = true;
    connection_->send(dialogue_->begin(), now);
  }
  if (const std::string bytes = connection_->take(); !bytes.empty()) {
    connection_->send(dialogue_->on_bytes(bytes), now);
  }
  switch (dialogue_->state()) {
    case DialogueState::kOpen:
      if (connection_->end() != TcpEnd::kNone || now >= patience_) {
        next(end_text(connection_->end()), now);
      }
      break;
    case DialogueState::kAccepted:
      answered_ = at_;
      load_ = dialogue_->load();
      lines_up_ = dialogue_->lines_up();
      state_ = RegistrationState::kRegistered;
      if (device_.has_itl && dialogue_->is_without_sbd()) {
        state_ = RegistrationState::kLost;
        lines_up_ = 0;
        note_(now, text_of(call_managers_[at_]) +
                       " has no security by default (before 8.0), and the phone has an ITL");
      }
      break;
    case DialogueState::kRejected:
      answered_ = at_;
      lines_up_ = dialogue_->lines_up();
      next("rejects it: \"" + dialogue_->reason() + "\"", now);
      break;
    case DialogueState::kBroken:
      next("does not speak its protocol", now);
      break;
  }
}

void Registration::on_segment(const Segment& segment, Micros now) {
  if (connection_) {
    connection_->on_segment(segment, now);
  }
  if (connection_ && state_ == RegistrationState::kTrying) {
    look(now);
  }
}

void Registration::on_time(Micros now) {
  if (connection_) {
    connection_->on_time(now);
  }
  if (connection_ && state_ == RegistrationState::kTrying) {
    look(now);
  }
}

Micros Registration::deadline() const noexcept {
  if (!connection_) {
    return std::numeric_limits<Micros>::max();
  }
  const Micros own =
      state_ == RegistrationState::kTrying ? patience_ : std::numeric_limits<Micros>::max();
  return std::min(own, connection_->deadline());
}

}  // namespace dialtone::emu
