// SPDX-License-Identifier: Apache-2.0
#include "bench/emu/registration/sccp.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace dialtone::emu {
namespace {

static_assert(std::endian::native == std::endian::little, "words stand as they are in memory");

constexpr std::size_t kWord = sizeof(std::uint32_t);
constexpr std::size_t kHeader = 2 * kWord;  // length and reserved word, which it does not count
constexpr std::size_t kMaxMessage = 4096;   // far above any of them
constexpr std::size_t kNameField = kMaxSccpName + 1;
constexpr std::uint32_t kStreams = 5;  // media streams at once, as phones say

void add_word(std::string& out, std::uint32_t word) {
  char bytes[kWord];
  std::memcpy(bytes, &word, kWord);
  out.append(bytes, kWord);
}

std::uint32_t word_of(std::string_view bytes, std::size_t at) {
  std::uint32_t word = 0;
  std::memcpy(&word, bytes.data() + at, kWord);
  return word;
}

}  // namespace

std::string write_sccp(SccpType type, std::string_view body) {
  std::string message;
  add_word(message, static_cast<std::uint32_t>(kWord + body.size()));
  add_word(message, 0);
  add_word(message, static_cast<std::uint32_t>(type));
  message += body;
  return message;
}

std::optional<SccpMessage> take_sccp(std::string& bytes, bool& is_broken) {
  if (bytes.size() < kHeader + kWord) {
    return std::nullopt;
  }
  const std::size_t length = word_of(bytes, 0);
  if (length < kWord || length > kMaxMessage) {
    is_broken = true;
    return std::nullopt;
  }
  if (bytes.size() < kHeader + length) {
    return std::nullopt;
  }
  SccpMessage message{static_cast<SccpType>(word_of(bytes, kHeader)),
                      bytes.substr(kHeader + kWord, length - kWord)};
  bytes.erase(0, kHeader + length);
  return message;
}

std::string write_register(const SccpRegister& device) {
  std::string body = sccp_text(device.name, kNameField);
  add_word(body, 0);  // user
  add_word(body, 1);  // instance
  add_word(body, __builtin_bswap32(device.address));
  add_word(body, device.device_type);
  add_word(body, kStreams);
  return write_sccp(SccpType::kRegister, body);
}

std::optional<SccpRegister> parse_register(std::string_view body) {
  if (body.size() < kNameField + 4 * kWord) {
    return std::nullopt;
  }
  return SccpRegister{.name = parse_sccp_text(body, kNameField),
                      .address = __builtin_bswap32(word_of(body, kNameField + 2 * kWord)),
                      .device_type = word_of(body, kNameField + 3 * kWord)};
}

std::string sccp_text(std::string_view text, std::size_t size) {
  std::string field(text.substr(0, size - 1));
  field.resize(size, '\0');
  return field;
}

std::string parse_sccp_text(std::string_view body, std::size_t size) {
  const std::string_view field = body.substr(0, size);
  return std::string(field.substr(0, field.find('\0')));
}

std::string write_register_ack(std::uint32_t keep_alive_s,
                               std::optional<std::uint8_t> most_version) {
  std::string body;
  add_word(body, keep_alive_s);
  body += sccp_text("D/M/Y", 6);  // of the date on its screen
  body.append(2, '\0');
  add_word(body, keep_alive_s);  // to the call manager behind this one
  if (most_version) {
    add_word(body, *most_version);  // the other three bytes are features that nobody needs here
  }
  return write_sccp(SccpType::kRegisterAck, body);
}

std::optional<std::uint8_t> parse_register_ack(std::string_view body) {
  constexpr std::size_t kVersionAt = 4 * kWord;
  return body.size() > kVersionAt ? std::optional(static_cast<std::uint8_t>(body[kVersionAt]))
                                  : std::nullopt;
}

}  // namespace dialtone::emu
