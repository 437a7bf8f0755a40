// SPDX-License-Identifier: Apache-2.0
#include "bench/emu/storm/storm_phone.h"

#include "bench/emu/device/reaction.h"
#include "dataplane/tftp/message.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>

namespace dialtone::emu {
namespace {

constexpr std::uint16_t kFirstPort = 49152;
constexpr std::uint8_t kComeBacks = 15;

}  // namespace

std::string_view fate_name(Fate fate) noexcept {
  constexpr std::array<std::string_view, kFates> kNames{"served",  "not_found",  "later",
                                                        "refused", "unanswered", "open"};
  return kNames[static_cast<std::size_t>(fate)];
}

std::string_view outcome_name(Outcome outcome) noexcept {
  constexpr std::array<std::string_view, kOutcomes> kNames{"waiting", "booting",  "ready",
                                                           "failed",  "unserved", "wrong-byte",
                                                           "torn",    "withheld", "vanished"};
  return kNames[static_cast<std::size_t>(outcome)];
}

// At least 1: 0 says that it has not happened.
std::uint32_t StormPhone::since(Micros now) const noexcept {
  constexpr Micros kMost = std::numeric_limits<std::uint32_t>::max();
  return static_cast<std::uint32_t>(std::clamp<Micros>(now - began_ - planned_, 1, kMost));
}

void StormPhone::power_on(const StormRules& rules, Micros began, Micros now) {
  began_ = began;
  outcome_ = Outcome::kBooting;
  ask(rules, kFirstPort, now);
}

void StormPhone::send(const StormRules& rules, const FetchStep& step,
                      std::span<const std::byte> out) {
  if (step.length != 0) {
    rules.packets->send(*this, step.to_port, fetch_.port(), out.first(step.length));
  }
}

void StormPhone::ask(const StormRules& rules, std::uint16_t port, Micros now) {
  script_->write_name(file_, mac_, name_);
  const Expected expected = rules.origin == nullptr ? Expected{} : rules.origin->find(name_.view());
  may_be_missing_ = expected.may_be_missing;
  check_ = FileCheck(expected.states);
  come_back_at_ = 0;
  fetch_ = Fetch(name_.view(), rules.asked, rules.clock, port);
  std::array<std::byte, Fetch::kRoom> out;
  tracked_ = 0;
  send(rules, fetch_.begin(now, out), out);
  track(rules, now);
}

void StormPhone::settle(const StormRules& rules, Fate fate) {
  if (is_waiting_ && rules.fates != nullptr) {
    rules.fates->note(asked_second_, fate);
  }
  is_waiting_ = false;
}

void StormPhone::end_run(const StormRules& rules) {
  settle(rules, Fate::kOpen);
  if (outcome_ == Outcome::kBooting && come_back_at_ == 0) {
    close_file();
  }
}

// Whether a request has gone out, or one has its answer.
void StormPhone::track(const StormRules& rules, Micros now) {
  if (fetch_.counts().requests != tracked_) {
    settle(rules, Fate::kUnanswered);
    tracked_ = fetch_.counts().requests;
    is_waiting_ = true;
    asked_second_ = static_cast<std::uint32_t>((now - began_) / 1'000'000);
  }
  if (fetch_.end() == FetchEnd::kError) {
    switch (react(fetch_.error_code(), fetch_.error_text())) {
      case Reaction::kNextFile:
        return settle(rules, Fate::kNotFound);
      case Reaction::kNextServer:
      case Reaction::kComeBack:
        return settle(rules, Fate::kLater);
      case Reaction::kGiveUpFile:
        return settle(rules, Fate::kRefused);
    }
  }
  if (fetch_.end() == FetchEnd::kSilent) {
    settle(rules, Fate::kUnanswered);
  } else if (fetch_.end() == FetchEnd::kBroken) {
    settle(rules, Fate::kRefused);
  } else if (fetch_.has_answer()) {
    settle(rules, Fate::kServed);
  }
}

void StormPhone::on_packet(const StormRules& rules, std::uint16_t from_port, std::uint16_t to_port,
                           std::span<const std::byte> packet, Micros now) {
  if (before_.port != 0 && to_port == before_.port) {
    dally(rules, from_port, to_port, packet);
    return;
  }
  if (outcome_ != Outcome::kBooting || come_back_at_ != 0) {
    return;
  }
  if (loses_power()) {
    settle(rules, Fate::kOpen);
    close_file();
    finish(Outcome::kVanished, now);
    return;
  }
  std::array<std::byte, Fetch::kRoom> out;
  const FetchStep step = fetch_.on_packet(from_port, to_port, packet, now, out);
  if (times_.first_answer == 0 && (fetch_.has_answer() || fetch_.end() == FetchEnd::kError)) {
    times_.first_answer = since(now);
  }
  check(step);
  send(rules, step, out);
  track(rules, now);
  move_on(rules, now);
}

bool StormPhone::on_time(const StormRules& rules, Micros now) {
  if (outcome_ != Outcome::kBooting || now < deadline()) {
    return false;
  }
  if (come_back_at_ != 0) {
    ask(rules, static_cast<std::uint16_t>(fetch_.port() + 1), now);
    return false;
  }
  std::array<std::byte, Fetch::kRoom> out;
  const FetchStep step = fetch_.on_time(now, out);
  check(step);
  send(rules, step, out);
  track(rules, now);
  move_on(rules, now);
  return true;
}

void StormPhone::dally(const StormRules& rules, std::uint16_t from_port, std::uint16_t to_port,
                       std::span<const std::byte> packet) {
  tftp::Header header;
  if (from_port != before_.server_port || packet.size() < sizeof(header)) {
    return;
  }
  std::memcpy(&header, packet.data(), sizeof(header));
  if (header.opcode.host() == static_cast<std::uint16_t>(tftp::Opcode::kData) &&
      header.number.host() == before_.block) {
    header.opcode.set(static_cast<std::uint16_t>(tftp::Opcode::kAck));
    rules.packets->send(*this, from_port, to_port, std::as_bytes(std::span(&header, 1)));
  }
}

void StormPhone::check(const FetchStep& step) {
  if (step.restarted) {
    check_.restart();
  }
  check_.add(step.offset, step.content);
}

bool StormPhone::loses_power() noexcept {
  return packets_left_ != 0 && --packets_left_ == 0;
}

void StormPhone::close_file() noexcept {
  counts_.requests += fetch_.counts().requests;
  counts_.retries += fetch_.counts().requests - 1;
  check_.restart();
}

void StormPhone::finish(Outcome outcome, Micros now) noexcept {
  outcome_ = outcome;
  times_.ready = since(now);
}

void StormPhone::move_on(const StormRules& rules, Micros now) {
  switch (fetch_.end()) {
    case FetchEnd::kNone:
      return;
    case FetchEnd::kWhole:
      take_whole(rules);
      break;
    case FetchEnd::kError:
      take_error(rules, now);
      break;
    case FetchEnd::kSilent:
      finish(Outcome::kUnserved, now);
      break;
    case FetchEnd::kBroken:
      finish(Outcome::kFailed, now);
      break;
  }
  close_file();
  if (outcome_ != Outcome::kBooting) {
    finish(outcome_, now);
  }
  if (outcome_ == Outcome::kBooting && come_back_at_ == 0) {
    note_phase(now);
    next_file(rules, now);
  }
}

void StormPhone::take_whole(const StormRules& rules) {
  before_ = {fetch_.port(), fetch_.server_port(), fetch_.last_block()};
  ++counts_.files;
  counts_.bytes += fetch_.bytes();
  was_missing_ = false;
  got_ = static_cast<std::uint16_t>(got_ + (script_->is_needed(file_) ? 1 : 0));
  counts_.defaults += script_->role(file_) == FileRole::kDefault ? 1 : 0;
  if (rules.origin == nullptr) {
    return;
  }
  switch (check_.finish(fetch_.bytes())) {
    case FileVerdict::kRight:
      ++counts_.verified;
      break;
    case FileVerdict::kTorn:
      outcome_ = Outcome::kTorn;
      break;
    case FileVerdict::kWrong:
      outcome_ = Outcome::kWrongByte;
      break;
  }
}

void StormPhone::take_error(const StormRules& rules, Micros now) {
  const Reaction reaction = react(fetch_.error_code(), fetch_.error_text());
  was_missing_ = reaction == Reaction::kNextFile;
  counts_.not_found += was_missing_ ? 1 : 0;
  // A storm has one server, so a full one is waited for as well.
  if ((reaction == Reaction::kComeBack || reaction == Reaction::kNextServer) &&
      come_backs_ < kComeBacks) {
    ++come_backs_;
    ++counts_.come_backs;
    come_back_at_ = now + rules.come_back;
  } else if (!may_be_missing_) {
    outcome_ = Outcome::kWithheld;
  }
}

void StormPhone::note_phase(Micros now) noexcept {
  const FileRole role = script_->role(file_);
  if (role == FileRole::kTrust) {
    times_.trust = since(now);
  } else if (got_ != 0 && times_.config == 0) {
    times_.config = since(now);
  }
}

void StormPhone::next_file(const StormRules& rules, Micros now) {
  come_backs_ = 0;
  do {
    ++file_;
  } while (file_ < script_->size() && script_->is_if_missing(file_) && !was_missing_);
  if (file_ < script_->size()) {
    ask(rules, static_cast<std::uint16_t>(fetch_.port() + 1), now);
  } else {
    finish(got_ >= script_->needed() ? Outcome::kReady : Outcome::kFailed, now);
  }
}

}  // namespace dialtone::emu
