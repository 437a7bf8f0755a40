// SPDX-License-Identifier: Apache-2.0
//
// The offer socket with a good control, which may die and come back.
#include "dataplane/image/offer_messages.h"
#include "tests/unit/image/fake_worker.h"
#include "tests/unit/image/offers.h"

namespace dialtone::image {
namespace {

TEST_F(Offers, HelloTellsWhoServesWhat) {
  OfferClient client = connect();
  auto hello = client.hello();
  ASSERT_TRUE(hello.has_value());
  EXPECT_EQ(hello->header.magic, abi::kOfferMagic);
  EXPECT_EQ(hello->header.type, abi::OfferType::kHello);
  EXPECT_EQ(hello->image_version, abi::kImageVersion);
  EXPECT_EQ(hello->worker_count, 1u);
  EXPECT_EQ(hello->pid, static_cast<std::uint64_t>(::getpid()));
  EXPECT_EQ(hello->generation, 0u);
  EXPECT_EQ(hello->private_map, supported_map_mode() == MapMode::kPrivate ? 1u : 0u);
  EXPECT_GE(client.counters_fd(), 0);
  EXPECT_GE(client.events_fd(), 0);
}

TEST_F(Offers, PublishesAnswersAndRetires) {
  OfferClient client = connect_and_greet();
  client.send_all(SealedImage(1, {kOne}, 200));
  auto reply = client.reply();
  ASSERT_TRUE(reply.has_value());
  EXPECT_EQ(reply->header.type, abi::OfferType::kPublished);
  EXPECT_EQ(reply->generation, 1u);
  EXPECT_GT(reply->microseconds, 0u);
  client.send_all(SealedImage(2, {kTwo}, 201));
  EXPECT_EQ(answer(client).first, abi::OfferType::kPublished);
  reply = client.reply();
  ASSERT_TRUE(reply.has_value());
  EXPECT_EQ(reply->header.type, abi::OfferType::kRetired);
  EXPECT_EQ(reply->generation, 1u);
  logged("published generation 2: 1 file, 1 segment, ");
  logged("retired generation 1");
}

TEST_F(Offers, ControlMayDieAndComeBack) {
  publish_one();
  OfferClient again = connect();
  const auto hello = again.hello();
  ASSERT_TRUE(hello.has_value());
  EXPECT_EQ(hello->generation, 1u);
  EXPECT_EQ(hello->content_digest, (Digest{1, ~std::uint64_t{1}}));
  logged("control disconnected");
}

TEST_F(Offers, ControlMayDieDuringAGraceAndComeBack) {
  publish_one();
  test::FakeWorker worker(store_);
  ASSERT_TRUE(worker.begin(kPhone));
  worker.end();
  worker.hang();
  {
    OfferClient first = connect_and_greet();
    first.send_all(SealedImage(2, {kTwo}, 201));
    while (store_.current()->view.manifest().generation != 2) {
      std::this_thread::yield();
    }
  }
  OfferClient next = connect();
  const auto hello = next.hello();
  EXPECT_TRUE(hello.has_value()) << "it met the connection of the control before";
  worker.resume();
  ASSERT_TRUE(hello.has_value());
  EXPECT_EQ(hello->generation, 2u);
  next.send_all(SealedImage(3, {kOne}, 202));
  std::vector<std::uint64_t> published;
  while (published.empty() || published.back() != 3) {
    const auto reply = next.reply();
    ASSERT_TRUE(reply.has_value());
    if (reply->header.type == abi::OfferType::kPublished) {
      published.push_back(reply->generation);
    }
  }
  EXPECT_EQ(published.size(), 1u) << "an answer to an offer of the control before";
}

TEST_F(Offers, SecondControlIsRefusedAndTold) {
  OfferClient first = connect_and_greet();
  OfferClient second = connect();
  const auto [type, text] = answer(second);
  EXPECT_EQ(type, abi::OfferType::kRejected);
  EXPECT_EQ(text,
            "another control is connected (pid " + std::to_string(::getpid()) + "); stop it first");
  first.send_all(SealedImage(1, {kOne}, 200));
  EXPECT_EQ(answer(first).first, abi::OfferType::kPublished);
}

class ServiceOrders : public Offers {
 protected:
  static void send(OfferClient& client, std::uint32_t order, std::uint32_t number = 1) {
    const abi::ServiceMessage message{abi::offer_header(abi::OfferType::kService),
                                      static_cast<abi::ServiceOrder>(order), number};
    client.send_bytes(bytes_of(message));
  }
};

TEST_F(ServiceOrders, AnyIsTakenWithoutADescriptorAndHelloSaysTheState) {
  OfferClient client = connect();
  const auto hello = client.hello();
  ASSERT_TRUE(hello.has_value());
  EXPECT_EQ(hello->service, abi::ServiceState::kRunning);
  EXPECT_GT(hello->service_since_us, 0);
  for (std::uint32_t order = 1; order <= 3; ++order) {
    send(client, order);
  }
  client.send_all(SealedImage(1, {kOne}, 200));
  EXPECT_EQ(answer(client).first, abi::OfferType::kPublished) << "the connection is sound";
}

TEST(ServiceDesk, AStateIsBehindTheOrderThatWasTakenLast) {
  ServiceDesk desk;
  desk.order(abi::ServiceOrder::kStop, 1);
  desk.set(abi::ServiceState::kRunning);
  EXPECT_EQ(desk.answered(), 0U) << "it was not taken yet";
  EXPECT_EQ(desk.take_order(), abi::ServiceOrder::kStop);
  desk.order(abi::ServiceOrder::kStart, 2);
  desk.set(abi::ServiceState::kStopped);
  EXPECT_EQ(desk.answered(), 1U);
  EXPECT_EQ(desk.take_order(), abi::ServiceOrder::kStart);
  EXPECT_EQ(desk.answered(), 1U);
  desk.set(abi::ServiceState::kRunning);
  EXPECT_EQ(desk.answered(), 2U);
}

TEST(ServiceDesk, AnotherConnectionIsAnsweredNothingOfTheOneBefore) {
  ServiceDesk desk;
  desk.order(abi::ServiceOrder::kStop, 7);
  (void)desk.take_order();
  desk.begin_numbers();
  desk.set(abi::ServiceState::kStopped);
  EXPECT_EQ(desk.answered(), 0U);
}

TEST_F(ServiceOrders, AnUnknownOneEndsTheConnection) {
  OfferClient client = connect_and_greet();
  send(client, 4);
  EXPECT_EQ(answer(client).second, "(closed)");
  logged("an unknown order of the service");
}

TEST_F(ServiceOrders, OneOfAnotherSizeEndsTheConnection) {
  OfferClient client = connect_and_greet();
  const abi::OfferHeader header = abi::offer_header(abi::OfferType::kService);
  client.send_bytes(bytes_of(header));
  EXPECT_EQ(answer(client).second, "(closed)");
  logged("has the wrong size, or a descriptor");
}

}  // namespace
}  // namespace dialtone::image
