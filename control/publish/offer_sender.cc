// SPDX-License-Identifier: Apache-2.0
#include "control/publish/offer_sender.h"

#include "dataplane/base/unix_socket.h"

#include <span>

namespace dialtone::publish {
namespace {

template <typename T>
std::span<const std::byte> bytes_of(const T& message) {
  return std::as_bytes(std::span<const T, 1>(&message, 1));
}

}  // namespace

Result<void> OfferSender::send(int socket, const image_build::Offer& offer) {
  for (const image_build::ObjectPtr& segment : offer.segments) {
    DIALTONE_TRY(send_object(socket, abi::ObjectKind::kSegment, segment));
  }
  DIALTONE_TRY(send_object(socket, abi::ObjectKind::kIndex, offer.base));
  if (offer.delta != nullptr) {
    DIALTONE_TRY(send_object(socket, abi::ObjectKind::kIndex, offer.delta));
  }
  const abi::OfferMessage message{abi::offer_header(abi::OfferType::kOffer), offer.generation,
                                  offer.manifest->size, offer.manifest->digest};
  const int fd = offer.manifest->fd.get();
  return send_message(socket, bytes_of(message), {&fd, 1});
}

Result<void> OfferSender::send_object(int socket, abi::ObjectKind kind,
                                      const image_build::ObjectPtr& object) {
  if (!sent_.insert(object->id).second) {
    return {};
  }
  const abi::ObjectMessage message{abi::offer_header(abi::OfferType::kObject),
                                   kind,
                                   0,
                                   object->id,
                                   object->size,
                                   object->digest};
  const int fd = object->fd.get();
  return send_message(socket, bytes_of(message), {&fd, 1});
}

void OfferSender::forget_all() {
  sent_.clear();
  published_.clear();
}

void OfferSender::keep(const image_build::Offer& offer) {
  sent_.clear();
  for (const image_build::ObjectPtr& segment : offer.segments) {
    sent_.insert(segment->id);
  }
  sent_.insert(offer.base->id);
  if (offer.delta != nullptr) {
    sent_.insert(offer.delta->id);
  }
  published_ = sent_;
}

void OfferSender::forget_unpublished() {
  sent_ = published_;
}

}  // namespace dialtone::publish
