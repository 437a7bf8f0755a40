// SPDX-License-Identifier: Apache-2.0
#include "tests/support/sealed_image.h"

#include "dataplane/abi/index_builder.h"
#include "dataplane/abi/object_digest.h"
#include "dataplane/base/check.h"

#include <poll.h>
#include <unistd.h>

#include <sys/mman.h>
#include <sys/time.h>

#include <algorithm>
#include <cstring>

namespace dialtone::test {
namespace {

SealedObject seal(abi::ObjectKind kind, std::uint64_t id, std::span<const std::byte> bytes) {
  return {{abi::offer_header(abi::OfferType::kObject), kind, 0, id, bytes.size(),
           abi::object_digest(bytes)},
          sealed_memfd(bytes)};
}

template <typename Ref>
Ref ref_of(const SealedObject& object) {
  return {object.message.id, object.message.size, object.message.digest};
}

SealedObject seal_index(std::uint64_t id, std::span<const abi::IndexItem> items,
                        std::uint32_t segment_count) {
  const AlignedBytes bytes(abi::index_size(items.size()));
  DIALTONE_CHECK(abi::build_index(items, id, kTestSeed, segment_count, bytes.span()).ok());
  return seal(abi::ObjectKind::kIndex, id, bytes.span());
}

std::size_t room_for(const SealedSegment& segment) {
  std::size_t room = 1 << 14;
  for (const auto& [name, content] : segment.files) {
    room += content.size() + content.size() / 128 + 8192;
  }
  return room;
}

}  // namespace

UniqueFd sealed_memfd(std::span<const std::byte> bytes, int seals) {
  UniqueFd fd(::memfd_create("dialtone-test", MFD_CLOEXEC | MFD_ALLOW_SEALING));
  DIALTONE_CHECK(fd.valid());
  std::size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t wrote = ::write(fd.get(), bytes.data() + done, bytes.size() - done);
    DIALTONE_CHECK(wrote > 0);
    done += static_cast<std::size_t>(wrote);
  }
  DIALTONE_CHECK(::fcntl(fd.get(), F_ADD_SEALS, seals) == 0);
  return fd;
}

SealedOffer make_offer(std::uint64_t generation, const std::vector<const SealedObject*>& segments,
                       const SealedObject& base, const SealedObject* delta,
                       std::uint64_t file_count, const ManifestExtras& extras) {
  const auto tombstones = std::as_bytes(std::span(extras.tombstones));
  std::vector<std::byte> bytes(sizeof(abi::Manifest) + segments.size() * sizeof(abi::SegmentRef));
  bytes.insert(bytes.end(), tombstones.begin(), tombstones.end());
  auto& head = *reinterpret_cast<abi::Manifest*>(bytes.data());
  head.magic = abi::kManifestMagic;
  head.version = abi::kImageVersion;
  head.segment_count = static_cast<std::uint32_t>(segments.size());
  head.generation = generation;
  head.content_digest = {generation, ~generation};
  head.file_count = file_count;
  head.policy = extras.policy;
  head.tombstone_count = static_cast<std::uint32_t>(extras.tombstones.size());
  head.base = ref_of<abi::IndexRef>(base);
  if (delta != nullptr) {
    head.delta = ref_of<abi::IndexRef>(*delta);
  }
  for (std::size_t number = 0; number < segments.size(); ++number) {
    const auto ref = ref_of<abi::SegmentRef>(*segments[number]);
    std::memcpy(bytes.data() + sizeof(head) + number * sizeof(ref), &ref, sizeof(ref));
  }
  return {{abi::offer_header(abi::OfferType::kOffer), generation, bytes.size(),
           abi::object_digest(bytes)},
          sealed_memfd(bytes)};
}

SealedImage::SealedImage(std::uint64_t generation, const std::vector<SealedSegment>& segments,
                         std::uint64_t index_id, std::size_t base_segments, std::uint64_t delta_id,
                         const ManifestExtras& extras) {
  std::vector<abi::IndexItem> base;
  std::vector<abi::IndexItem> delta;
  const std::size_t split = base_segments == 0 ? segments.size() : base_segments;
  for (std::size_t number = 0; number < segments.size(); ++number) {
    HeapSpace space(room_for(segments[number]));
    abi::SegmentWriter writer(space);
    for (const auto& [name, content] : segments[number].files) {
      auto room = writer.begin(name, content.size());
      DIALTONE_CHECK(room.ok());
      std::copy(content.begin(), content.end(), reinterpret_cast<char*>(room->data()));
      const auto place = writer.commit(content.size(), {abi::Origin::kAsset, {}, 1700000000});
      (number < split ? base : delta)
          .push_back({name, abi::Kind::kFlat, static_cast<std::uint32_t>(number), place.offset});
    }
    abi::write_segment_header(space.used(), segments[number].id, space.used().size());
    objects.push_back(seal(abi::ObjectKind::kSegment, segments[number].id, space.used()));
  }
  const std::size_t segment_count = segments.size();
  objects.push_back(seal_index(index_id, base, static_cast<std::uint32_t>(split)));
  if (delta_id != 0) {
    objects.push_back(seal_index(delta_id, delta, static_cast<std::uint32_t>(segment_count)));
  }

  std::vector<const SealedObject*> refs;
  for (std::size_t number = 0; number < segment_count; ++number) {
    refs.push_back(&objects[number]);
  }
  SealedOffer made = make_offer(generation, refs, objects[segment_count],
                                delta_id != 0 ? &objects[segment_count + 1] : nullptr,
                                base.size() + delta.size(), extras);
  offer = made.offer;
  manifest = std::move(made.manifest);
}

std::optional<OfferClient> OfferClient::connect(const std::string& path) {
  auto socket = connect_unix(path, SocketType::kSeqPacket);
  if (!socket) {
    return std::nullopt;
  }
  const timeval patience{60, 0};
  DIALTONE_CHECK(
      ::setsockopt(socket->get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)) == 0);
  OfferClient client;
  client.socket_ = std::move(*socket);
  return client;
}

void OfferClient::send_bytes(std::span<const std::byte> bytes, std::span<const int> descriptors) {
  (void)send_message(socket_.get(), bytes, descriptors);
}

void OfferClient::send(const SealedObject& object) {
  const int fd = object.fd.get();
  send_bytes(std::as_bytes(std::span(&object.message, 1)), {&fd, 1});
}

void OfferClient::send_offer(const SealedOffer& offer) {
  const int fd = offer.manifest.get();
  send_bytes(std::as_bytes(std::span(&offer.offer, 1)), {&fd, 1});
}

void OfferClient::send_all(const SealedImage& image) {
  for (const SealedObject& object : image.objects) {
    send(object);
  }
  send_offer(image);
}

std::optional<abi::HelloMessage> OfferClient::hello() {
  auto message = receive_message(socket_.get(), abi::kMaxOfferMessage);
  abi::HelloMessage hello{};
  if (!message || message->bytes.size() != sizeof(hello)) {
    return std::nullopt;
  }
  std::memcpy(&hello, message->bytes.data(), sizeof(hello));
  message->descriptors.resize(abi::kHelloDescriptors);
  counters_ = std::move(message->descriptors[abi::kHelloCounters]);
  misses_ = std::move(message->descriptors[abi::kHelloMisses]);
  events_ = std::move(message->descriptors[abi::kHelloEvents]);
  return hello;
}

std::optional<abi::OfferReply> OfferClient::reply() {
  auto message = receive_message(socket_.get(), abi::kMaxOfferMessage);
  abi::OfferReply reply{};
  if (!message || message->bytes.size() != sizeof(reply)) {
    return std::nullopt;
  }
  std::memcpy(&reply, message->bytes.data(), sizeof(reply));
  return reply;
}

bool OfferClient::hears_nothing(std::chrono::milliseconds time) const {
  pollfd fd{socket_.get(), POLLIN, 0};
  return ::poll(&fd, 1, static_cast<int>(time.count())) == 0;
}

std::optional<abi::ServiceStateMessage> OfferClient::state() {
  for (;;) {
    auto message = receive_message(socket_.get(), abi::kMaxOfferMessage);
    abi::ServiceStateMessage state{};
    if (!message || message->bytes.empty()) {
      return std::nullopt;
    }
    if (message->bytes.size() == sizeof(state)) {
      std::memcpy(&state, message->bytes.data(), sizeof(state));
      return state;
    }
  }
}

}  // namespace dialtone::test
