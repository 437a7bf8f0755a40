// SPDX-License-Identifier: Apache-2.0
//
// Frames that are not ours on their way to the kernel and back; a pair of sockets stands where the
// TAP does, and a socket that is closed for one that has gone.
#include "tests/component/dataplane_fixture.h"

#include <poll.h>

#include <sys/socket.h>

namespace dialtone::test {
namespace {

const std::string kContent(5000, 'x');

std::string tcp_frame(std::uint32_t to = kServerAddress) {
  return Packet().to_address(to).protocol(6).bytes();
}

class Exceptions : public Dataplane {
 protected:
  explicit Exceptions(std::uint32_t workers = 1, std::uint32_t punts_per_second = 1'000'000)
      : Dataplane({.workers = workers, .punts_per_second = punts_per_second}) {}

  // The next frame that the kernel gets; empty: none comes.
  std::string at_kernel() {
    pollfd wait{kernel_.get(), POLLIN, 0};
    if (::poll(&wait, 1, static_cast<int>(std::chrono::milliseconds(kPatience).count())) != 1) {
      return {};
    }
    std::string frame(2048, '\0');
    const ssize_t length = ::recv(kernel_.get(), frame.data(), frame.size(), 0);
    frame.resize(length < 0 ? 0 : static_cast<std::size_t>(length));
    return frame;
  }
  void send_from_kernel(const std::string& frame) {
    ASSERT_EQ(::send(kernel_.get(), frame.data(), frame.size(), 0),
              static_cast<ssize_t>(frame.size()));
  }
};

TEST_F(Exceptions, TheKernelGetsWhatIsNotOursAsItCame) {
  const std::string other = tcp_frame(kServerAddress + 7);
  for (const std::string& frame :
       {tcp_frame(), other, arp_request(kServerAddress + 7), Packet().to_port(6970).bytes()}) {
    wire_.send(frame);
    EXPECT_EQ(at_kernel(), frame);
  }
  expect_counter("frames_punted", 4);
  expect_counter("punts_dropped", 0);
  EXPECT_TRUE(comes_true([this] { return wire_.buffers_out() == 0; }));
}

TEST_F(Exceptions, WhatIsOursOrBrokenNeverGetsThere) {
  wire_.send(arp_request(kServerAddress));
  EXPECT_TRUE(wire_.receive().has_value());
  wire_.send(Packet().bad_ip_checksum().bytes());
  wire_.send(Packet().to_mac({{2, 9, 9, 9, 9, 9}}).bytes());
  wire_.send(tcp_frame());
  EXPECT_EQ(at_kernel(), tcp_frame()) << "the first that comes is the last that was sent";
  expect_counter("frames_punted", 1);
}

TEST_F(Exceptions, WhatTheKernelSendsGoesOutPadded) {
  const std::string request = arp_request(kPhoneAddress, kServerAddress + 7).substr(0, 42);
  send_from_kernel(request);
  EXPECT_EQ(wire_.receive(), request + std::string(18, '\0'));
  const std::string large(1514, 'L');
  send_from_kernel(large);
  EXPECT_EQ(wire_.receive(), large);
  expect_counter("kernel_frames", 2);
}

TEST_F(Exceptions, ATransferGoesOnMeanwhile) {
  OfferClient control = connect();
  publish(control, SealedImage(1, {{1, {{"one.bin", kContent}}}}, 2));
  const ReplyView first = request("one.bin");
  for (int i = 0; i < 200; ++i) {
    wire_.send(tcp_frame());
    EXPECT_EQ(at_kernel(), tcp_frame()) << i;
  }
  EXPECT_EQ(finish(first).content, kContent);
}

TEST_F(Exceptions, AKernelThatTakesNothingCostsTheWorkerNothing) {
  OfferClient control = connect();
  publish(control, SealedImage(1, {{1, {{"one.bin", kContent}}}}, 2));
  kernel_.reset();
  for (int i = 0; i < 50; ++i) {
    wire_.send(tcp_frame());
  }
  expect_counter("frames_punted", 50);
  EXPECT_TRUE(
      comes_true([this] { return counter("punts_refused") + counter("punts_dropped") == 50; }));
  EXPECT_EQ(fetch("one.bin").content, kContent);
}

class SlowExceptions : public Exceptions {
 protected:
  SlowExceptions() : Exceptions(1, 1) {}
};

TEST_F(SlowExceptions, MoreThanTheRateIsDroppedForItsOwnReason) {
  for (int i = 0; i < 100; ++i) {
    wire_.send(tcp_frame());
  }
  const std::uint64_t punted = counter_when("frames_punted", 64);
  EXPECT_GE(punted, 64u);
  EXPECT_GT(counter_when("drop_protocol", 20), 20u);
}

class TwoWorkersExceptions : public Exceptions {
 protected:
  TwoWorkersExceptions() : Exceptions(2) {}
};

TEST_F(TwoWorkersExceptions, EachGivesAndTheFirstSends) {
  for (std::uint32_t queue : {0u, 1u}) {
    wire_.send(tcp_frame(kServerAddress + queue), queue);
    EXPECT_EQ(at_kernel(), tcp_frame(kServerAddress + queue));
  }
  send_from_kernel(tcp_frame());
  EXPECT_EQ(wire_.receive(), tcp_frame());
  EXPECT_EQ(wire_.received_from(), 0u);
}

}  // namespace
}  // namespace dialtone::test
