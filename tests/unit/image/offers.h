// SPDX-License-Identifier: Apache-2.0
//
// An offer server on a socket and a thread of its own, and controls that connect to it.
#pragma once

#include "dataplane/image/offer_server.h"
#include "tests/support/sealed_image.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <sys/mman.h>
#include <sys/stat.h>

#include <atomic>
#include <chrono>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace dialtone::image {

using test::OfferClient;
using test::SealedImage;
using test::SealedSegment;

inline constexpr const char* kPhone = "sep001122334455.cnf.xml";
inline const SealedSegment kOne{101, {{kPhone, "one"}}};
inline const SealedSegment kTwo{102, {{kPhone, "two"}}};

class Offers : public testing::Test {
 protected:
  Offers() {
    char folder[] = "/tmp/dialtone-offer-XXXXXX";
    EXPECT_NE(::mkdtemp(folder), nullptr);
    folder_ = folder;
    ::chmod(folder, 0755);
    auto server = OfferServer::listen({.path = path(),
                                       .counters_fd = counters_.get(),
                                       .misses_fd = misses_.get(),
                                       .events_fd = events_.get()},
                                      store_, [this](Severity, const std::string& line) {
                                        const std::lock_guard lock(mutex_);
                                        log_ += line + '\n';
                                      });
    EXPECT_TRUE(server.ok());
    server_.emplace(std::move(*server));
    thread_ = std::thread([this] { run(); });
  }
  ~Offers() override {
    stop_.store(true, std::memory_order_release);
    thread_.join();
    server_.reset();
    EXPECT_EQ(::rmdir(folder_.c_str()), 0) << "the socket's file must be gone";
  }

  std::string path() const { return folder_ + "/dataplane.sock"; }

  void run() {
    while (!stop_.load(std::memory_order_acquire)) {
      std::vector<pollfd> fds;
      server_->add_poll_fds(fds);
      ::poll(fds.data(), fds.size(), 1);
      server_->step();
    }
  }

  bool logged(const std::string& words) {
    for (int i = 0; i < 2000; ++i) {
      {
        const std::lock_guard lock(mutex_);
        if (log_.find(words) != std::string::npos) {
          return true;
        }
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    ADD_FAILURE() << "not in the log: " << words << "\n" << log_;
    return false;
  }

  OfferClient connect() {
    auto client = OfferClient::connect(path());
    EXPECT_TRUE(client.has_value());
    return std::move(*client);
  }
  OfferClient connect_and_greet() {
    OfferClient client = connect();
    EXPECT_TRUE(client.hello().has_value());
    return client;
  }
  // What answers the next OFFER.
  static std::pair<abi::OfferType, std::string> answer(OfferClient& client) {
    const auto reply = client.reply();
    return reply ? std::pair(reply->header.type, std::string(reply->text))
                 : std::pair(abi::OfferType{}, std::string("(closed)"));
  }
  void publish_one() {
    OfferClient client = connect_and_greet();
    client.send_all(SealedImage(1, {kOne}, 200));
    ASSERT_EQ(answer(client).first, abi::OfferType::kPublished);
  }
  // Generation 1 is served whatever a peer did, and a good control can still publish.
  void expect_unharmed() {
    OfferClient client = connect();
    const auto hello = client.hello();
    ASSERT_TRUE(hello.has_value());
    EXPECT_EQ(hello->generation, 1u);
    client.send_all(SealedImage(2, {kTwo}, 201));
    EXPECT_EQ(answer(client).first, abi::OfferType::kPublished);
    EXPECT_EQ(answer(client).first, abi::OfferType::kRetired);
  }

  std::string folder_;
  UniqueFd counters_{::memfd_create("counters", MFD_CLOEXEC)};
  UniqueFd misses_{::memfd_create("misses", MFD_CLOEXEC)};
  UniqueFd events_{::memfd_create("events", MFD_CLOEXEC)};
  std::mutex mutex_;
  std::string log_;
  ImageStore store_{1, supported_map_mode()};
  std::optional<OfferServer> server_;
  std::atomic<bool> stop_{false};
  std::thread thread_;
};

}  // namespace dialtone::image
