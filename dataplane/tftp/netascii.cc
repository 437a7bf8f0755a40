// SPDX-License-Identifier: Apache-2.0
#include "dataplane/tftp/netascii.h"

namespace dialtone::tftp {
namespace {

constexpr std::byte kLf{'\n'};
constexpr std::byte kCr{'\r'};
constexpr std::byte kNul{0};

void set_if(Session& session, SessionFlag flag, bool value) noexcept {
  value ? session.set(flag) : session.clear(flag);
}

}  // namespace

TextBlock translate(std::span<const std::byte> content, TextPlace begin,
                    std::span<std::byte> out) noexcept {
  TextPlace place = begin;
  std::size_t size = 0;
  while (size < out.size()) {
    if (place.within_pair) {
      out[size++] = content[place.at - 1] == kLf ? kLf : kNul;
      place.within_pair = false;
    } else if (place.at < content.size()) {
      const std::byte byte = content[place.at++];
      place.within_pair = byte == kLf || byte == kCr;
      out[size++] = place.within_pair ? kCr : byte;
    } else {
      break;
    }
  }
  return {size, place};
}

void begin_text(Session& session) noexcept {
  session.set(SessionFlag::kNetascii);
  session.text_at = 0;
  session.text_size = 0;
  session.clear(SessionFlag::kWithinPair);
  session.ends_within_pair = false;
  session.clear(SessionFlag::kTextEnded);
}

std::size_t write_text_block(Session& session, std::byte* out) noexcept {
  const TextPlace begin{session.text_at, session.has(SessionFlag::kWithinPair)};
  const TextBlock block =
      translate({session.content, session.length}, begin, {out, session.block_size});
  session.text_size = static_cast<std::uint16_t>(block.end.at - begin.at);
  session.ends_within_pair = block.end.within_pair;
  set_if(session, SessionFlag::kTextEnded, block.size < session.block_size);
  return block.size;
}

void advance_text(Session& session) noexcept {
  session.text_at += session.text_size;
  set_if(session, SessionFlag::kWithinPair, session.ends_within_pair);
}

}  // namespace dialtone::tftp
