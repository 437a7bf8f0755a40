// SPDX-License-Identifier: Apache-2.0
//
// A service that keeps generations, against the dataplane's real OfferServer and ImageStore, in one
// thread; either of them can be started anew.
#pragma once

#include "control/daemon/commands.h"
#include "control/database/device_keys.h"
#include "control/database/device_store.h"
#include "dataplane/image/offer_server.h"
#include "tests/support/temp_folder.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <variant>

namespace dialtone::daemon {

class GenerationsTest : public testing::Test {
 protected:
  GenerationsTest() {
    options_.dataplane = folder_.file("dp.sock");
    options_.database = folder_.file("phones.db");
    options_.generations = folder_.file("phones.generations");
    options_.assets = folder_.file("assets");
    folder_.write("assets/RingList.xml", "rings");
    start_dataplane();
  }

  struct Dataplane {
    explicit Dataplane(const std::string& path)
        : store(1, image::supported_map_mode()),
          server(*image::OfferServer::listen({.path = path}, store,
                                             [](Severity, const std::string&) {})) {}
    image::ImageStore store;
    image::OfferServer server;
  };
  void start_dataplane() {
    dataplane_.reset();
    dataplane_.emplace(options_.dataplane);
  }
  // Also after one before it has ended, or was killed: a folder does not know the difference.
  void start_control() {
    service_.reset();
    dataplane_->server.step();  // sees that it has gone
    service_ = *Service::open(options_);
    service_->start();
    run();
  }
  void run(int seconds = 1) {
    for (int i = 0; i < 20 * seconds; ++i) {
      now_ += std::chrono::milliseconds(50);
      service_->step(now_);
      dataplane_->server.step();
    }
  }

  void set_phone(const std::string& label) {
    auto* database = service_->database();
    ASSERT_NE(database, nullptr);
    database::Device device;
    EXPECT_TRUE(set_key(device, "name", "SEP000000000001").ok());
    EXPECT_TRUE(set_key(device, "model", "Cisco 8841").ok());
    EXPECT_TRUE(set_key(device, "label", label).ok());
    EXPECT_TRUE(database::DeviceStore(*database).write(device).ok());
    EXPECT_TRUE(service_->follow_database().ok());
    run();
  }

  // Of the dataplane; nothing: it does not have it.
  std::optional<std::string> served(std::string_view name) const {
    const auto* live = dataplane_->store.current();
    const auto file = live == nullptr ? std::nullopt : live->view.find(name);
    return file ? std::optional(std::string(reinterpret_cast<const char*>(file->content),
                                            file->record->length))
                : std::nullopt;
  }
  bool serves_label(const std::string& label) const {
    return served(kPhone).value_or("").find(label) != std::string::npos;
  }
  std::uint64_t generation() const {
    return dataplane_->store.current()->view.manifest().generation;
  }
  std::string warnings() const {
    std::string text;
    for (const std::string& warning : service_->warnings()) {
      text += warning + "\n";
    }
    return text;
  }

  api::Document document(const std::string& command, api::Json arguments) {
    api::Document document;
    document.json = {{"command", command}, {"arguments", std::move(arguments)}};
    return document;
  }
  Outcome run_it(const std::string& command, api::Json arguments = api::Json::object()) {
    auto asked = document(command, std::move(arguments));
    Outcome outcome = run_command(*service_, asked);
    run();
    return outcome;
  }
  api::Json ask(const std::string& command, api::Json arguments = api::Json::object()) {
    Outcome outcome = run_it(command, std::move(arguments));
    if (const auto* refusal = std::get_if<Refusal>(&outcome)) {
      return {{"error", refusal->error.text}};
    }
    auto& answer = std::get<Answer>(outcome);
    if (answer.publish) {
      answer.result["publish"] = publish_json(*service_, *answer.publish);
    }
    return answer.result;
  }

  static constexpr const char* kPhone = "sep000000000001.cnf.xml";
  test::TempFolder folder_;
  Options options_;
  std::optional<Dataplane> dataplane_;
  std::unique_ptr<Service> service_;
  Service::Clock::time_point now_ = Service::Clock::now();
};

}  // namespace dialtone::daemon
