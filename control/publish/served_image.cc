// SPDX-License-Identifier: Apache-2.0
#include "control/publish/served_image.h"

namespace dialtone::publish {

Result<ServedImage> ServedImage::open(const Publisher& publisher) {
  if (const SentOffer* sent = publisher.served_offer(); sent != nullptr) {
    return ServedImage(sent->offer, sent->offer.generation, Clock::now() - sent->began);
  }
  auto offer = publisher.make_offer();
  if (!offer) {
    return offer.error();
  }
  // After a restart of control the dataplane may serve the same files, and need no offer.
  const bool is_served = publisher.hello() != nullptr && publisher.generation() != 0 &&
                         publisher.served_digest() == offer->content_digest;
  return ServedImage(*std::move(offer), is_served ? publisher.generation() : 0,
                     Clock::duration::zero());
}

ServedImage::ServedImage(image_build::Offer offer, std::uint64_t generation, Clock::duration age)
    : offer_(std::move(offer)), generation_(generation), age_(age) {
  for (const image_build::ObjectPtr& segment : offer_.segments) {
    begins_.push_back(segment->mapping.data());
  }
  const auto index = [](const image_build::ObjectPtr& object) {
    return object == nullptr ? abi::IndexView() : abi::IndexView(object->bytes());
  };
  view_ = abi::ImageView(reinterpret_cast<const abi::Manifest*>(offer_.manifest->mapping.data()),
                         index(offer_.base), index(offer_.delta), begins_);
}

}  // namespace dialtone::publish
