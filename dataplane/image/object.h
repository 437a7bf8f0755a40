// SPDX-License-Identifier: Apache-2.0
//
// A mapped segment or index, and a generation made of them. Housekeeper only, but for
// Generation::live, which workers read until the grace period after the next publish has passed.
#pragma once

#include "dataplane/abi/live_image.h"
#include "dataplane/abi/offer_protocol.h"
#include "dataplane/base/mapping.h"
#include "dataplane/image/grace.h"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace dialtone::image {

struct Object {
  abi::ObjectKind kind;
  std::uint64_t id;
  std::uint64_t size;
  Digest digest;
  Mapping mapping;

  std::uint64_t newest_generation = 0;     // the last one that uses it; 0: staged, none yet
  bool sent_again = false;                 // while it was mapped, and known until the next publish
  std::uint16_t slot = abi::kNoSlot;       // of a segment that was published
  std::optional<Grace::Token> last_grace;  // of a segment that drained: the grace before unmap
  std::vector<std::uint64_t> segment_ids;  // of an index that was published: what it points into

  std::span<const std::byte> bytes() const noexcept { return mapping.bytes().first(size); }
};

struct Generation {
  std::uint64_t number = 0;
  Mapping manifest;
  std::shared_ptr<Object> base;
  std::shared_ptr<Object> delta;  // null: none
  std::vector<std::shared_ptr<Object>> segments;

  abi::LiveImage live;  // points into the vectors below
  std::vector<const std::byte*> begins;
  std::vector<std::uint16_t> slots;

  Grace::Token replaced = 0;  // the grace that ends this generation's visibility
  bool hidden = false;        // that grace has passed
  bool overdue = false;       // its transfers end, since a newer generation waits
  std::chrono::steady_clock::time_point replaced_at;
};

inline std::string id_text(std::uint64_t id) {
  char out[17];
  for (int i = 15; i >= 0; --i, id >>= 4) {
    out[i] = "0123456789abcdef"[id & 15];
  }
  out[16] = 0;
  return out;
}

}  // namespace dialtone::image
