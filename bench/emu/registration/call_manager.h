// SPDX-License-Identifier: Apache-2.0
//
// What Unified CM does with devices that register, as far as rows 70 to 79 see it: it takes those
// of its database, puts unknown phones (never gateways) into it when auto-registration is on, and
// tells a device its load. Bytes of connections in and out; one thread.
#pragma once

#include "bench/emu/registration/sccp.h"
#include "bench/emu/registration/sip.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace dialtone::emu {

struct CallManagerConfig {
  std::optional<std::set<std::string>> devices{};  // its database; none: it knows every device
  bool auto_register = false;
  bool refuses = false;         // everybody
  bool is_without_sbd = false;  // of a release without security by default, and says so
  std::string load{};           // for devices that learn it here; empty: it has none for them
};

// What it has decided about a device.
struct Registered {
  std::string device{};
  std::string verdict{};    // "registered", "auto-registered", "rejected", "unregistered"
  std::string line{};       // of SIP
  std::string reason{};     // "rejected"
  std::uint32_t model = 0;  // its number (cisco-tftp 2.2); 0: it did not say
  bool is_sip = false;
};

class PlayedCallManager {
 public:
  using Tell = std::function<void(const Registered&)>;

  PlayedCallManager(CallManagerConfig config, Tell tell)
      : config_(std::move(config)), tell_(std::move(tell)) {}

  struct Verdict {
    bool is_taken = false;
    std::string text{};  // why not
  };
  // Of a device that asks, told to tell_ as well. SIP registers a line, SCCP none.
  Verdict decide(const std::string& device, std::uint32_t model,
                 const std::optional<std::string>& line);
  void unregister(const std::string& device);
  const std::string& load() const noexcept { return config_.load; }
  bool is_without_sbd() const noexcept { return config_.is_without_sbd; }

 private:
  CallManagerConfig config_;
  Tell tell_;
};

// One connection of it. SCCP and SIP are told apart by what comes first.
class CallManagerSession {
 public:
  explicit CallManagerSession(PlayedCallManager& manager) : manager_(manager) {}

  // The answer. After is_broken() the connection is to be closed.
  std::string on_bytes(std::string_view bytes);
  bool is_broken() const noexcept { return is_broken_; }

 private:
  std::string on_sccp(const SccpMessage& message);
  std::string on_sip(const SipMessage& message);

  PlayedCallManager& manager_;
  std::string bytes_{};
  std::optional<bool> is_sip_{};
  std::string device_{};  // that has registered over SCCP
  bool is_broken_ = false;
};

}  // namespace dialtone::emu
