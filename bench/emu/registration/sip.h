// SPDX-License-Identifier: Apache-2.0
//
// REGISTER of SIP (RFC 3261 section 10) over TCP, as a phone sends it and as it is answered. Pure
// functions, any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace dialtone::emu {

// A request or a response, as far as a registration needs it.
struct SipMessage {
  std::string start{};  // "REGISTER sip:10.0.0.1 SIP/2.0", "SIP/2.0 200 OK"
  std::string headers{};

  // Of the first header of this name, of either case; empty: there is none.
  std::string header(std::string_view name) const;
  int status() const;  // of a response; 0: it is a request
};

// Takes the first message out of `bytes`, its body with it. Nothing: it is not all there yet;
// `is_broken` is set when it never will be.
std::optional<SipMessage> take_sip(std::string& bytes, bool& is_broken);

struct SipRegister {
  std::string line{};    // the user: a number
  std::string device{};  // SEP001122334455
  std::uint32_t model = 0;
  std::string from{};        // the phone's address, in brackets when it is of IPv6
  std::string to{};          // the call manager's
  std::uint32_t number = 1;  // of the request
};
std::string write_sip_register(const SipRegister& request);
// "200 OK" and the like, to `request`. `server`: its header "Server"; empty: it has none.
std::string write_sip_response(const SipMessage& request, std::string_view status,
                               std::string_view server = {});
inline constexpr std::string_view kSipBeforeSbd = "Cisco-CUCM7.1";  // played: before release 8.0

// "SEP001122334455" of the Contact of a phone's request; empty: it does not say.
std::string sip_device_of(const SipMessage& request);
// The number of its model, which stands there, too (cisco-tftp 2.2); 0: it does not say.
std::uint32_t sip_model_of(const SipMessage& request);
// "4711" of "<sip:4711@10.0.0.1>".
std::string sip_user_of(std::string_view address);

}  // namespace dialtone::emu
