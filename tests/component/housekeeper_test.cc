// SPDX-License-Identifier: Apache-2.0
//
// The housekeeper beside workers that stand still, and a port whose link goes down.
#include "tests/component/dataplane_fixture.h"

#include <rte_ethdev.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

#include <sys/syscall.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <span>

namespace dialtone::test {
namespace {

std::atomic<bool> is_held{false};

void stand_still(int) {
  while (is_held.load()) {
    const timespec time{0, 1'000'000};
    ::nanosleep(&time, nullptr);
  }
}

// Stops the threads of all workers where they are, as a debugger would.
void hold_workers() {
  struct sigaction action {};
  action.sa_handler = stand_still;
  action.sa_flags = SA_RESTART;
  ASSERT_EQ(::sigaction(SIGUSR1, &action, nullptr), 0);
  is_held.store(true);
  int held = 0;
  for (const auto& thread : std::filesystem::directory_iterator("/proc/self/task")) {
    std::string name;
    std::getline(std::ifstream(thread.path() / "comm"), name);
    if (name.find("worker") != std::string::npos) {
      ::syscall(SYS_tgkill, ::getpid(), std::stoi(thread.path().filename()), SIGUSR1);
      ++held;
    }
  }
  EXPECT_EQ(held, kMostWorkers) << "EAL names the threads of its lcores so";
}

void wait_ms(int ms) {
  std::this_thread::sleep_for(std::chrono::milliseconds(ms));
}

class HousekeeperTest : public Dataplane {
 protected:
  HousekeeperTest() : Dataplane({.housekeeper = true}) { testing::internal::CaptureStdout(); }

  void TearDown() override {
    is_held.store(false);
    testing::internal::GetCapturedStdout();
  }
  static void order(OfferClient& control, abi::ServiceOrder order, std::uint32_t number) {
    const abi::ServiceMessage message{abi::offer_header(abi::OfferType::kService), order, number};
    control.send_bytes(std::as_bytes(std::span(&message, 1)));
  }
  // What it has logged since the last call, if `word` is in it.
  std::string said(const std::string& word) {
    std::string text = testing::internal::GetCapturedStdout();
    testing::internal::CaptureStdout();
    return text.find(word) != std::string::npos ? text : "";
  }
};

TEST_F(HousekeeperTest, SaysOfAWorkerThatStandsStillAndServesControlMeanwhile) {
  hold_workers();
  wait_ms(600);
  EXPECT_EQ(said("worker"), "") << "it may have lost its CPU for a moment";
  connect();  // reads HELLO
  wait_ms(1200);
  const std::string text = said("worker");
  EXPECT_NE(text.find("worker 0 has not moved for 1000 ms"), std::string::npos) << text;
  is_held.store(false);
  wait_ms(500);
  EXPECT_NE(said("worker 0 moves again"), "");
}

TEST_F(HousekeeperTest, AnOrderIsAnsweredWhenTheWorkersHaveTakenItUp) {
  OfferClient control = connect();
  hold_workers();
  order(control, abi::ServiceOrder::kDrain, 1);
  EXPECT_TRUE(control.hears_nothing(std::chrono::milliseconds(300))) << "they serve on";
  order(control, abi::ServiceOrder::kStart, 2);
  EXPECT_TRUE(control.hears_nothing(std::chrono::milliseconds(300))) << "they may still drain";
  is_held.store(false);
  const auto answer = control.state();
  ASSERT_TRUE(answer.has_value());
  EXPECT_EQ(answer->number, 2U);
  EXPECT_EQ(answer->state, abi::ServiceState::kRunning);
}

TEST_F(HousekeeperTest, AnOrderIsAnsweredWithoutAPause) {
  OfferClient control = connect();
  auto fastest = std::chrono::steady_clock::duration::max();  // of several: the machine may be busy
  for (std::uint32_t number = 1; number <= 10; ++number) {
    const auto begin = std::chrono::steady_clock::now();
    order(control, abi::ServiceOrder::kStart, number);
    const auto answer = control.state();
    ASSERT_TRUE(answer.has_value());
    EXPECT_EQ(answer->number, number);
    fastest = std::min(fastest, std::chrono::steady_clock::now() - begin);
  }
  EXPECT_LT(fastest, std::chrono::milliseconds(50));
}

TEST_F(HousekeeperTest, CountsAndSaysWhenTheLinkGoesDownAndComesBack) {
  expect_counter("link_up", 1);
  ASSERT_EQ(rte_eth_dev_set_link_down(port_.id()), 0);
  expect_counter("link_up", 0);
  EXPECT_NE(said("is down: no client is reached"), "");
  ASSERT_EQ(rte_eth_dev_set_link_up(port_.id()), 0);
  expect_counter("link_up", 1);
  EXPECT_NE(said("is up again"), "");
}

}  // namespace
}  // namespace dialtone::test
