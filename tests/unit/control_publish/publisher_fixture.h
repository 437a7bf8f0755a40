// SPDX-License-Identifier: Apache-2.0
//
// Control's publisher against the dataplane's real OfferServer and ImageStore, in one thread: each
// step of the one is followed by a step of the other.
#pragma once

#include "control/image/policy.h"
#include "control/image/segment_stack.h"
#include "control/publish/publisher.h"
#include "dataplane/image/offer_server.h"
#include "tests/support/temp_folder.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <string>

namespace dialtone::publish {

// One dataplane: store and offer socket, with no worker to wait for.
class Dataplane {
 public:
  explicit Dataplane(const std::string& socket)
      : store_(1, image::supported_map_mode()),
        server_(*image::OfferServer::listen({.path = socket}, store_,
                                            [](Severity, const std::string&) {})) {}

  void step() { server_.step(); }
  image::ImageStore& store() { return store_; }
  image::ServiceDesk& service() { return server_.service(); }

  std::string content(const std::string& name) {
    const abi::LiveImage* live = store_.current();
    const auto file = live == nullptr ? std::nullopt : live->view.find(name);
    return file ? std::string(reinterpret_cast<const char*>(file->content), file->record->length)
                : "(none)";
  }

 private:
  image::ImageStore store_;
  image::OfferServer server_;
};

class PublisherTest : public testing::Test {
 protected:
  PublisherTest() { start_control(); }

  void start_control() {
    publisher_.emplace(folder_.file("dp.sock"), image_, policy_,
                       [this](Severity, const std::string& line) { log_ += line + "\n"; });
  }

  void change(const std::string& name, const std::string& content) {
    image_build::SegmentStack stack;
    auto room = stack.begin(name, content.size());
    std::copy(content.begin(), content.end(), reinterpret_cast<char*>(room->data()));
    stack.commit(content.size(), {});
    auto written = stack.finish();
    ASSERT_TRUE(written.ok());
    if (image_.version() == 0) {
      image_build::FileTable files;
      for (auto& [key, entry] : *written) {
        files.put(key, std::move(entry));
      }
      ASSERT_TRUE(image_.rebase(std::move(files)).ok());
    } else {
      ASSERT_TRUE(image_.apply({*std::move(written), {}}).ok());
    }
  }

  void run(int turns = 20) {
    for (int i = 0; i < turns; ++i) {
      now_ += std::chrono::milliseconds(50);
      publisher_->step(now_);
      if (dataplane_) {
        dataplane_->step();
      }
    }
  }
  void run_dataplane() {
    for (int i = 0; i < 20; ++i) {
      dataplane_->step();
    }
  }
  void start_dataplane() { dataplane_.emplace(folder_.file("dp.sock")); }

  PublishState state() { return publisher_->state(image_.version()); }

  test::TempFolder folder_;
  image_build::Image image_;
  image_build::ServedPolicy policy_{image_build::default_policy(), {}};
  std::string log_;
  std::optional<Publisher> publisher_;
  std::optional<Dataplane> dataplane_;
  Publisher::Clock::time_point now_{};
};

}  // namespace dialtone::publish
