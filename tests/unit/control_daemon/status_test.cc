// SPDX-License-Identifier: Apache-2.0
//
// What `status` says of the dataplane: the service against the real OfferServer and ImageStore, in
// one thread.
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

#include <iterator>
#include <span>
#include <string>

namespace dialtone::daemon {
namespace {

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

constexpr abi::CounterInfo kCounters[] = {{"acks", "ACKs."}};

class StatusTest : public testing::Test {
 protected:
  StatusTest()
      : store_(1, image::supported_map_mode()),
        server_(*image::OfferServer::listen({.path = folder_.file("dp.sock"),
                                             .counters_fd = counters_.fd(),
                                             .misses_fd = misses_.fd(),
                                             .events_fd = events_.fd()},
                                            store_, [](Severity, const std::string&) {})) {
    abi::format_counters_page(counters_.bytes(), kCounters, 1);
    abi::format_miss_ring(misses_.bytes(), 1);
    abi::format_events_page(events_.bytes(), abi::kMinEvents, 1);
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
  void run() {
    for (int i = 0; i < 20; ++i) {
      now_ += std::chrono::milliseconds(50);
      service_->step(now_);
      server_.step();
    }
  }
  Answer ask() { return std::get<Answer>(status(*service_, {Arguments(none_), {}})); }

  test::TempFolder folder_;
  SharedMemory counters_{abi::counters_page_size(std::size(kCounters), 1)};
  SharedMemory misses_{abi::miss_ring_size(1)};
  SharedMemory events_{abi::events_page_size(abi::kMinEvents, 1)};
  image::ImageStore store_;
  image::OfferServer server_;
  Options options_;
  api::Json none_;
  std::unique_ptr<Service> service_;
  Service::Clock::time_point now_ = Service::Clock::now();
};

TEST_F(StatusTest, APolicyThatIsServed) {
  options_.policy.profile = "cm9";
  start();
  const Answer answer = ask();
  EXPECT_EQ(answer.result["policy"], (api::Json{{"profile", "cm9"}, {"state", "published"}}));
  EXPECT_TRUE(answer.warnings.empty());
}

TEST_F(StatusTest, APolicyThatIsRefusedIsToldWithTheCure) {
  start();
  options_.policy.served.policy.retransmit_ms = 1;  // below what the validator takes
  start();
  const Answer answer = ask();
  EXPECT_EQ(answer.result["policy"]["state"], "refused");
  const std::string why = answer.result["policy"]["why"];
  EXPECT_NE(why.find("retransmit_ms"), std::string::npos) << why;
  EXPECT_NE(why.find("'dialtone build' offers it again"), std::string::npos) << why;
  ASSERT_EQ(answer.warnings.size(), 1U);
  EXPECT_EQ(answer.warnings[0], "the files are served under an older [policy]: " + why);
  EXPECT_EQ(answer.result["publish"]["state"], "published") << "the files are the same";
}

TEST_F(StatusTest, FaultyRecordsOfTheDataplaneAreToldWithTheCure) {
  options_.asks_for_misses = true;
  start();
  EXPECT_EQ(ask().result["dataplane"]["faulty_events"], 0);
  EXPECT_EQ(ask().result["dataplane"]["faulty_misses"], 0);
  abi::EventRing(events_.bytes(), 0).write({});           // of no kind
  abi::worker_miss_ring(misses_.bytes(), 0).written = 1;  // of no name
  run();
  const Answer answer = ask();
  EXPECT_EQ(answer.result["dataplane"]["faulty_events"], 1);
  EXPECT_EQ(answer.result["dataplane"]["faulty_misses"], 1);
  ASSERT_EQ(answer.warnings.size(), 2U);
  EXPECT_EQ(answer.warnings[0],
            "the dataplane is at fault: of the newest records of its events page, 1 is faulty and "
            "left out; restart dialtone-dataplane, of the same release as dialtone-control");
  const auto of_events = std::get<Answer>(events(*service_, {Arguments(none_), {}}));
  ASSERT_EQ(of_events.warnings.size(), 1U);
  EXPECT_EQ(of_events.warnings[0].find("the dataplane is at fault: of the records of its events "),
            0U)
      << of_events.warnings[0];
}

TEST_F(StatusTest, FilesThatAreRefusedAreNotCalledServed) {
  options_.policy.served.policy.retransmit_ms = 1;
  start();
  const Answer answer = ask();
  EXPECT_EQ(answer.result["policy"]["state"], "refused");
  ASSERT_EQ(answer.warnings.size(), 1U);
  EXPECT_EQ(answer.warnings[0].find("the newest files are not served: the dataplane refused it: "),
            0U)
      << answer.warnings[0];
}

}  // namespace
}  // namespace dialtone::daemon
