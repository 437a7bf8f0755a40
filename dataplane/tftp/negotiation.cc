// SPDX-License-Identifier: Apache-2.0
#include "dataplane/tftp/negotiation.h"

#include "dataplane/tftp/message.h"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cstring>

namespace dialtone::tftp {
namespace {

constexpr std::uint32_t kMicrosecondsPerSecond = 1'000'000;

void grant_block_size(const AskedOptions& asked, const TransferLimits& limits,
                      Session& session) noexcept {
  const auto most = std::min<std::uint64_t>(limits.max_block_size, kMaxBlockSize);
  if (asked.has(Option::kBlockSize)) {
    session.block_size =
        static_cast<std::uint16_t>(std::min(asked.value(Option::kBlockSize), most));
    session.options.add(Option::kBlockSize);
  } else if (asked.has(Option::kBlockSize2)) {
    const std::uint64_t size = std::min(asked.value(Option::kBlockSize2), most);
    session.block_size = static_cast<std::uint16_t>(std::bit_floor(size));
    session.options.add(Option::kBlockSize2);
  }
}

// The timeouts are one and the same thing in two units: the first in the list counts.
void grant_timeout(const AskedOptions& asked, Session& session) noexcept {
  if (asked.has(Option::kTimeout)) {
    session.timeout_us =
        static_cast<std::uint32_t>(asked.value(Option::kTimeout) * kMicrosecondsPerSecond);
    session.options.add(Option::kTimeout);
  } else if (asked.has(Option::kTimeoutUs)) {
    session.timeout_us = static_cast<std::uint32_t>(asked.value(Option::kTimeoutUs));
    session.options.add(Option::kTimeoutUs);
  }
}

void grant_window(const AskedOptions& asked, const TransferLimits& limits,
                  Session& session) noexcept {
  // The translation of a text goes on from block to block.
  if (!asked.has(Option::kWindow) || session.has(SessionFlag::kNetascii)) {
    return;
  }
  const std::uint64_t by_bytes =
      std::max<std::uint64_t>(1, limits.max_window_bytes / session.block_size);
  session.window = static_cast<std::uint8_t>(std::min<std::uint64_t>(
      {asked.value(Option::kWindow), by_bytes, std::max<std::uint8_t>(1, limits.max_window)}));
  session.options.add(Option::kWindow);
}

void grant(const AskedOptions& asked, const TransferLimits& limits, Session& session) noexcept {
  session.options = {};
  session.block_size = kPlainBlockSize;
  session.window = 1;
  session.clear(SessionFlag::kOackPending);
  session.clear(SessionFlag::kRolloverToOne);
  if (!asked.any()) {
    return;
  }
  grant_block_size(asked, limits, session);
  grant_timeout(asked, session);
  grant_window(asked, limits, session);
  // curl (7.88.1) takes a size of 0 for a fault and gives up; without one it fetches the empty
  // file.
  // Nor is that the size of a translated text, which nobody knows before its end (RFC 2349).
  if (asked.has(Option::kFileSize) && session.length != 0 && !session.has(SessionFlag::kNetascii)) {
    session.options.add(Option::kFileSize);
  }
  if (asked.has(Option::kRollover)) {
    session.options.add(Option::kRollover);
    if (asked.value(Option::kRollover) == 1) {
      session.set(SessionFlag::kRolloverToOne);
    }
  }
  if (session.options.any()) {
    session.set(SessionFlag::kOackPending);
  }
}

std::uint64_t granted_value(const Session& session, Option option) noexcept {
  switch (option) {
    case Option::kBlockSize:
    case Option::kBlockSize2:
      return session.block_size;
    case Option::kFileSize:
      return session.length;
    case Option::kTimeout:
      return session.timeout_us / kMicrosecondsPerSecond;
    case Option::kTimeoutUs:
      return session.timeout_us;
    case Option::kWindow:
      return session.window;
    case Option::kRollover:
      return session.has(SessionFlag::kRolloverToOne) ? 1 : 0;
  }
  return 0;
}

}  // namespace

void negotiate(const AskedOptions& asked, const TransferLimits& limits, Session& session) noexcept {
  const std::uint16_t block_size = session.block_size;
  const bool to_one = session.has(SessionFlag::kRolloverToOne);
  grant(asked, limits, session);
  if (session.block_size != block_size || session.has(SessionFlag::kRolloverToOne) != to_one) {
    session.clear(SessionFlag::kRepeated);  // numbers mean other bytes now
  }
}

std::size_t write_oack(std::byte* out, const Session& session) noexcept {
  char* const begin = reinterpret_cast<char*>(out);
  char* const end = begin + kMaxOack;
  NetU16 opcode;
  opcode.set(static_cast<std::uint16_t>(Opcode::kOptionAck));
  std::memcpy(begin, &opcode, sizeof(opcode));
  char* at = begin + sizeof(opcode);
  for (std::size_t i = 0; i < kOptionCount; ++i) {
    const auto option = static_cast<Option>(i);
    if (!session.options.has(option)) {
      continue;
    }
    const std::string_view name = option_name(option);
    at = std::copy(name.begin(), name.end(), at);
    *at++ = '\0';
    at = std::to_chars(at, end, granted_value(session, option)).ptr;
    *at++ = '\0';
  }
  return static_cast<std::size_t>(at - begin);
}

std::size_t first_answer_size(const Session& session) noexcept {
  if (session.options.any()) {
    std::byte oack[kMaxOack];
    return write_oack(oack, session);
  }
  // A character can become two.
  const std::uint64_t length =
      session.has(SessionFlag::kNetascii) ? 2 * session.length : session.length;
  return sizeof(Header) + std::min<std::uint64_t>(length, kPlainBlockSize);
}

}  // namespace dialtone::tftp
