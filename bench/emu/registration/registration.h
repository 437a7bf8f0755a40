// SPDX-License-Identifier: Apache-2.0
//
// A device goes through its call managers by priority until one of them takes it (features 74): a
// connection, and the dialogue of its protocol. Takes segments and time as values; one thread.
#pragma once

#include "bench/emu/host/tcp_connection.h"
#include "bench/emu/registration/dialogue.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace dialtone::emu {

// One call manager, as the device knows it.
struct CallManagerAt {
  std::string name{};
  IpAddress address{};
  std::uint16_t port = 2000;
  bool is_down = false;  // plays that nobody listens there: nothing is sent
};

enum class RegistrationState : std::uint8_t {
  kTrying,
  kRegistered,
  kRejected,  // one has answered, and none wants it
  kNobody,    // none answers
  kLost,      // one takes it that has no security by default, and the device has an ITL
};

class Registration {
 public:
  using Note = std::function<void(Micros now, const std::string& what)>;

  // `host` outlives this. `port` is that of the first connection, the next count on; `sequence` is
  // random, or of a test.
  Registration(Host& host, Registrant device, std::vector<CallManagerAt> call_managers,
               std::uint16_t port, std::uint32_t sequence, Micros now, Note note);

  void on_segment(const Segment& segment, Micros now);
  void on_time(Micros now);
  Micros deadline() const noexcept;

  RegistrationState state() const noexcept { return state_; }
  // With whom it is registered, or was last refused; null: nobody has answered.
  const CallManagerAt* with() const noexcept;
  const std::string& load() const noexcept { return load_; }
  std::size_t lines_up() const noexcept { return lines_up_; }

 private:
  void connect(Micros now);
  void next(const std::string& why, Micros now);
  void look(Micros now);

  Host& host_;
  Registrant device_;
  std::vector<CallManagerAt> call_managers_;
  std::uint16_t port_;
  std::uint32_t sequence_;
  Note note_;
  RegistrationState state_ = RegistrationState::kTrying;
  std::size_t at_ = 0;
  std::optional<std::size_t> answered_{};
  std::optional<TcpConnection> connection_{};
  std::unique_ptr<Dialogue> dialogue_{};
  bool has_begun_ = false;
  Micros patience_ = 0;  // with a call manager that says nothing
  std::string load_{};
  std::size_t lines_up_ = 0;
};

}  // namespace dialtone::emu
