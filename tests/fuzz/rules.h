// SPDX-License-Identifier: Apache-2.0
//
// What must be true of every frame that goes out, whatever came in. A rule that the product gets
// changes here, and nowhere else in the fuzz targets.
#pragma once

#include "dataplane/server/frame.h"
#include "dataplane/server/our_addresses.h"
#include "tests/fuzz/packet_view.h"

#include <cstddef>
#include <cstdint>
#include <span>

namespace dialtone::fuzz {

// TFTP opcodes.
inline constexpr std::uint16_t kRrq = 1;
inline constexpr std::uint16_t kWrq = 2;
inline constexpr std::uint16_t kData = 3;
inline constexpr std::uint16_t kAck = 4;
inline constexpr std::uint16_t kError = 5;
inline constexpr std::uint16_t kOack = 6;

// Where transfers go out from: ports of their own, or 69.
enum class Ports : std::uint8_t { kOfTransfers, kOne };

// Whether an answer may come to `asked` at all: never to an ERROR, to a packet from a port of a
// loop, or to one that was not sent to us alone.
void check_may_answer(const PacketView& asked, const server::OurAddresses& ours);

// The verdict on a frame that came in, with what the caller is told beside it.
void check_verdict(const PacketView& asked, const server::Frame& frame, server::Verdict verdict,
                   std::uint32_t workers);

// A frame that goes out: lengths, checksums, padding; TFTP, if it is that.
PacketView check_frame(std::span<const std::byte> frame, std::size_t capacity, Ports ports);

// One that goes out without a packet at hand: what timers send, the answers to requests that have
// waited, and the end of a transfer whose packets are too big for a link.
void check_unasked(const PacketView& frame);

// That goes back to where `asked` came from.
void check_answer(const PacketView& asked, const PacketView& answer,
                  const server::OurAddresses& ours, Ports ports);

}  // namespace dialtone::fuzz
