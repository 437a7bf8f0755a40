// SPDX-License-Identifier: Apache-2.0
//
// The packet buffers of a port, and how many of them it takes. One pool for all queues: a frame
// that was handed over is answered in the buffer in which it came, and a port that frees in bulk
// wants all buffers of a queue from one pool. Cold, but for the buffers themselves.
#pragma once

#include "dataplane/base/result.h"

#include <cstdint>
#include <string>

struct rte_mempool;

namespace dialtone::io {

// Of each of the two rings of a queue pair.
inline constexpr std::uint16_t kDescriptors = 1024;

// Buffers that can be in use at a time when each worker has one queue pair.
std::uint32_t buffers_for(std::uint32_t workers) noexcept;

// The least memory_mb with which a port for so many workers starts.
std::uint32_t memory_mb_for(std::uint32_t workers) noexcept;

// `name` is unique in the process, and of at most 20 characters. The caller frees it.
Result<rte_mempool*> make_packet_pool(const std::string& name, std::uint32_t workers);

}  // namespace dialtone::io
