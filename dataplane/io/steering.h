// SPDX-License-Identifier: Apache-2.0
//
// Over which queues a port spreads what it receives. A request and the ACKs of its transfer share
// both addresses and the client's port, and differ in ours; so a port that goes by addresses alone
// gives them to one worker, and one that goes by ports as well lets half of them be handed over.
// Cold.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace dialtone::io {

// Of the hash functions that a port offers (RTE_ETH_RSS_...), those that take addresses alone.
std::uint64_t hashes_of_addresses(std::uint64_t offered) noexcept;

// The key of that hash (Toeplitz), of the size that a port wants; null: leave the port its own. It
// lives as long as the program.
std::uint8_t* hash_key(std::size_t size) noexcept;

// What a port with this driver was asked for, `asked` of those hashes, and what it says that it
// does: `granted`, or nothing. A sentence for the log.
std::string steering_text(const std::string& driver, std::uint64_t asked,
                          std::optional<std::uint64_t> granted);

}  // namespace dialtone::io
