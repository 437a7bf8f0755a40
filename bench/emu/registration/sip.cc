// SPDX-License-Identifier: Apache-2.0
#include "bench/emu/registration/sip.h"

#include "bench/emu/device/lower_case.h"

#include <algorithm>
#include <charconv>
#include <sstream>

namespace dialtone::emu {
namespace {

constexpr std::string_view kEnd = "\r\n\r\n";
constexpr std::size_t kMaxMessage = 64 * 1024;
// How Unified CM knows which device a line is of.
constexpr std::string_view kDeviceName = "+u.sip!devicename.ccm.cisco.com=\"";
constexpr std::string_view kModelNumber = "+u.sip!model.ccm.cisco.com=\"";

unsigned number_of(std::string_view text) {
  unsigned number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

std::string_view between(std::string_view text, std::string_view before, std::string_view behind) {
  const std::size_t at = text.find(before);
  if (at == std::string_view::npos) {
    return {};
  }
  text.remove_prefix(at + before.size());
  return text.substr(0, text.find_first_of(behind));
}

}  // namespace

std::string SipMessage::header(std::string_view name) const {
  std::istringstream in(headers);
  for (std::string line; std::getline(in, line);) {
    const std::size_t colon = line.find(':');
    if (colon == std::string::npos || lower_case(line.substr(0, colon)) != lower_case(name)) {
      continue;
    }
    const std::size_t begin = line.find_first_not_of(" \t", colon + 1);
    const std::size_t end = line.find_last_not_of(" \t\r");
    return begin == std::string::npos || end < begin ? "" : line.substr(begin, end + 1 - begin);
  }
  return {};
}

int SipMessage::status() const {
  constexpr std::string_view kResponse = "SIP/2.0 ";
  return start.starts_with(kResponse)
             ? static_cast<int>(number_of(std::string_view(start).substr(kResponse.size())))
             : 0;
}

std::optional<SipMessage> take_sip(std::string& bytes, bool& is_broken) {
  bytes.erase(0, bytes.find_first_not_of("\r\n"));  // keep-alives (RFC 5626 3.5.1)
  const std::size_t end = bytes.find(kEnd);
  if (end == std::string::npos) {
    is_broken = bytes.size() > kMaxMessage;
    return std::nullopt;
  }
  const std::size_t line = bytes.find("\r\n");
  SipMessage message{bytes.substr(0, line), bytes.substr(line + 2, end - line)};
  const std::size_t body = number_of(message.header("Content-Length"));
  if (body > kMaxMessage) {
    is_broken = true;
    return std::nullopt;
  }
  if (bytes.size() < end + kEnd.size() + body) {
    return std::nullopt;
  }
  bytes.erase(0, end + kEnd.size() + body);
  return message;
}

std::string write_sip_register(const SipRegister& request) {
  const std::string number = std::to_string(request.number);
  const std::string user = "<sip:" + request.line + "@" + request.to + ">";
  return "REGISTER sip:" + request.to + " SIP/2.0\r\n" + "Via: SIP/2.0/TCP " + request.from +
         ":5060;branch=z9hG4bK" + request.device + number + "\r\nFrom: " + user +
         ";tag=" + request.device + number + "\r\nTo: " + user + "\r\nCall-ID: " + request.device +
         "-" + number + "@" + request.from + "\r\nMax-Forwards: 70\r\nCSeq: " + number +
         " REGISTER\r\nContact: <sip:" + request.line + "@" + request.from +
         ":5060;transport=tcp>;" + std::string(kDeviceName) + request.device + "\";" +
         std::string(kModelNumber) + std::to_string(request.model) +
         "\"\r\nExpires: 3600\r\nContent-Length: 0\r\n\r\n";
}

std::string write_sip_response(const SipMessage& request, std::string_view status,
                               std::string_view server) {
  std::string response = "SIP/2.0 " + std::string(status) + "\r\n";
  for (const char* name : {"Via", "From", "To", "Call-ID", "CSeq", "Contact", "Expires"}) {
    if (const std::string value = request.header(name); !value.empty()) {
      response += std::string(name) + ": " + value + "\r\n";
    }
  }
  if (!server.empty()) {
    response += "Server: " + std::string(server) + "\r\n";
  }
  return response + "Content-Length: 0\r\n\r\n";
}

std::string sip_device_of(const SipMessage& request) {
  return std::string(between(request.header("Contact"), kDeviceName, "\""));
}

std::uint32_t sip_model_of(const SipMessage& request) {
  return number_of(between(request.header("Contact"), kModelNumber, "\""));
}

std::string sip_user_of(std::string_view address) {
  return std::string(between(address, "sip:", "@>;"));
}

}  // namespace dialtone::emu
