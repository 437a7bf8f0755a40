// SPDX-License-Identifier: Apache-2.0
//
// The offer socket with broken peers, too many of them, and a process of another user.
#include "tests/unit/image/offers.h"

#include <sys/wait.h>

namespace dialtone::image {
namespace {

// Whoever connects in a loop must not fill the disk with log lines.
TEST_F(Offers, RefusalsAreLoggedOnceASecond) {
  const OfferClient first = connect_and_greet();
  const auto began = std::chrono::steady_clock::now();
  for (int i = 0; i < 200; ++i) {
    OfferClient client = connect();
    EXPECT_EQ(answer(client).first, abi::OfferType::kRejected);
  }
  const auto seconds = (std::chrono::steady_clock::now() - began) / std::chrono::seconds(1);
  const std::lock_guard lock(mutex_);
  long lines = 0;
  for (std::size_t at = 0; (at = log_.find("refused", at)) != std::string::npos; ++at) {
    ++lines;
  }
  EXPECT_GE(lines, 1);
  EXPECT_LE(lines, 1 + seconds) << log_;
}

TEST_F(Offers, FaultyObjectIsNamedWhenItsOfferIsRejected) {
  publish_one();
  const auto rejected = [&](void (*spoil)(SealedImage&)) {
    OfferClient client = connect_and_greet();
    SealedImage image(2, {kTwo}, 201);
    spoil(image);
    client.send_all(image);
    const auto [type, text] = answer(client);
    EXPECT_EQ(type, abi::OfferType::kRejected) << text;
    return text;
  };
  EXPECT_EQ(rejected([](SealedImage& image) {
              std::vector<std::byte> bytes(image.objects[0].message.size);
              image.objects[0].fd = test::sealed_memfd(bytes, F_SEAL_SHRINK | F_SEAL_GROW);
            }),
            "segment 0000000000000066: it is not sealed: SHRINK, GROW, WRITE and SEAL must all be "
            "set");
  EXPECT_NE(rejected([](SealedImage& image) {
              const std::vector<std::byte> bytes(100);
              image.objects[0].fd = test::sealed_memfd(bytes);
            }).find("segment 0000000000000066: it is truncated: 100 bytes where"),
            std::string::npos);
  EXPECT_EQ(rejected([](SealedImage& image) {
              const std::vector<std::byte> bytes(image.objects[0].message.size);
              image.objects[0].fd = test::sealed_memfd(bytes);
            }),
            "segment 0000000000000066: segment: not a segment of version " +
                std::to_string(abi::kImageVersion));
  EXPECT_NE(rejected([](SealedImage& image) {
              const std::vector<std::byte> bytes(image.objects[1].message.size);
              image.objects[1].fd = test::sealed_memfd(bytes);
            }),
            "");
  EXPECT_NE(rejected([](SealedImage& image) {
              const std::vector<std::byte> bytes(image.offer.size);
              image.manifest = test::sealed_memfd(bytes);
            }),
            "");
  expect_unharmed();
}

// As when something between the two has changed a byte: an index is checked with its offer, so
// until then it has the place of the sound one.
TEST_F(Offers, WhatWasSentForARefusedOfferGivesItsPlaceToTheSoundOne) {
  publish_one();
  OfferClient client = connect_and_greet();
  const auto expect_refused = [&client](SealedImage image) {
    client.send_all(image);
    const auto [type, text] = answer(client);
    EXPECT_EQ(type, abi::OfferType::kRejected) << text;
  };
  SealedImage content(2, {kTwo}, 201);
  std::vector<std::byte> bytes(content.objects[1].message.size);
  ASSERT_EQ(::pread(content.objects[1].fd.get(), bytes.data(), bytes.size(), 0),
            static_cast<ssize_t>(bytes.size()));
  bytes.back() ^= std::byte{1};
  content.objects[1].fd = test::sealed_memfd(bytes);
  expect_refused(std::move(content));
  SealedImage digest(2, {kTwo}, 201);
  digest.objects[1].message.digest.low ^= 1;
  expect_refused(std::move(digest));
  SealedImage kind(2, {kTwo}, 201);
  kind.objects[0].message.kind = abi::ObjectKind::kIndex;
  expect_refused(std::move(kind));
  client.send_all(SealedImage(2, {kTwo}, 201));
  const auto [type, text] = answer(client);
  EXPECT_EQ(type, abi::OfferType::kPublished) << text;
}

TEST_F(Offers, GarbageClosesTheConnectionOnly) {
  publish_one();
  const std::byte byte{1};
  const abi::OfferHeader wrong_version{abi::kOfferMagic, 9, abi::OfferType::kObject};
  const abi::OfferHeader short_object = abi::offer_header(abi::OfferType::kObject);
  const abi::OfferHeader hello = abi::offer_header(abi::OfferType::kHello);
  const std::vector<std::byte> long_one(abi::kMaxOfferMessage + 1);
  const abi::OfferMessage no_descriptor{abi::offer_header(abi::OfferType::kOffer), 2, 100, {}};
  for (std::span<const std::byte> garbage :
       {std::span(&byte, 1), std::as_bytes(std::span(&wrong_version, 1)),
        std::as_bytes(std::span(&short_object, 1)), std::as_bytes(std::span(&hello, 1)),
        std::span<const std::byte>(long_one), std::as_bytes(std::span(&no_descriptor, 1))}) {
    OfferClient client = connect_and_greet();
    client.send_bytes(garbage);
    EXPECT_EQ(answer(client).second, "(closed)");
  }
  logged("a message of 1 bytes is no offer message");
  logged("does not speak version " + std::to_string(abi::kOfferVersion) + " of the offer protocol");
  logged("type 2 has the wrong size or not one descriptor");
  logged("type 1 does not come from a control");
  logged("longer than this protocol allows");
  expect_unharmed();
}

TEST_F(Offers, FloodOfObjectsIsBounded) {
  publish_one();
  OfferClient client = connect_and_greet();
  const SealedImage image(2, {kTwo}, 201);
  SealedImage flood(2, {kTwo}, 201);
  for (std::uint64_t id = 1000; id < 1000 + 2 * abi::kMaxSegments; ++id) {
    flood.objects[1].message.id = id;
    client.send(flood.objects[1]);
  }
  EXPECT_EQ(answer(client).second, "(closed)");
  logged("more objects than one generation can use");
  expect_unharmed();
}

TEST_F(Offers, ProcessOfAnotherUserIsRefused) {
  if (::geteuid() != 0) {
    GTEST_SKIP() << "needs root, to become another user";
  }
  publish_one();
  ASSERT_EQ(::chmod(path().c_str(), 0666), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    const bool became = ::setgid(65534) == 0 && ::setuid(65534) == 0;
    auto client = OfferClient::connect(path());
    ::_exit(became && client && !client->hello() ? 0 : 1);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_EQ(status, 0);
  logged("refused a process of another user (uid 65534, pid " + std::to_string(child) + ")");
  expect_unharmed();
}

TEST_F(Offers, LiveSocketIsNotTakenOver) {
  ImageStore other(1, supported_map_mode());
  const auto second = OfferServer::listen({.path = path()}, other, [](auto&&...) {});
  ASSERT_FALSE(second.ok());
  EXPECT_NE(second.error().text.find("already listens"), std::string::npos);
}

}  // namespace
}  // namespace dialtone::image
