// SPDX-License-Identifier: Apache-2.0
//
// What a device says to one call manager until it is registered there, and what it is told: bytes
// of a connection in and out. One thread.
#pragma once

#include "bench/emu/registration/sccp.h"
#include "bench/emu/registration/sip.h"
#include "dataplane/base/ip_address.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace dialtone::emu {

// The device that registers.
struct Registrant {
  std::string name{};
  std::uint32_t model = 0;  // its number (cisco-tftp 2.2)
  bool is_sip = false;
  std::vector<std::string> lines{};  // of SIP: each is registered
  bool has_itl = false;              // and holds its call manager to it
};

enum class DialogueState : std::uint8_t { kOpen, kAccepted, kRejected, kBroken };

class Dialogue {
 public:
  virtual ~Dialogue() = default;

  // When the connection is there: what is sent first.
  virtual std::string begin() = 0;
  // What is sent about bytes that came.
  virtual std::string on_bytes(const std::string& bytes) = 0;

  DialogueState state() const noexcept { return state_; }
  const std::string& reason() const noexcept { return reason_; }  // kRejected
  const std::string& load() const noexcept { return load_; }      // that it was told; of SCCP
  std::size_t lines_up() const noexcept { return lines_up_; }     // of SIP
  // The call manager has said that it is of a release without security by default.
  bool is_without_sbd() const noexcept { return is_without_sbd_; }

 protected:
  DialogueState state_ = DialogueState::kOpen;
  std::string reason_{};
  std::string load_{};
  std::size_t lines_up_ = 0;
  bool is_without_sbd_ = false;
};

// By the device's protocol. `device` outlives it.
std::unique_ptr<Dialogue> make_dialogue(const Registrant& device, const IpAddress& own,
                                        const IpAddress& call_manager);

}  // namespace dialtone::emu
