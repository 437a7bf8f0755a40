// SPDX-License-Identifier: Apache-2.0
//
// A worker that serves takes no memory, no lock and makes no system call: nothing that another
// process does can hold it up. Two workers, so that frames are handed over; idle_sleep_us is 0.
#include "tests/component/quiet_workers.h"
#include "tests/support/fragments.h"

#include <pthread.h>
#include <unistd.h>

#include <sys/socket.h>
#include <sys/syscall.h>

#include <cstdlib>

namespace dialtone::test {
namespace {

TEST_F(QuietWorkers, ServeWithoutMemoryLockOrSystemCall) {
  OfferClient control = connect();
  begin();
  expect_answer(arp_request(kServerAddress), 0);
  expect_answer(echo_request("are you there"), 1);
  wire_.send(Packet().rrq("one.bin").bytes());
  expect_counter("drop_no_image", 1);
  publish(control, image_of(1, kOld));
  // A frame in the queue of its owner, and in the other's.
  for (std::uint32_t queue : {0u, 1u, 2u, 3u}) {
    use_queues(queue & 1, queue >> 1);
    EXPECT_EQ(fetch("one.bin", static_cast<std::uint16_t>(50000 + queue)).content, kOld);
    EXPECT_EQ(fetch("empty", static_cast<std::uint16_t>(50010 + queue)).fault, "");
    EXPECT_EQ(request("nowhere.xml", static_cast<std::uint16_t>(50020 + queue)).opcode, 5);
  }
  expect_counter("frames_handed_off", 2 * (kOld.size() / 512 + 1) + 2);
  expect_none(end());
}

TEST_F(QuietWorkers, TurnsThatOnlyLookAreNotBusy) {
  OfferClient control = connect();
  publish(control, image_of(1, kOld));
  wait_for_turns();
  const auto busy_us = [this] {
    return workers_[0].count(server::Counter::kBusyUs) +
           workers_[1].count(server::Counter::kBusyUs);
  };
  const std::uint64_t before = busy_us();
  wait_for_turns();
  EXPECT_EQ(busy_us(), before);
  EXPECT_EQ(fetch("one.bin", 50001).content, kOld);
  wait_for_turns();
  EXPECT_GT(busy_us(), before);
}

TEST_F(QuietWorkers, SendCopiesWindowsAndTextWithoutThem) {
  OfferClient control = connect();
  publish(control, image_of(1, kOld));
  begin();
  const std::string options("blksize\0001428\0windowsize\0004\0tsize\0000\0", 36);
  expect_answer(Packet().rrq("one.bin", "octet", options).bytes(), 0);
  EXPECT_TRUE(wire_.receive().has_value()) << "a copy of the OACK";
  expect_counter("oacks_sent", 2);
  use_queues(1, 1);
  expect_answer(Packet().from(kPhoneAddress, 50001).rrq("one.bin", "netascii").bytes(), 1);
  EXPECT_TRUE(wire_.receive().has_value()) << "a copy of DATA 1, or another one of the OACK";
  expect_none(end());
}

TEST_F(QuietWorkers, FinishWhatTheyHaveBegunWithoutThem) {
  OfferClient control = connect();
  publish(control, image_of(1, kOld));
  use_queues(0, 1);
  begin();
  const ReplyView first = request("one.bin", 50001);
  workers_.finish();
  expect_counter("stopping_now", 2);
  wire_.send(Packet().from(kPhoneAddress, 50002).rrq("one.bin").bytes());
  expect_counter("drop_stopping", 1);
  EXPECT_EQ(finish(first, 50001).content, kOld);
  EXPECT_TRUE(comes_true([this] { return workers_.are_finished(); }));
  expect_none(end());
}

TEST_F(QuietWorkers, FollowAPublishWithoutThem) {
  OfferClient control = connect();
  publish(control, image_of(1, kOld));
  use_queues(0, 1);
  begin();
  const ReplyView first = request("one.bin", 50001);
  publish(control, image_of(2, kNew));
  EXPECT_EQ(fetch("one.bin", 50002).content, kNew);
  EXPECT_EQ(finish(first, 50001).content, kOld);
  const auto retired = control.reply();
  ASSERT_TRUE(retired.has_value());
  EXPECT_EQ(retired->header.type, abi::OfferType::kRetired);
  expect_none(end());
}

// The ring to control is shared memory: control looks, and nobody wakes it.
TEST_F(QuietWorkers, AskControlAndLetClientsWaitWithoutThem) {
  OfferClient control = connect();
  ManifestExtras asking;
  asking.policy.miss_rule = abi::MissRule::kAsk;
  asking.policy.miss_park_ms = 8000;
  const SealedSegment early{1001, {{"early.bin", kOld}}};
  publish(control, SealedImage(1, {early}, 2001, 0, 0, asking));
  begin();
  for (std::uint32_t queue : {0u, 1u}) {
    wire_.send(
        Packet().from(kPhoneAddress, static_cast<std::uint16_t>(50000 + queue)).rrq("late").bytes(),
        queue);
  }
  expect_counter("parked_now", 2);
  const SealedSegment late{1002, {{"late", "content"}}};
  publish(control, SealedImage(2, {early, late}, 2001, 1, 2002, asking));
  for (int i = 0; i < 2; ++i) {
    const auto frame = wire_.receive();
    ASSERT_TRUE(frame.has_value());
    EXPECT_EQ(parse_reply(*frame).body, "content");
  }
  expect_counter("parked_now", 0);
  expect_none(end());
}

TEST_F(QuietWorkers, DropAndJoinWithoutThem) {
  OfferClient control = connect();
  publish(control, image_of(1, kOld));
  begin();
  const std::string options("x-padding\0" + std::string(200, 'p') + '\0');
  for (const std::string& piece :
       fragments_of(Packet().rrq("one.bin", "octet", options).bytes(), 1, 48)) {
    wire_.send(piece);
  }
  EXPECT_TRUE(wire_.receive().has_value());
  expect_counter("datagrams_joined", 1);
  wire_.send(fragments_of(Packet().rrq("one.bin", "octet", options).bytes(), 2, 48)[0], 1);
  expect_counter("fragments_timed_out", 1);
  wire_.send(Packet().rrq("one.bin").bad_udp_checksum().bytes());
  wire_.send(arp_request(kServerAddress + 1), 1);
  expect_counter("frames_punted", 1);
  expect_counter("drop_udp_checksum", 1);
  expect_none(end());
}

TEST_F(QuietWorkers, TalkToTheKernelWithoutThem) {
  begin();
  for (std::uint32_t queue : {0u, 1u}) {
    wire_.send(Packet().to_port(6970).bytes(), queue);
  }
  expect_counter("frames_punted", 2);
  const std::string frame(100, 'f');
  ASSERT_EQ(::send(kernel_.get(), frame.data(), frame.size(), 0), 100);
  EXPECT_EQ(wire_.receive(), frame);
  expect_none(end());
}

TEST_F(QuietWorkers, AskForNamesAndWakeClientsWithoutThem) {
  ManifestExtras asking;
  asking.policy.miss_rule = abi::MissRule::kAsk;
  asking.policy.miss_park_ms = 8000;
  const SealedSegment base{1001, {{"one.bin", kOld}}};
  OfferClient control = connect();
  publish(control, SealedImage(1, {base}, 2001, 0, 0, asking));
  begin();
  wire_.send(Packet().from(kPhoneAddress, 50001).rrq("late.bin").bytes());
  wire_.send(Packet().from(kPhoneAddress, 50002).rrq("nosuch").bytes(), 1);
  expect_counter("misses_asked", 2);
  asking.tombstones = {{abi::name_key("nosuch", kTestSeed).key, 60000, 0}};
  publish(control, SealedImage(2, {base, {1002, {{"late.bin", kNew}}}}, 2001, 1, 2002, asking));
  EXPECT_TRUE(wire_.receive().has_value());
  EXPECT_TRUE(wire_.receive().has_value());
  expect_counter("misses_found", 1);
  expect_counter("misses_absent", 1);
  expect_none(end());
}

class RestingWorkers : public QuietWorkers {
 protected:
  RestingWorkers() : QuietWorkers({.idle_sleep_us = 1000}) {}
};

// What the tests above rely on: an idle worker that may sleep is seen to do so.
TEST_F(RestingWorkers, AreSeenToEnterTheKernel) {
  begin();
  const Calls calls = end();
  EXPECT_GT(calls.system_calls, 0u);
  EXPECT_EQ(calls.last_system_call, SYS_clock_nanosleep);
  EXPECT_EQ(calls.allocations, 0u);
}

// Likewise for each kind of call, on a worker's thread.
int make_calls(void* memory) {
  auto** volatile place = static_cast<void**>(memory);
  begin_counting();
  *place = std::malloc(100);
  std::free(*place);
  delete[] static_cast<char*>(*place = new char[100]);
  pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
  pthread_mutex_lock(&mutex);
  pthread_mutex_unlock(&mutex);
  ::syscall(SYS_getppid);
  return 0;
}

TEST(ThreadWatch, SeesEachKindOfCall) {
  if (const std::string trouble = watch_workers(); !trouble.empty()) {
    GTEST_SKIP() << trouble;
  }
  for (std::uint32_t worker = 0; worker < kMostWorkers; ++worker) {
    void* memory = nullptr;
    ASSERT_TRUE(eal().launch(worker, &make_calls, &memory).ok());
    ASSERT_TRUE(eal().wait(5000));
    const Calls calls = end_counting();
    EXPECT_EQ(calls.allocations, 4u);
    EXPECT_EQ(calls.locks, 1u);
    EXPECT_GE(calls.system_calls, 1u);
  }
}

// And other threads may do what they want.
TEST(ThreadWatch, CountsTheWorkersThreadsOnly) {
  if (const std::string trouble = watch_workers(); !trouble.empty()) {
    GTEST_SKIP() << trouble;
  }
  void* memory = nullptr;
  make_calls(&memory);
  const Calls calls = end_counting();
  EXPECT_EQ(calls.allocations, 0u);
  EXPECT_EQ(calls.locks, 0u);
  EXPECT_EQ(calls.system_calls, 0u);
}

}  // namespace
}  // namespace dialtone::test
