// SPDX-License-Identifier: Apache-2.0
//
// One phone of a storm: its boot order, one file at a time, each byte held against its origin.
// Small, and no memory is taken while it boots but for a digest's state. The engine's thread only.
#pragma once

#include "bench/emu/storm/boot_script.h"
#include "bench/emu/storm/fates.h"
#include "bench/emu/storm/file_check.h"
#include "bench/emu/storm/origin.h"
#include "bench/emu/tftp/fetch.h"

#include <cstdint>
#include <span>
#include <string_view>

namespace dialtone::emu {

enum class Outcome : std::uint8_t {
  kWaiting,  // for its power
  kBooting,
  kReady,      // it has its configuration, or the default
  kFailed,     // it has neither
  kUnserved,   // no server answers
  kWrongByte,  // a file is not what it should be
  kTorn,       // a file is partly of one state of the origin, partly of another
  kWithheld,   // the server denies a file that the origin has
  kVanished,   // it lost its power, as planned
};
inline constexpr std::size_t kOutcomes = 9;
std::string_view outcome_name(Outcome outcome) noexcept;

// Ends of the phases, in microseconds since its power-on was planned; 0: it has not come so far.
struct PhaseTimes {
  std::uint32_t first_answer = 0;
  std::uint32_t trust = 0;   // the last of the trust lists, or that they are not there
  std::uint32_t config = 0;  // its own or the default
  std::uint32_t ready = 0;   // all files
};

struct PhoneCounts {
  std::uint32_t requests = 0;
  std::uint32_t retries = 0;  // requests beyond the first for a file
  std::uint32_t come_backs = 0;
  std::uint32_t files = 0;  // whole
  std::uint32_t not_found = 0;
  std::uint32_t verified = 0;  // of `files`, against the origin
  std::uint32_t defaults = 0;  // of `files`, for phones without one of their own
  std::uint64_t bytes = 0;
};

class StormPhone;

// Puts a phone's packets on the wire.
class PhonePackets {
 public:
  virtual void send(const StormPhone& phone, std::uint16_t to_port, std::uint16_t from_port,
                    std::span<const std::byte> payload) = 0;

 protected:
  ~PhonePackets() = default;
};

// What the phones of a storm have in common. Outlives them.
struct StormRules {
  FetchClock clock{};
  AskedFor asked{};
  Micros come_back = 4'000'000;
  const Origin* origin = nullptr;  // null: nothing is known of the files
  PhonePackets* packets = nullptr;
  Fates* fates = nullptr;  // null: nobody counts
};

class StormPhone {
 public:
  StormPhone(const BootScript& script, const wire::MacAddress& mac, Micros planned) noexcept
      : script_(&script), mac_(mac), planned_(planned) {}

  const wire::MacAddress& mac() const noexcept { return mac_; }
  Micros planned() const noexcept { return planned_; }
  // Before it has power.
  void plan(Micros planned) noexcept { planned_ = planned; }
  void lose_power_after(std::uint16_t packets) noexcept { packets_left_ = packets; }
  Outcome outcome() const noexcept { return outcome_; }
  bool is_over() const noexcept { return outcome_ > Outcome::kBooting; }
  const PhaseTimes& times() const noexcept { return times_; }
  const PhoneCounts& counts() const noexcept { return counts_; }
  std::string_view file() const noexcept { return name_.view(); }  // asked for last
  Micros deadline() const noexcept {
    return come_back_at_ != 0 ? come_back_at_ : fetch_.deadline();
  }

  // `began`: the zero of the plan, by the clock of `now`.
  void power_on(const StormRules& rules, Micros began, Micros now);
  void on_packet(const StormRules& rules, std::uint16_t from_port, std::uint16_t to_port,
                 std::span<const std::byte> packet, Micros now);
  // True: an answer has not come in time.
  bool on_time(const StormRules& rules, Micros now);
  // What has no answer yet will have none.
  void end_run(const StormRules& rules);

 private:
  void ask(const StormRules& rules, std::uint16_t port, Micros now);
  void send(const StormRules& rules, const FetchStep& step, std::span<const std::byte> out);
  void move_on(const StormRules& rules, Micros now);
  void take_whole(const StormRules& rules);
  void take_error(const StormRules& rules, Micros now);
  void next_file(const StormRules& rules, Micros now);
  void finish(Outcome outcome, Micros now) noexcept;
  void check(const FetchStep& step);
  bool loses_power() noexcept;
  void dally(const StormRules& rules, std::uint16_t from_port, std::uint16_t to_port,
             std::span<const std::byte> packet);
  void close_file() noexcept;
  void note_phase(Micros now) noexcept;
  void track(const StormRules& rules, Micros now);
  void settle(const StormRules& rules, Fate fate);
  std::uint32_t since(Micros now) const noexcept;

  const BootScript* script_;
  wire::MacAddress mac_;
  Outcome outcome_ = Outcome::kWaiting;
  std::uint16_t file_ = 0;
  bool was_missing_ = false;
  std::uint16_t got_ = 0;    // of the files that it needs
  bool is_waiting_ = false;  // for an answer to the request of that second
  std::uint32_t asked_second_ = 0;
  std::uint32_t tracked_ = 0;  // requests for this file
  std::uint8_t come_backs_ = 0;
  Micros began_ = 0;         // the plan's zero, by the clock
  Micros planned_;           // since then
  Micros come_back_at_ = 0;  // 0: it does not wait
  PhaseTimes times_{};
  PhoneCounts counts_{};
  FileName name_{};
  bool may_be_missing_ = true;
  FileCheck check_{};
  std::uint16_t packets_left_ = 0;  // until its power is gone; 0: it stays
  Fetch fetch_{{}, {}, {}, 0};
  // The transfer before: its server may not have had the last ACK (RFC 1350 section 6).
  struct {
    std::uint16_t port = 0;  // 0: there is none
    std::uint16_t server_port = 0;
    std::uint16_t block = 0;
  } before_{};
};

}  // namespace dialtone::emu
