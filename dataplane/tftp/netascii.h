// SPDX-License-Identifier: Apache-2.0
//
// Mode netascii (RFC 1350 section 1, RFC 764): a line ends with CR LF, a CR that is none of that
// with CR NUL. Files here are as Unix keeps text, so LF is sent as CR LF and CR as CR NUL, whatever
// stands beside it; a pair may lie across two blocks. What a block holds depends on all before it,
// so such a transfer has a window of one block, remembers where its block began, and gives no size.
// Pure functions.
#pragma once

#include "dataplane/tftp/session.h"

#include <cstddef>
#include <cstdint>
#include <span>

namespace dialtone::tftp {

// A place in a file between two bytes of its translation.
struct TextPlace {
  std::uint32_t at = 0;      // bytes of the file before it
  bool within_pair = false;  // the second byte of what stands before `at` is due
};

struct TextBlock {
  std::size_t size;  // less than asked for: the file ends with it
  TextPlace end;
};

// Fills `out` with what follows `begin`.
TextBlock translate(std::span<const std::byte> content, TextPlace begin,
                    std::span<std::byte> out) noexcept;

// Makes `session`, which begins, one of this mode.
void begin_text(Session& session) noexcept;
// Writes the block behind the one that is acknowledged, first or again; returns its size. `out` has
// room for a block.
std::size_t write_text_block(Session& session, std::byte* out) noexcept;
// The block that was written last is acknowledged.
void advance_text(Session& session) noexcept;

}  // namespace dialtone::tftp
