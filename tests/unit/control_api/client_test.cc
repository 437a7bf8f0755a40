// SPDX-License-Identifier: Apache-2.0
#include "control/api/client.h"

#include "dataplane/base/unix_listener.h"
#include "tests/support/temp_folder.h"

#include <gtest/gtest.h>
#include <poll.h>

#include <thread>

namespace dialtone::api {
namespace {

using std::chrono_literals::operator""ms;

class ClientOfListener : public testing::Test {
 protected:
  void SetUp() override {
    auto listener = UnixListener::open(path_, SocketType::kSeqPacket);
    ASSERT_TRUE(listener) << listener.error().text;
    listener_.emplace(*std::move(listener));
  }

  test::TempFolder folder_;
  std::string path_ = folder_.file("s");
  std::optional<UnixListener> listener_;
};

Result<Reply> read_text(const char* text) {
  return read_reply({Json::parse(text), {}});
}

TEST_F(ClientOfListener, SendsARequestAndReadsTheReply) {
  auto client = Client::connect(path_);
  ASSERT_TRUE(client) << client.error().text;
  auto daemon = listener_->accept();
  ASSERT_TRUE(daemon && daemon->has_value());
  // The reply waits in the socket already: no thread is needed.
  ASSERT_TRUE(send_document((*daemon)->get(), {{"ok", true}, {"result", {{"devices", 3}}}}));
  const auto reply = client->call("device show", {{"name", "SEP1"}}, {}, 1000ms);
  ASSERT_TRUE(reply) << reply.error().text;
  EXPECT_TRUE(reply->ok);
  EXPECT_EQ(reply->result()["devices"], 3);
  const auto request = receive_document((*daemon)->get());
  ASSERT_TRUE(request);
  EXPECT_EQ(request->json.dump(), R"({"command":"device show","arguments":{"name":"SEP1"}})");
}

TEST_F(ClientOfListener, NoReplyIsATimeout) {
  auto client = Client::connect(path_);
  ASSERT_TRUE(client);
  const auto reply = client->call("status", Json::object(), {}, 20ms);
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().code, ErrorCode::kTimeout);
  EXPECT_EQ(reply.error().text,
            "dialtone-control did not answer within 1 s; its log says what it is doing");
}

TEST_F(ClientOfListener, DaemonThatGoesAwayIsUnreachable) {
  auto client = Client::connect(path_);
  ASSERT_TRUE(client);
  listener_.reset();
  const auto reply = client->call("status", Json::object(), {}, 1000ms);
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().code, ErrorCode::kUnreachable);
}

// Whether the request comes before the end of the connection, which nobody reads then, or after it.
TEST_F(ClientOfListener, WhoIsTurnedAwayReadsWhy) {
  for (const bool early : {false, true}) {
    auto client = Client::connect(path_);
    ASSERT_TRUE(client);
    std::thread turns_away([&] {
      auto daemon = listener_->accept();
      ASSERT_TRUE(daemon && daemon->has_value());
      if (early) {
        pollfd request{(*daemon)->get(), POLLIN, 0};
        ASSERT_EQ(::poll(&request, 1, 1000), 1);
      }
      ASSERT_TRUE(send_document((*daemon)->get(), {{"ok", false}, {"code", 1}, {"error", "full"}}));
    });
    if (!early) {
      turns_away.join();
    }
    const auto reply = client->call("status", Json::object(), {}, 1000ms);
    if (early) {
      turns_away.join();
    }
    ASSERT_TRUE(reply) << reply.error().text;
    EXPECT_EQ(reply->error.text, "full");
  }
}

TEST_F(ClientOfListener, NobodyListens) {
  const auto client = Client::connect(folder_.file("other"));
  ASSERT_FALSE(client);
  EXPECT_EQ(client.error().code, ErrorCode::kUnreachable);
  EXPECT_EQ(client.error().text, "nothing listens on " + folder_.path() +
                                     "/other; start dialtone-control, or name its socket with "
                                     "--socket");
}

TEST(ReadReply, RefusalWithFaults) {
  const auto reply = read_text(R"({"ok":false,"code":3,"error":"no","warnings":["w"],"faults":[
      {"file":"p.csv","line":3,"column":0,"code":"bad-mac","text":"t"}, 7, {}]})");
  ASSERT_TRUE(reply);
  EXPECT_FALSE(reply->ok);
  EXPECT_EQ(reply->error.code, ErrorCode::kRefused);
  EXPECT_EQ(reply->error.text, "no");
  EXPECT_EQ(reply->warnings, std::vector<std::string>{"w"});
  ASSERT_EQ(reply->faults.size(), 2u);
  EXPECT_EQ(to_string(reply->faults[0]), "p.csv:3: bad-mac: t");
}

TEST(ReadReply, CodesThatAreNoneReadAsFailed) {
  for (const char* code : {"0", "8", "-1", "4294967299", "1e99", "\"3\"", "null", "[]"}) {
    const auto reply = read_text((std::string(R"({"ok":false,"code":)") + code + "}").c_str());
    ASSERT_TRUE(reply);
    EXPECT_EQ(reply->error.code, ErrorCode::kFailed) << code;
  }
}

TEST(ReadReply, FieldsOfWrongTypesReadAsAbsent) {
  const auto reply = read_text(R"({"ok":true,"result":[1],"warnings":{"a":"b"},"faults":"x"})");
  ASSERT_TRUE(reply);
  EXPECT_TRUE(reply->result().is_object());
  EXPECT_TRUE(reply->result().empty());
  EXPECT_TRUE(reply->warnings.empty());
}

TEST(ReadReply, WhatIsNoReplyIsFailed) {
  for (const char* text : {"[]", "3", "null", "{}", R"({"ok":"true"})", R"([{"ok":true}])"}) {
    const auto reply = read_text(text);
    ASSERT_FALSE(reply) << text;
    EXPECT_EQ(reply.error().code, ErrorCode::kFailed) << text;
  }
}

}  // namespace
}  // namespace dialtone::api
