// SPDX-License-Identifier: Apache-2.0
//
// Sends a generation over the offer socket: first the objects that the dataplane does not have yet,
// then the OFFER (docs/swap-protocol.md). Remembers what the dataplane has. One thread; send()
// blocks while the dataplane is slow to read, for each message as long as the socket's timeout.
#pragma once

#include "control/image/image.h"
#include "dataplane/abi/offer_protocol.h"
#include "dataplane/base/result.h"

#include <cstdint>
#include <unordered_set>

namespace dialtone::publish {

class OfferSender {
 public:
  Result<void> send(int socket, const image_build::Offer& offer);

  // Another dataplane is connected: it has nothing.
  void forget_all();
  // `offer` is published: the dataplane keeps its objects, and only those.
  void keep(const image_build::Offer& offer);
  // The dataplane refused an offer: what came with it may not have arrived. To send an object again
  // that did does no harm.
  void forget_unpublished();

 private:
  Result<void> send_object(int socket, abi::ObjectKind kind, const image_build::ObjectPtr& object);

  std::unordered_set<std::uint64_t> sent_;       // object ids
  std::unordered_set<std::uint64_t> published_;  // those of the newest published generation
};

}  // namespace dialtone::publish
