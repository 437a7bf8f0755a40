// SPDX-License-Identifier: Apache-2.0
//
// An import goes on while control serves: here it waits for the lock that the test holds.
#include "control/daemon/import_run.h"

#include "control/database/database.h"
#include "tests/unit/control_daemon/api_fixture.h"

#include <poll.h>

#include <optional>
#include <string>

namespace dialtone::daemon {
namespace {

class ImportRunTest : public ApiFixture {
 protected:
  ImportRunTest() : other_(*database::Database::open(folder_.file("phones.db"))) {
    lock_.emplace(*database::Transaction::begin(other_));
    importer_ = connect();
    const auto file =
        api::text_memfd("name,model,line1.dn\nSEP00112233AA01,8841,1\nSEP00112233AA02,8841,2\n");
    const Json request = {{"command", "import csv"}, {"arguments", {{"file", "phones.csv"}}}};
    const int attachments[] = {file->get()};
    EXPECT_TRUE(api::send_document(importer_.get(), request, attachments).ok());
    step();
  }

  // Whoever asks meanwhile is answered, so send() must not wait for the import.
  Json ask(const std::string& command, Json arguments = Json::object()) {
    const Json request = {{"command", command}, {"arguments", std::move(arguments)}};
    EXPECT_TRUE(api::send_document(client_.get(), request, {}).ok());
    step();
    auto reply = api::receive_document(client_.get());
    return reply ? std::move(reply->json) : Json{{"error", reply.error().text}};
  }

  void wait_for_end() {
    lock_.reset();
    for (int i = 0; i < 2000 && service_->import() != nullptr; ++i) {
      std::vector<pollfd> fds;
      server_->add_poll_fds(fds);
      ::poll(fds.data(), fds.size(), 10);
      step();
    }
    EXPECT_EQ(service_->import(), nullptr);
  }

  database::Database other_;
  std::optional<database::Transaction> lock_;
  UniqueFd importer_;
};

TEST_F(ImportRunTest, OthersAreAnsweredAndTheirChangesRefused) {
  Json reply = ask("status");
  ASSERT_TRUE(reply["ok"].get<bool>()) << reply;
  EXPECT_EQ(reply["result"]["import"]["file"], "phones.csv");
  for (const char* command : {"device add", "device rm", "import csv"}) {
    const Json arguments = command == std::string("import csv") ? Json{{"file", "x"}}
                           : command == std::string("device rm")
                               ? Json{{"names", {"SEP00112233AA01"}}}
                               : Json{{"name", "SEP00112233AA03"}, {"set", {{"model", "8841"}}}};
    reply = ask(command, arguments);
    EXPECT_EQ(reply["code"], 6) << command << reply;
    EXPECT_NE(reply["error"].get<std::string>().find("an import of phones.csv is going on"),
              std::string::npos)
        << reply;
  }
  for (const char* command : {"build", "publish", "check", "diff"}) {
    EXPECT_EQ(ask(command)["code"], 6) << command;
  }
  wait_for_end();
  const auto done = api::receive_document(importer_.get());
  ASSERT_TRUE(done.ok());
  EXPECT_EQ(done->json["result"]["added"], 2) << done->json;
  EXPECT_EQ(done->json["result"]["publish"]["files"], 2) << done->json;
  reply = ask("status");
  EXPECT_FALSE(reply["result"].contains("import"));
  EXPECT_EQ(reply["result"]["devices"], 2);
}

TEST_F(ImportRunTest, ABuildForNobodyWaitsForItsEnd) {
  const auto full_builds = [&] { return service_->builder().full_builds().count; };
  const auto before = full_builds();
  service_->build_again();
  step();
  EXPECT_EQ(full_builds(), before);
  wait_for_end();
  step();
  EXPECT_EQ(full_builds(), before + 1);
  step();
  EXPECT_EQ(full_builds(), before + 1);
}

TEST_F(ImportRunTest, AClientThatGoesAwayEndsIt) {
  importer_.reset();
  step();
  wait_for_end();
  EXPECT_EQ(ask("status")["result"]["devices"], 0);
}

TEST_F(ImportRunTest, TheEndOfControlEndsIt) {
  server_.reset();
  lock_.reset();
  EXPECT_EQ(service_->import(), nullptr);
  EXPECT_EQ(other_.integer("SELECT count(*) FROM devices")->value_or(-1), 0);
}

}  // namespace
}  // namespace dialtone::daemon
