// SPDX-License-Identifier: Apache-2.0
//
// `explain` of what a dataplane serves: its generation, its sessions, its policy, and files that it
// has not got yet.
#include "tests/support/test_signer.h"
#include "tests/unit/control_daemon/status_fixture.h"

#include <string>
#include <thread>

namespace dialtone::daemon {
namespace {

class ExplainServed : public StatusTest {
 protected:
  Answer ask_about(const std::string& name, api::Json arguments = api::Json::object()) {
    arguments["name"] = name;
    Outcome outcome = explain(*service_, {Arguments(arguments), {}});
    if (const auto* refusal = std::get_if<Refusal>(&outcome)) {
      ADD_FAILURE() << refusal->error.text;
      return {};
    }
    return std::get<Answer>(std::move(outcome));
  }
  std::string answer(const std::string& name, api::Json arguments = api::Json::object()) {
    return ask_about(name, std::move(arguments)).result.value("answer", "");
  }
};

TEST_F(ExplainServed, TheGenerationThatAnswers) {
  start();
  const Answer explained = ask_about("RINGLIST.XML");
  EXPECT_EQ(explained.result["answer"], "data");
  EXPECT_EQ(explained.result["generation"], service_->publisher().generation());
  EXPECT_GE(service_->publisher().generation(), 1u);
  EXPECT_TRUE(explained.warnings.empty()) << explained.warnings[0];
  EXPECT_EQ(explained.result["last_request"], nullptr);
  EXPECT_EQ(explained.result["length"], 5);
}

TEST_F(ExplainServed, WhenEverySessionIsInUse) {
  start();
  count("serving_limit", 0) = 4;
  count("serving_limit", 1) = 4;
  count("sessions_active", 0) = 4;
  run(2);
  EXPECT_EQ(answer("RingList.xml"), "data") << "the other worker has room";
  count("sessions_active", 1) = 4;
  run(2);
  EXPECT_EQ(answer("RingList.xml"), "waits");
  EXPECT_EQ(answer("nosuch.xml"), "not-found") << "that takes no session";
  options_.policy.served.policy.answers_busy = 1;
  start();
  run(2);
  const api::Json result = ask_about("RingList.xml").result;
  EXPECT_EQ(result["answer"], "busy");
  EXPECT_EQ(result["error"]["code"], 3);
  EXPECT_EQ(result["error"]["text"], "Process Allocation Exceeded");
}

TEST_F(ExplainServed, AClientThatMayNotAsk) {
  options_.policy.served.clients = {{0, 0, 0, 0}};
  options_.policy.served.policy.answers_denied = 1;
  start();
  const api::Json denied = ask_about("RingList.xml", {{"client", "10.77.0.2"}}).result;
  EXPECT_EQ(denied["answer"], "refused");
  EXPECT_EQ(denied["error"]["text"], "Not allowed");
  EXPECT_NE(denied["why"].get<std::string>().find("10.77.0.2 may not ask"), std::string::npos);
  EXPECT_EQ(answer("RingList.xml"), "data") << "of whom is not asked";
  options_.policy.served.policy.answers_denied = 0;
  start();
  EXPECT_EQ(answer("RingList.xml", {{"client", "2001:db8::1"}}), "silence");
}

TEST_F(ExplainServed, WhatIsBuiltAndNotServedYet) {
  start();
  folder_.write("assets/new.xml", "new");
  ASSERT_TRUE(service_->build_all().ok());
  const api::Json result = ask_about("new.xml").result;
  EXPECT_EQ(result["answer"], "not-found");
  EXPECT_NE(result["why"].get<std::string>().find("the newest build has it"), std::string::npos);
  run();
  EXPECT_EQ(answer("new.xml"), "data");
}

TEST_F(ExplainServed, AMissThatControlLooksInto) {
  options_.asks_for_misses = true;
  start();
  const api::Json result = ask_about("nosuch.xml").result;
  EXPECT_EQ(result["answer"], "not-found");
  EXPECT_NE(result["why"].get<std::string>().find("the client waits for 100 ms"),
            std::string::npos);
  EXPECT_EQ(result["error"]["code"], 1);
}

TEST_F(ExplainServed, WhileEverythingIsBuilt) {
  options_.policy.answer_while_rebuilding = true;
  start();
  folder_.write("assets/RingList.xml", "other rings");
  ASSERT_TRUE(service_->build_all().ok());
  server_.step();  // takes what clients are told during the build, and nothing newer yet
  service_->step(now_);
  const api::Json result = ask_about("RingList.xml").result;
  EXPECT_EQ(result["answer"], "rebuilding");
  EXPECT_EQ(result["error"]["text"], "Disk Full");
  run();
  EXPECT_EQ(answer("RingList.xml"), "data");
}

// Row 34, with a key.
TEST_F(ExplainServed, BothFormsOfAFile) {
  const test::OwnedKey rsa = test::rsa_key(1024);
  options_.signing = signing::SigningOptions{folder_.file("key.pem"), folder_.file("cert.pem"),
                                             signing::FileDigest::kSha1, signing::NameStyle::kCucm};
  test::write_key(options_.signing->key, rsa);
  test::write_certificate(options_.signing->certificate, test::certificate_of(rsa));
  start();
  for (int i = 0; i < 500 && service_->builder().signed_files().progress().pending != 0; ++i) {
    run();
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  run();
  const api::Json result = ask_about("RingList.xml.sgn").result;
  EXPECT_EQ(result["answer"], "data");
  EXPECT_EQ(result["signed"], true);
  EXPECT_EQ(result["signer"], "CN=tftp.example.test;OU=Lab;O=Example;C=NZ");
  EXPECT_EQ(result["why"], "the signed form; it lies in the asset folder as RingList.xml");
  EXPECT_EQ(ask_about("RingList.xml").result["signed"], false);
}

}  // namespace
}  // namespace dialtone::daemon
