// SPDX-License-Identifier: Apache-2.0
//
// The messages of SCCP ("Skinny") by which a device registers: a length, a reserved word and a
// number in front of a body of fixed fields, all little endian. Pure functions, any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace dialtone::emu {

enum class SccpType : std::uint32_t {
  kKeepAlive = 0x0000,
  kRegister = 0x0001,
  kVersionRequest = 0x000f,
  kUnregister = 0x0027,
  kRegisterAck = 0x0081,
  kVersion = 0x0098,  // the load that the device should have
  kRegisterReject = 0x009d,
  kKeepAliveAck = 0x0100,
  kUnregisterAck = 0x0118,
};

struct SccpMessage {
  SccpType type = SccpType::kKeepAlive;
  std::string body{};
};
std::string write_sccp(SccpType type, std::string_view body = {});

// Takes the first message out of `bytes`. Nothing: it is not all there yet; `is_broken` is set when
// it never will be.
std::optional<SccpMessage> take_sccp(std::string& bytes, bool& is_broken);

// Of kRegister. A name has at most kMaxSccpName characters.
inline constexpr std::size_t kMaxSccpName = 15;
struct SccpRegister {
  std::string name{};
  std::uint32_t address = 0;      // of IPv4; 0 over IPv6
  std::uint32_t device_type = 0;  // the model's number (cisco-tftp 2.2)
};
std::string write_register(const SccpRegister& device);
std::optional<SccpRegister> parse_register(std::string_view body);

// The texts of kVersion and kRegisterReject: fields of so many bytes, with zeros behind the text.
inline constexpr std::size_t kSccpVersion = 16;
inline constexpr std::size_t kSccpReason = 33;
std::string sccp_text(std::string_view text, std::size_t size);
// Of the field that a body begins with; what stands behind it is passed over.
std::string parse_sccp_text(std::string_view body, std::size_t size);

// Of kRegisterAck. What a call manager speaks at most is left out where it is not said.
inline constexpr std::uint8_t kSccpBeforeSbd = 17;  // played: of releases before 8.0
std::string write_register_ack(std::uint32_t keep_alive_s,
                               std::optional<std::uint8_t> most_version = std::nullopt);
std::optional<std::uint8_t> parse_register_ack(std::string_view body);  // that version

}  // namespace dialtone::emu
