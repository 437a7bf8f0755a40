// SPDX-License-Identifier: Apache-2.0
//
// Two workers behind one port: a frame is answered by the worker whose transfer it belongs to,
// whichever queue it comes in.
#include "dataplane/tftp/tid.h"
#include "tests/component/dataplane_fixture.h"

#include <rte_mbuf.h>
#include <rte_mempool.h>

namespace dialtone::test {
namespace {

const std::string kContent(5000, 'x');

// Copies come late: no transfer ends, and nothing comes twice, however slow the machine is.
SealedImage image_of_one(std::uint64_t generation) {
  ManifestExtras extras;
  extras.policy.retransmit_ms = 60'000;
  return SealedImage(generation, {{1000 + generation, {{"one.bin", kContent}}}}, 2000 + generation,
                     0, 0, extras);
}

class TwoWorkers : public Dataplane {
 protected:
  explicit TwoWorkers(std::uint32_t idle_sleep_us = 0, bool single_port = false)
      : Dataplane({.idle_sleep_us = idle_sleep_us, .workers = 2, .single_port = single_port}) {}
};

TEST_F(TwoWorkers, EachServesWhatComesInOnItsQueue) {
  OfferClient control = connect();
  publish(control, image_of_one(1));
  for (std::uint32_t queue : {0u, 1u}) {
    use_queues(queue, queue);
    const ReplyView first = request("one.bin", static_cast<std::uint16_t>(50000 + queue));
    EXPECT_EQ(wire_.received_from(), queue);
    EXPECT_EQ(tftp::TidLayout(0, 1).worker_of(first.source_port), queue);
    EXPECT_EQ(finish(first, static_cast<std::uint16_t>(50000 + queue)).content, kContent);
  }
  EXPECT_EQ(counter_when("transfers_completed", 2), 2u);
  expect_counter("frames_handed_off", 0);
}

TEST_F(TwoWorkers, AnAckOnTheOtherQueueIsHandedOver) {
  OfferClient control = connect();
  publish(control, image_of_one(1));
  for (std::uint32_t queue : {0u, 1u}) {
    use_queues(queue, 1 - queue);
    EXPECT_EQ(fetch("one.bin", static_cast<std::uint16_t>(50000 + queue)).content, kContent);
    EXPECT_EQ(wire_.received_from(), queue) << "its owner answers";
  }
  EXPECT_EQ(counter_when("transfers_completed", 2), 2u);
  EXPECT_EQ(counter("frames_handed_off"), 2 * (kContent.size() / 512 + 1));
  expect_counter("handoffs_dropped", 0);
  expect_counter("drop_no_session", 0);
}

TEST_F(TwoWorkers, APublishWaitsForBoth) {
  OfferClient control = connect();
  publish(control, image_of_one(1));
  use_queues(0, 1);
  const ReplyView first = request("one.bin", 50000);
  for (std::uint64_t generation = 2; generation < 20; ++generation) {
    publish(control, image_of_one(generation));
    if (generation > 2) {
      const auto retired = control.reply();
      ASSERT_TRUE(retired.has_value());
      EXPECT_EQ(retired->generation, generation - 1) << "the first one is pinned";
    }
  }
  EXPECT_EQ(finish(first, 50000).content, kContent);
}

class TwoSleepyWorkers : public TwoWorkers {
 protected:
  TwoSleepyWorkers() : TwoWorkers(20'000) {}
};

TEST_F(TwoSleepyWorkers, AreWokenByWhatIsHandedOver) {
  OfferClient control = connect();
  publish(control, image_of_one(1));
  use_queues(1, 0);
  EXPECT_EQ(fetch("one.bin", 50000).content, kContent);
}

class TwoWorkersOnePort : public TwoWorkers {
 protected:
  TwoWorkersOnePort() : TwoWorkers(0, true) {}
};

TEST_F(TwoWorkersOnePort, AClientIsServedByItsWorkerWhicheverQueueItComesTo) {
  OfferClient control = connect();
  publish(control, image_of_one(1));
  std::uint32_t served_by[2] = {};
  for (std::uint16_t port = 50000; port < 50032; ++port) {
    use_queues(port & 1, port >> 1 & 1);
    EXPECT_EQ(fetch("one.bin", port).content, kContent);
    ++served_by[wire_.received_from()];
  }
  EXPECT_GT(served_by[0], 0u);
  EXPECT_GT(served_by[1], 0u);
  EXPECT_EQ(counter_when("transfers_completed", 32), 32u);
  expect_counter("drop_no_session", 0);
}

TEST(HandoffMesh, KeepsOrderAndSaysWhenItIsFull) {
  rte_mempool* pool =
      rte_pktmbuf_pool_create("mesh-test", 1023, 0, 0, RTE_MBUF_DEFAULT_BUF_SIZE, SOCKET_ID_ANY);
  ASSERT_NE(pool, nullptr);
  {
    auto mesh = io::HandoffMesh::make(3);
    ASSERT_TRUE(mesh.ok());
    std::vector<rte_mbuf*> given;
    rte_mbuf* buffer = rte_pktmbuf_alloc(pool);
    while (mesh->give(0, 2, buffer)) {
      given.push_back(buffer);
      buffer = rte_pktmbuf_alloc(pool);
      ASSERT_NE(buffer, nullptr);
    }
    EXPECT_EQ(given.size(), io::kHandoffRing - 1);
    EXPECT_TRUE(mesh->give(1, 2, buffer)) << "another sender has a ring of its own";

    rte_mbuf* taken[io::kBurst];
    EXPECT_EQ(mesh->take(1, taken), 0) << "nothing is for worker 1";
    std::vector<rte_mbuf*> from_0;
    bool seen = false;
    for (int burst = 0; burst < 2; ++burst) {
      const std::uint16_t count = mesh->take(2, taken);
      EXPECT_EQ(count, io::kBurst);
      for (std::uint16_t i = 0; i < count; ++i) {
        seen |= taken[i] == buffer;
        if (taken[i] != buffer) {
          from_0.push_back(taken[i]);
        }
        rte_pktmbuf_free(taken[i]);
      }
    }
    EXPECT_TRUE(seen) << "a full ring must not hold up the other sender";
    EXPECT_TRUE(std::equal(from_0.begin(), from_0.end(), given.begin()));
  }
  EXPECT_EQ(rte_mempool_avail_count(pool), 1023u) << "what is left in the rings is given back";
  rte_mempool_free(pool);
}

}  // namespace
}  // namespace dialtone::test
