// SPDX-License-Identifier: Apache-2.0
//
// The worker's loop, driven through a ring port as a network would.
#include "tests/component/dataplane_fixture.h"

#include <sys/mman.h>

namespace dialtone::test {
namespace {

using image::MapMode;

constexpr const char* kPhone = "sep001122334455.cnf.xml";

std::string text_of(char letter, std::size_t size) {
  return std::string(size, letter);
}

SealedImage image_of(std::uint64_t generation, char letter, std::size_t size = 1300) {
  return SealedImage(generation, {{1000 + generation, {{kPhone, text_of(letter, size)}}}},
                     2000 + generation);
}

class WorkerLoop : public Dataplane {};

TEST_F(WorkerLoop, AnswersArpAndEcho) {
  wire_.send(arp_request(kServerAddress));
  EXPECT_TRUE(wire_.receive().has_value());
  wire_.send(echo_request("are you there"));
  EXPECT_TRUE(wire_.receive().has_value());
  wire_.send(arp_request(kServerAddress + 1));
  expect_counter("drop_arp", 1);
  EXPECT_FALSE(wire_.receive_now().has_value());
  EXPECT_EQ(counter("arp_replies"), 1u);
  EXPECT_EQ(counter("echo_replies"), 1u);
}

TEST_F(WorkerLoop, DropsRequestsBeforeTheFirstImage) {
  wire_.send(Packet().rrq(kPhone).bytes());
  expect_counter("drop_no_image", 1);
  EXPECT_FALSE(wire_.receive_now().has_value());
}

TEST_F(WorkerLoop, ServesWholeFilesOfEachLength) {
  OfferClient control = connect();
  SealedSegment segment{1, {}};
  const std::size_t sizes[] = {0, 1, 511, 512, 513, 1024, 100'000};
  for (std::size_t size : sizes) {
    segment.files.emplace_back("f" + std::to_string(size), text_of('f', size));
  }
  publish(control, SealedImage(1, {segment}, 2));
  std::uint16_t port = 50000;
  for (std::size_t size : sizes) {
    const Fetched fetched = fetch("f" + std::to_string(size), ++port);
    EXPECT_EQ(fetched.fault, "");
    EXPECT_EQ(fetched.content, text_of('f', size)) << size;
  }
  const ReplyView missing = request("nowhere.xml");
  EXPECT_EQ(missing.opcode, 5);
  EXPECT_EQ(missing.number, 1);
}

TEST_F(WorkerLoop, RetransmitsUnasked) {
  OfferClient control = connect();
  publish(control, image_of(1, 'a'));
  const ReplyView first = request(kPhone);
  const auto again = wire_.receive();
  ASSERT_TRUE(again.has_value());
  const ReplyView copy = parse_reply(*again);
  EXPECT_EQ(copy.fault, "");
  EXPECT_EQ(copy.number, 1);
  EXPECT_EQ(copy.body, first.body);
  EXPECT_EQ(finish(first).content, text_of('a', 1300));
  EXPECT_EQ(counter("data_retransmitted"), 1u);
}

TEST_F(WorkerLoop, StopsWithTransfersInFlight) {
  OfferClient control = connect();
  publish(control, image_of(1, 'a'));
  EXPECT_EQ(request(kPhone).number, 1);
  stop_workers();
  publish(control, image_of(2, 'b'));
  const auto reply = control.reply();
  ASSERT_TRUE(reply.has_value());
  EXPECT_EQ(reply->header.type, abi::OfferType::kRetired) << "a stopped worker pins nothing";
}

TEST_F(WorkerLoop, CountersPageIsReadOnlyForControl) {
  auto client = OfferClient::connect(socket_path());
  ASSERT_TRUE(client && client->hello());
  const std::size_t size = counters_.bytes().size();
  EXPECT_EQ(::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, client->counters_fd(), 0),
            MAP_FAILED);
  void* page = ::mmap(nullptr, size, PROT_READ, MAP_SHARED, client->counters_fd(), 0);
  ASSERT_NE(page, MAP_FAILED);
  wire_.send(arp_request(kServerAddress));
  ASSERT_TRUE(wire_.receive());
  const auto view = abi::CountersView::open({static_cast<std::byte*>(page), size});
  ASSERT_TRUE(view.ok());
  EXPECT_EQ(view->sum(server::index_of(server::Counter::kArpReplies)), 1u);
  ::munmap(page, size);
}

class SleepyWorker : public Dataplane {
 protected:
  SleepyWorker() : Dataplane({.idle_sleep_us = 50'000}) {}
};

TEST_F(SleepyWorker, ServesAndDoesNotHoldAPublish) {
  OfferClient control = connect();
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  control.send_all(image_of(1, 'a', 100));
  const auto reply = control.reply();
  ASSERT_TRUE(reply.has_value());
  EXPECT_EQ(reply->header.type, abi::OfferType::kPublished);
  EXPECT_EQ(fetch(kPhone).content, text_of('a', 100));
}

// Waits for PUBLISHED as control does: after BUSY it offers again when something was retired.
bool published(OfferClient& control, const SealedImage& image) {
  bool busy = false;
  while (const auto reply = control.reply()) {
    switch (reply->header.type) {
      case abi::OfferType::kPublished:
        return true;
      case abi::OfferType::kBusy:
        busy = true;
        break;
      case abi::OfferType::kRetired:
        if (std::exchange(busy, false)) {
          control.send_offer(image);
        }
        break;
      default:
        return false;
    }
  }
  return false;
}

class HotSwap : public Dataplane, public testing::WithParamInterface<MapMode> {
 protected:
  HotSwap()
      : Dataplane({.mode = image::supported_map_mode() == MapMode::kPrivate ? MapMode::kPrivate
                                                                            : GetParam()}) {}
};
INSTANTIATE_TEST_SUITE_P(Modes, HotSwap, testing::Values(MapMode::kShared, MapMode::kPrivate),
                         [](const auto& mode) {
                           return mode.param == MapMode::kShared ? "shared" : "private";
                         });

TEST_P(HotSwap, TransferInFlightEndsOnItsOldBytes) {
  OfferClient control = connect();
  publish(control, image_of(1, 'a', 3000));
  const std::uint64_t mapped_before = mapped_bytes();
  const ReplyView first = request(kPhone, 50001);
  EXPECT_EQ(first.body, text_of('a', 512));
  publish(control, image_of(2, 'b', 3000));

  EXPECT_EQ(fetch(kPhone, 50002).content, text_of('b', 3000));
  EXPECT_EQ(live_generations(), 2u) << "the old generation is pinned";
  EXPECT_EQ(finish(first, 50001).content, text_of('a', 3000));
  const auto reply = control.reply();
  ASSERT_TRUE(reply.has_value());
  EXPECT_EQ(reply->header.type, abi::OfferType::kRetired);
  EXPECT_EQ(reply->generation, 1u);
  EXPECT_EQ(mapped_bytes(), mapped_before) << "the old segment is unmapped";
}

TEST_P(HotSwap, NoTransferMixesGenerations) {
  OfferClient control = connect();
  publish(control, image_of(1, 'a', 5000));
  std::uint16_t port = 50000;
  for (std::uint64_t generation = 2; generation < 60; ++generation) {
    const char letter = static_cast<char>('a' + generation % 26);
    const ReplyView first = request(kPhone, ++port);
    const SealedImage image = image_of(generation, letter, 5000);
    control.send_all(image);
    const Fetched fetched = finish(first, port);
    ASSERT_EQ(fetched.fault, "");
    ASSERT_EQ(fetched.content, std::string(5000, first.body[0]));
    ASSERT_TRUE(published(control, image)) << generation;
  }
}

}  // namespace
}  // namespace dialtone::test
