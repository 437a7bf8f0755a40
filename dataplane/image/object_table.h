// SPDX-License-Identifier: Apache-2.0
//
// The objects that the dataplane knows by their id. One that arrives is mapped and checked at once
// and is *staged* until a generation uses it. What is staged is bounded, so that a peer which only
// sends and never offers cannot pin the machine's memory. Housekeeper only.
#pragma once

#include "dataplane/image/object.h"
#include "dataplane/image/sealed_map.h"

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>

namespace dialtone::image {

struct StageLimits {
  std::size_t objects = abi::kMaxSegments + 2;
  std::uint64_t bytes = std::uint64_t{8} << 30;  // as mapped
};

class ObjectTable {
 public:
  ObjectTable(MapMode mode, StageLimits limits) : mode_(mode), limits_(limits) {}

  // False: a limit is exceeded, and the peer does not keep to the protocol. A faulty object is no
  // error here; find() says why it is missing.
  bool stage(const abi::ObjectMessage& message, int fd);

  // The object of this kind, size and digest.
  Result<std::shared_ptr<Object>> find(abi::ObjectKind kind, std::uint64_t id, std::uint64_t size,
                                       const Digest& digest) const;

  // Why the latest stage() refused its object; empty when it did not.
  const std::string& last_fault() const noexcept { return last_fault_; }

  void drop_staged();
  // No generation uses it any more: it goes, or is staged when it was sent again meanwhile.
  void release(Object& object);

  std::size_t size() const noexcept { return objects_.size(); }
  std::uint64_t mapped_bytes() const noexcept;
  MapMode mode() const noexcept { return mode_; }

 private:
  Result<std::shared_ptr<Object>> map(const abi::ObjectMessage& message, int fd) const;
  bool staged_too_much() const;

  MapMode mode_;
  StageLimits limits_;
  std::unordered_map<std::uint64_t, std::shared_ptr<Object>> objects_;
  std::map<std::uint64_t, std::string> faults_;  // of refused objects, until drop_staged()
  std::string last_fault_;
};

}  // namespace dialtone::image
