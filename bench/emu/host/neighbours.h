// SPDX-License-Identifier: Apache-2.0
//
// What hosts of a link say of each other's MACs, of both families: ARP (RFC 826) and neighbour
// discovery (RFC 4861). Pure functions, any thread.
#pragma once

#include "bench/emu/host/frame.h"

#include <cstddef>
#include <optional>
#include <span>

namespace dialtone::emu {

// Room for each of the frames below.
inline constexpr std::size_t kNeighbourFrame = 128;

struct NeighbourTalk {
  IpAddress teller{};  // has this MAC
  wire::MacAddress mac{};
  std::optional<IpAddress> asked{};  // whose MAC is asked for; nothing in an answer
};
// Nothing: the frame is something else, or not sound. `ip` is what parse_ip() says of the same
// frame, for who needs it as well; ARP has none.
std::optional<NeighbourTalk> parse_neighbour(const Received& frame,
                                             const std::optional<IpPayload>& ip) noexcept;
std::optional<NeighbourTalk> parse_neighbour(const Received& frame) noexcept;

// Asks all on the link for the MAC of `path.to`; returns the length of the frame.
std::size_t write_question(const Path& path, std::span<std::byte> out) noexcept;
// Tells who sent `question`, in which `talk` asks, that what it asked for has `mac`.
std::size_t write_answer(const Received& question, const NeighbourTalk& talk,
                         const wire::MacAddress& mac, std::span<std::byte> out) noexcept;

}  // namespace dialtone::emu
