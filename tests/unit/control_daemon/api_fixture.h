// SPDX-License-Identifier: Apache-2.0
//
// The control socket with a real service behind it, in one thread with its client: first the client
// sends, then the server steps, then the client reads. No dataplane is there unless a test has one.
#pragma once

#include "control/api/message.h"
#include "control/daemon/api_server.h"
#include "tests/support/temp_folder.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <sys/stat.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace dialtone::daemon {

class ApiFixture : public testing::Test {
 protected:
  using Json = api::Json;

  ApiFixture() {
    folder_.write("assets/RingList.xml", "<rings/>");
    start({});
  }

  // Another control on the same folder, whose encoder of .cnf and of the text form is this script.
  void with_encoder(const std::string& script) {
    server_.reset();
    service_.reset();
    folder_.write("encoder", "#!/bin/sh\n" + script);
    ::chmod(folder_.file("encoder").c_str(), 0700);
    Options options;
    options.encoders.cnf = options.encoders.ld = folder_.file("encoder");
    start(std::move(options));
  }

  UniqueFd connect() {
    auto client = connect_unix(folder_.file("control.sock"), SocketType::kSeqPacket);
    EXPECT_TRUE(client.ok());
    ::fcntl(client->get(), F_SETFL, O_NONBLOCK);
    return *std::move(client);
  }

  virtual void step() {
    service_->step(Clock::now());
    server_->step(Clock::now());
  }

  Json call(const std::string& command, Json arguments = Json::object(), int attachment = -1) {
    const Json request = {{"command", command}, {"arguments", std::move(arguments)}};
    return send(request, attachment);
  }

  Json send(const Json& request, int attachment = -1) {
    EXPECT_TRUE(api::send_document(client_.get(), request,
                                   {&attachment, attachment < 0 ? std::size_t{0} : 1})
                    .ok());
    step();
    auto reply = api::receive_document(client_.get());
    // An import has a thread of its own.
    for (int i = 0; i < 20'000 && !reply && service_->import() != nullptr; ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
      step();
      reply = api::receive_document(client_.get());
    }
    if (!reply) {
      return {{"error", reply.error().text}};
    }
    attachments_ = std::move(reply->attachments);
    return std::move(reply->json);
  }

  Json import_csv(const std::string& text, bool check = false) {
    const auto file = api::text_memfd(text);
    return call("import csv", {{"file", "phones.csv"}, {"check", check}}, file->get());
  }

  Json add_phone() {
    return call("device add", {{"name", "SEP001122334455"},
                               {"set",
                                {{"model", "Cisco 7965"},
                                 {"protocol", "SIP"},
                                 {"pool", "Default"},
                                 {"line1.dn", "1001"}}}});
  }

  std::string content(const std::string& name) {
    const Json reply = call("files cat", {{"name", name}});
    if (!reply.value("ok", false)) {
      return reply.value("error", "");
    }
    std::string text(reply["result"]["length"].get<std::size_t>(), 0);
    EXPECT_EQ(::pread(attachments_.at(0).get(), text.data(), text.size(),
                      reply["result"]["offset"].get<off_t>()),
              static_cast<ssize_t>(text.size()));
    return text;
  }

  void start(Options options) {
    options.socket = folder_.file("control.sock");
    options.dataplane = folder_.file("dataplane.sock");
    options.database = folder_.file("phones.db");
    options.assets = folder_.file("assets");
    service_ = *Service::open(options);
    server_.emplace(*ApiServer::listen(options.socket, *service_));
    EXPECT_TRUE(service_->build_all().ok());
    client_ = connect();
  }

  using Clock = ApiServer::Clock;
  test::TempFolder folder_;
  std::unique_ptr<Service> service_;
  std::optional<ApiServer> server_;
  UniqueFd client_;
  std::vector<UniqueFd> attachments_;
};

}  // namespace dialtone::daemon
