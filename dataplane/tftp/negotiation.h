// SPDX-License-Identifier: Apache-2.0
//
// What a server grants of the options that a client asked for (RFC 2347, 2348, 2349, 7440), and the
// OACK that says so. Pure functions on a Session; once a request.
#pragma once

#include "dataplane/tftp/options.h"
#include "dataplane/tftp/session.h"

#include <cstddef>
#include <cstdint>

namespace dialtone::tftp {

struct TransferLimits {
  std::uint16_t max_block_size;    // what a frame of the port holds
  std::uint8_t max_window;         // blocks
  std::uint32_t max_window_bytes;  // in flight; one block always may be
};

// Sets block size, window, timeout and options of a session that begins. The timeout that it had
// stays where none is agreed on. With an option granted, the OACK is due before DATA 1.
void negotiate(const AskedOptions& asked, const TransferLimits& limits, Session& session) noexcept;

// Writes the OACK of a session; returns its length.
inline constexpr std::size_t kMaxOack = 160;
std::size_t write_oack(std::byte* out, const Session& session) noexcept;

// Bytes of the packet that answers the request: the OACK, or DATA 1.
std::size_t first_answer_size(const Session& session) noexcept;

}  // namespace dialtone::tftp
