// SPDX-License-Identifier: Apache-2.0
//
// What `status` says: the service against the real OfferServer and ImageStore, in one thread, and
// the pages of a dataplane that tests write.
#pragma once

#include "control/daemon/commands.h"
#include "dataplane/abi/counters_page.h"
#include "dataplane/abi/events_page.h"
#include "dataplane/abi/miss_ring.h"
#include "dataplane/base/mapping.h"
#include "dataplane/base/unique_fd.h"
#include "dataplane/image/offer_server.h"
#include "tests/support/temp_folder.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <sys/mman.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace dialtone::daemon {

// As the dataplane shares it.
class SharedMemory {
 public:
  explicit SharedMemory(std::size_t size)
      : fd_(::memfd_create("dialtone-test", MFD_CLOEXEC | MFD_ALLOW_SEALING)) {
    EXPECT_EQ(::ftruncate(fd_.get(), static_cast<off_t>(size)), 0);
    memory_ =
        Mapping(::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd_.get(), 0), size);
    EXPECT_EQ(::fcntl(fd_.get(), F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW), 0);
  }

  int fd() const { return fd_.get(); }
  std::span<std::byte> bytes() const { return memory_.writable_bytes(); }

 private:
  UniqueFd fd_;
  Mapping memory_;
};

inline constexpr std::size_t kWorkers = 2;
inline constexpr abi::CounterInfo kCounters[] = {
    {"heartbeat", "Turns."},
    {"sessions_active", "Now."},
    {"serving_limit", "Now."},
    {"parked_now", "Now."},
    {"requests_busy", "Requests."},
    {"drop_sessions_exhausted", "Requests."},
    {"address_conflicts", "Frames."},
    {"requests_under_attack", "Requests."},
    {"drop_unanswered", "Requests."},
    {"link_up", "0 or 1."},
    {"addresses_lost", "Now."},
    {"packets_too_big", "Packets."},
    {"drop_source_rate", "Requests."},
    {"drop_prefix_rate", "Requests."},
    {"drop_first_packets", "Requests."},
    {"frames_received", "Frames."},
    {"port_missed", "Frames."},
    {"port_no_buffer", "Frames."},
    {"port_broken", "Frames."},
    {"port_not_sent", "Frames."},
    {"frames_not_sent", "Frames."},
    {"stopping_now", "Workers."},
};

class StatusTest : public testing::Test {
 protected:
  StatusTest()
      : store_(1, image::supported_map_mode()),
        server_(*image::OfferServer::listen({.path = folder_.file("dp.sock"),
                                             .counters_fd = counters_.fd(),
                                             .misses_fd = misses_.fd(),
                                             .events_fd = events_.fd()},
                                            store_, [](Severity, const std::string&) {})) {
    abi::format_counters_page(counters_.bytes(), kCounters, kWorkers);
    abi::format_miss_ring(misses_.bytes(), 1);
    abi::format_events_page(events_.bytes(), abi::kMinEvents, 1);
    count("link_up") = 1;
    folder_.write("assets/RingList.xml", "rings");
    options_.dataplane = folder_.file("dp.sock");
    options_.assets = folder_.file("assets");
  }

  void start() {
    service_.reset();
    server_.step();
    service_ = *Service::open(options_);
    ASSERT_TRUE(service_->build_all().ok());
    run();
  }
  void run(int seconds = 1) {
    for (int i = 0; i < 20 * seconds; ++i) {
      now_ += std::chrono::milliseconds(50);
      for (std::size_t worker = 0; worker < kWorkers; ++worker) {
        count("heartbeat", worker) += moves_[worker];
      }
      service_->step(now_);
      server_.step();
    }
  }
  std::uint64_t& count(std::string_view name, std::size_t worker = 0) {
    const auto* found = std::find_if(std::begin(kCounters), std::end(kCounters),
                                     [&](const auto& counter) { return counter.name == name; });
    EXPECT_NE(found, std::end(kCounters)) << name;
    return abi::worker_counters(counters_.bytes(), worker)[found - std::begin(kCounters)];
  }
  Answer ask() { return std::get<Answer>(status(*service_, {Arguments(none_), {}})); }

  test::TempFolder folder_;
  SharedMemory counters_{abi::counters_page_size(std::size(kCounters), kWorkers)};
  SharedMemory misses_{abi::miss_ring_size(1)};
  SharedMemory events_{abi::events_page_size(abi::kMinEvents, 1)};
  image::ImageStore store_;
  image::OfferServer server_;
  Options options_;
  api::Json none_;
  std::array<bool, kWorkers> moves_{true, true};
  std::unique_ptr<Service> service_;
  Service::Clock::time_point now_ = Service::Clock::now();
};

}  // namespace dialtone::daemon
