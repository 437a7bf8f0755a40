// SPDX-License-Identifier: Apache-2.0
//
// An image in sealed memfds, as control would send it, with ids that a test chooses; and the other
// end of the offer socket.
#pragma once

#include "dataplane/abi/offer_protocol.h"
#include "dataplane/base/unique_fd.h"
#include "dataplane/base/unix_socket.h"
#include "tests/support/test_image.h"

#include <fcntl.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace dialtone::test {

inline constexpr int kAllSeals = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL;

// A memfd that holds `bytes`, sealed with `seals`.
UniqueFd sealed_memfd(std::span<const std::byte> bytes, int seals = kAllSeals);

struct SealedSegment {
  std::uint64_t id;
  std::vector<std::pair<std::string, std::string>> files;  // canonical name, content
};

struct SealedObject {
  abi::ObjectMessage message;
  UniqueFd fd;
};

struct SealedOffer {
  abi::OfferMessage offer;
  UniqueFd manifest;
};

// What a manifest says besides its objects.
struct ManifestExtras {
  abi::Policy policy = unlimited_policy();
  std::vector<abi::Tombstone> tombstones{};  // by ascending key
};

// A manifest over objects that exist already. `delta` may be null.
SealedOffer make_offer(std::uint64_t generation, const std::vector<const SealedObject*>& segments,
                       const SealedObject& base, const SealedObject* delta,
                       std::uint64_t file_count, const ManifestExtras& extras = {});

// The base index takes the first `base_segments` segments (all, when 0), a delta the rest.
struct SealedImage : SealedOffer {
  SealedImage(std::uint64_t generation, const std::vector<SealedSegment>& segments,
              std::uint64_t index_id, std::size_t base_segments = 0, std::uint64_t delta_id = 0,
              const ManifestExtras& extras = {});

  std::vector<SealedObject> objects;  // segments, base, delta
};

// What control does on the socket; blocks for a minute at most.
class OfferClient {
 public:
  static std::optional<OfferClient> connect(const std::string& path);

  void send(const SealedObject& object);
  void send_offer(const SealedOffer& offer);
  void send_all(const SealedImage& image);  // objects and offer
  void send_bytes(std::span<const std::byte> bytes, std::span<const int> descriptors = {});

  std::optional<abi::HelloMessage> hello();  // also keeps the descriptors that come along
  std::optional<abi::OfferReply> reply();    // nothing: the server has closed, or no answer came
  std::optional<abi::ServiceStateMessage> state();  // likewise; passes over replies
  bool hears_nothing(std::chrono::milliseconds time) const;
  int counters_fd() const { return counters_.get(); }
  int misses_fd() const { return misses_.get(); }
  int events_fd() const { return events_.get(); }

 private:
  UniqueFd socket_;
  UniqueFd counters_;
  UniqueFd misses_;
  UniqueFd events_;
};

}  // namespace dialtone::test
