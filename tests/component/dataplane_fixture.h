// SPDX-License-Identifier: Apache-2.0
//
// The whole dataplane but main(): a worker on its lcore behind a ring port, a store, the offer
// socket served by a thread, and a control that talks to it. One EAL for all tests of the binary.
#pragma once

#include "dataplane/app/counters_memory.h"
#include "dataplane/app/worker.h"
#include "dataplane/image/offer_server.h"
#include "dataplane/io/eal.h"
#include "tests/component/ring_client.h"
#include "tests/support/packet_builder.h"
#include "tests/support/reply_view.h"
#include "tests/support/sealed_image.h"

#include <gtest/gtest.h>

#include <atomic>
#include <optional>
#include <string>
#include <thread>
#include <utility>

namespace dialtone::test {

io::Eal& eal();

// What a transfer brought: the file, or why not.
struct Fetched {
  std::string content;
  std::string fault;  // empty: complete
};

class Dataplane : public testing::Test {
 protected:
  explicit Dataplane(image::MapMode mode = image::supported_map_mode(),
                     std::uint32_t idle_sleep_us = 0);
  ~Dataplane() override;

  // Connects a control that has read HELLO.
  OfferClient connect();
  // Offers and waits for PUBLISHED.
  void publish(OfferClient& control, const SealedImage& image);

  void stop_worker();

  // A request from `port`; the answer's DATA 1, checked.
  ReplyView request(const std::string& name, std::uint16_t port = 49152);
  // Acknowledges `last` and whatever follows until the end.
  Fetched finish(const ReplyView& first, std::uint16_t port = 49152);
  Fetched fetch(const std::string& name, std::uint16_t port = 49152);

  std::uint64_t counter(std::string_view name) const;
  std::string socket_path() const { return folder_ + "/dataplane.sock"; }

  RingClient wire_;
  std::string folder_;
  app::CountersMemory counters_;
  image::ImageStore store_;
  io::Port port_;
  server::OurAddresses addresses_;
  app::Worker worker_;

 private:
  void run_housekeeping();

  bool running_ = true;
  std::optional<image::OfferServer> offers_;
  std::atomic<bool> stop_{false};
  std::thread housekeeper_;
};

}  // namespace dialtone::test
