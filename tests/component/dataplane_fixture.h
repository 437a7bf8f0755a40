// SPDX-License-Identifier: Apache-2.0
//
// The whole dataplane but main(): workers on their lcores behind a ring port, a store, the offer
// socket served by a thread, and a control that talks to it. One EAL for all tests of the binary.
#pragma once

#include "dataplane/app/counters_memory.h"
#include "dataplane/app/exception_path.h"
#include "dataplane/app/worker_group.h"
#include "dataplane/image/offer_server.h"
#include "dataplane/io/eal.h"
#include "tests/component/ring_client.h"
#include "tests/support/packet_builder.h"
#include "tests/support/reply_view.h"
#include "tests/support/sealed_image.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>

namespace dialtone::test {

// Workers that the EAL has lcores for; a fixture may have fewer.
inline constexpr std::uint32_t kMostWorkers = 2;

io::Eal& eal();

struct DataplaneConfig {
  image::MapMode mode = image::supported_map_mode();
  std::uint32_t idle_sleep_us = 0;
  std::uint32_t workers = 1;
  image::ImageStore::Clock::duration drain_deadline = image::ImageStore::kDrainDeadline;
  bool single_port = false;
  std::uint32_t punts_per_second = 0;  // 0: without a kernel
  // The product's own in place of the loop that lets ask_store() in between.
  bool housekeeper = false;
  std::chrono::seconds stop_within{0};  // of that one
};

// What a transfer brought: the file, or why not.
struct Fetched {
  std::string content;
  std::string fault;  // empty: complete
};

class Dataplane : public testing::Test {
 protected:
  explicit Dataplane(const DataplaneConfig& config = {});
  ~Dataplane() override;

  // Connects a control that has read HELLO.
  OfferClient connect();
  // Offers and waits for PUBLISHED.
  void publish(OfferClient& control, const SealedImage& image);

  void stop_workers();

  // To the product's housekeeper; and whether it has ended.
  void signal(int number);
  bool has_ended() const { return ended_.load(std::memory_order_acquire); }

  // Of the store, between two steps of the housekeeper, whose it is.
  template <typename Question>
  auto ask_store(Question question) const {
    const std::lock_guard lock(store_mutex_);
    return question(store_);
  }
  std::size_t live_generations() const {
    return ask_store([](const image::ImageStore& store) { return store.live_generations(); });
  }
  std::uint64_t mapped_bytes() const {
    return ask_store([](const image::ImageStore& store) { return store.mapped_bytes(); });
  }

  // Frames of requests, and of ACKs, come into these queues.
  void use_queues(std::uint32_t requests, std::uint32_t acks) {
    request_queue_ = requests;
    ack_queue_ = acks;
  }

  // A request from `port`; the answer's DATA 1, checked.
  ReplyView request(const std::string& name, std::uint16_t port = 49152);
  // The next frame for that port. Copies for others may come before it.
  ReplyView reply_to(std::uint16_t port);
  // Acknowledges `first` and whatever follows until the end.
  Fetched finish(const ReplyView& first, std::uint16_t port = 49152);
  Fetched fetch(const std::string& name, std::uint16_t port = 49152);

  std::uint64_t counter(std::string_view name) const;
  // The last frame of a test may still be on its way.
  void expect_counter(std::string_view name, std::uint64_t value) const;
  // Its value when it is at least `value`, or does not come to it: the last packet of an exchange
  // gets no answer that could be waited for.
  std::uint64_t counter_when(std::string_view name, std::uint64_t value) const;
  std::string socket_path() const { return folder_ + "/dataplane.sock"; }

  RingClient wire_;
  std::string folder_;
  app::CountersMemory counters_;
  app::MissMemory misses_;
  app::EventsMemory events_;
  image::ImageStore store_;
  io::Port port_;
  server::OurAddresses addresses_;
  UniqueFd kernel_;  // its end of what stands where the exception TAP does
  std::optional<app::ExceptionPath> exceptions_;
  app::WorkerGroup workers_;

 private:
  void run_housekeeping();
  void run_housekeeper();

  std::uint32_t request_queue_ = 0;
  std::uint32_t ack_queue_ = 0;
  bool running_ = true;
  std::optional<image::OfferServer> offers_;
  std::chrono::seconds stop_within_;
  std::atomic<bool> stop_{false};
  std::atomic<bool> ended_{false};
  UniqueFd signals_;                // of the product's housekeeper: where a signal to end comes out
  UniqueFd signal_;                 // and where it goes in
  mutable std::mutex store_mutex_;  // the housekeeper's, while it steps
  std::thread housekeeper_;
};

}  // namespace dialtone::test
