// SPDX-License-Identifier: Apache-2.0
//
// The control socket: status, imports, builds, and clients that do not keep to the protocol.
#include "control/daemon/api_server.h"

#include "dataplane/abi/image_format.h"
#include "dataplane/abi/offer_protocol.h"
#include "dataplane/base/unix_listener.h"
#include "tests/unit/control_daemon/api_fixture.h"

#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>

#include <sys/mman.h>

#include <algorithm>
#include <chrono>
#include <sstream>
#include <string>

namespace dialtone::daemon {
namespace {

using api::Json;
using ApiServerTest = ApiFixture;

TEST_F(ApiServerTest, StatusSaysWhatIsThere) {
  const Json reply = call("status");
  ASSERT_TRUE(reply["ok"].get<bool>()) << reply;
  const Json& result = reply["result"];
  EXPECT_EQ(result["devices"], 0);
  EXPECT_EQ(result["files"], 2);  // the ring list and XMLDefault.cnf.xml
  EXPECT_EQ(result["dataplane"]["connected"], false);
  EXPECT_EQ(result["publish"]["state"], "pending");
  EXPECT_NE(reply["warnings"].dump().find("no dataplane is connected"), std::string::npos);
}

TEST_F(ApiServerTest, ACsvIsImportedOrEachOfItsFaultsIsNamed) {
  const std::string good =
      "name,model,protocol,pool,line1.dn\n"
      "SEP00112233AA01,Cisco 7965,SIP,Default,1\n"
      "SEP00112233AA02,Cisco 7942,SCCP,Default,2\n";
  Json reply = import_csv(good, /*check=*/true);
  ASSERT_TRUE(reply["ok"].get<bool>()) << reply;
  EXPECT_EQ(reply["result"]["added"], 2);
  EXPECT_EQ(call("status")["result"]["devices"], 0);
  reply = import_csv(good + "SEP00112233AA01,Cisco 7965,SIP,Default,3\nSEP1,x\n");
  EXPECT_EQ(reply["code"], 3);
  ASSERT_EQ(reply["faults"].size(), 2u) << reply;
  EXPECT_EQ(reply["faults"][0]["file"], "phones.csv");
  EXPECT_EQ(reply["faults"][0]["line"], 4);
  EXPECT_EQ(call("status")["result"]["devices"], 0);
  reply = import_csv(good);
  EXPECT_EQ(reply["result"]["publish"]["files"], 2) << reply;
  EXPECT_EQ(call("status")["result"]["devices"], 2);
}

// Never without a word, and in one line, however many they are.
TEST_F(ApiServerTest, ColumnsThatAreNotKeptAreReported) {
  const std::string bat = "MAC Address,Device Type,Device Protocol,Location,CSS";
  Json reply = import_csv(bat + "\n001122334455,Cisco 8841,SIP,Hub,All\n", /*check=*/true);
  EXPECT_EQ(reply["result"]["ignored_columns"], Json({"Location", "CSS"}));
  EXPECT_EQ(reply["warnings"],
            Json({"nothing is kept of 2 columns, which no file of a phone has a place for: "
                  "'Location', 'CSS'; --map gives a column a key"}));
  std::string wide = bat;
  std::string row = "001122334455,Cisco 8841,SIP,Hub,All";
  for (int i = 1; i <= 30; ++i) {
    wide += ",Route Partition " + std::to_string(i);
    row += ",P";
  }
  reply = import_csv(wide + "\n" + row + "\n", /*check=*/true);
  EXPECT_EQ(reply["result"]["ignored_columns"].size(), 32u);
  ASSERT_EQ(reply["warnings"].size(), 1u);
  EXPECT_NE(reply["warnings"][0].get<std::string>().find("'Route Partition 18' and 12 more; "),
            std::string::npos)
      << reply;
  reply = import_csv("name,model\nSEP001122334455,8841\n", /*check=*/true);
  EXPECT_FALSE(reply["result"].contains("ignored_columns"));
}

// As a person reads the file, with its place, and that there may be more behind all of them.
TEST_F(ApiServerTest, FaultsOfAnImportAreInOrderOfTheirPlace) {
  Json reply = import_csv("name,protocol,model\nSEP001122334455,H323,x\nSEPx,,\n");
  ASSERT_EQ(reply["faults"].size(), 2u) << reply;
  EXPECT_EQ(reply["faults"][0]["column"], 17);
  std::string rows = "name,model\n";
  for (int i = 0; i < 1100; ++i) {
    rows += "SEPx,8841\n";
  }
  reply = import_csv(rows);
  ASSERT_EQ(reply["faults"].size(), 1001u);
  EXPECT_EQ(reply["faults"][1000]["code"], "too-many-faults");
}

TEST_F(ApiServerTest, AnImportThatWouldTakeTooLongIsRefused) {
  const UniqueFd file(::memfd_create("large", MFD_CLOEXEC | MFD_ALLOW_SEALING));
  ASSERT_EQ(::ftruncate(file.get(), static_cast<off_t>(api::kMaxImport) + 1), 0);
  ASSERT_EQ(::fcntl(file.get(), F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE), 0);
  for (const char* command : {"import csv", "import json"}) {
    const Json reply = call(command, {{"file", "phones.csv"}}, file.get());
    EXPECT_EQ(reply["code"], 3) << reply;
    EXPECT_EQ(reply["error"],
              "phones.csv has more than 64 MiB; split it, and import the parts one by one");
  }
}

TEST_F(ApiServerTest, ChangesOfOthersAreFollowed) {
  add_phone();
  auto other = database::Database::open(folder_.file("phones.db"));
  ASSERT_TRUE(other.ok());
  ASSERT_TRUE(other->execute("UPDATE lines SET dn = '2002'").ok());
  service_->step(Clock::now() + std::chrono::seconds(1));
  EXPECT_NE(content("SEP001122334455.cnf.xml").find("2002"), std::string::npos);

  folder_.write("assets/Chime.raw", "ding");
  service_->step(Clock::now());
  service_->step(Clock::now() + std::chrono::seconds(2));
  EXPECT_EQ(content("chime.raw"), "ding");
}

// A dataplane that says who it is, and nothing more.
class SilentDataplane : public ApiFixture {
 protected:
  void SetUp() override {
    listener_.emplace(*UnixListener::open(folder_.file("dataplane.sock"), SocketType::kSeqPacket));
    service_->step(Clock::now() + std::chrono::seconds(10));  // connects
    auto dataplane = listener_->accept();
    ASSERT_TRUE(dataplane.ok() && dataplane->has_value());
    dataplane_ = **std::move(dataplane);
    abi::HelloMessage hello{};
    hello.header = abi::offer_header(abi::OfferType::kHello);
    hello.image_version = abi::kImageVersion;
    hello.pid = 77;
    ASSERT_TRUE(send_message(dataplane_.get(), std::as_bytes(std::span(&hello, 1)), {}).ok());
    step();
    ASSERT_EQ(call("status")["result"]["dataplane"]["connected"], true);
  }

  std::optional<UnixListener> listener_;
  UniqueFd dataplane_;
};

TEST_F(SilentDataplane, TheWaitBeginsWhenTheCommandHasEnded) {
  const Json request = {{"command", "device add"},
                        {"arguments", {{"name", "SEP001122334455"}, {"set", {{"model", "8845"}}}}}};
  ASSERT_TRUE(api::send_document(client_.get(), request, {}).ok());
  // As of a turn that began six seconds ago: as long as the command took.
  server_->step(Clock::now() - std::chrono::seconds(6));
  server_->step(Clock::now());
  EXPECT_FALSE(api::receive_document(client_.get()).ok()) << "it was not waited for";
  server_->step(Clock::now() + std::chrono::seconds(6));
  const auto reply = api::receive_document(client_.get());
  ASSERT_TRUE(reply.ok());
  EXPECT_EQ(reply->json["result"]["publish"]["waited_s"], 5) << reply->json;
}

TEST_F(SilentDataplane, IsWaitedForAndThenToldOf) {
  Json reply = add_phone();
  EXPECT_FALSE(reply.contains("ok")) << "answered at once: " << reply;
  server_->step(Clock::now() + std::chrono::seconds(6));
  reply = api::receive_document(client_.get())->json;
  EXPECT_EQ(reply["result"]["publish"]["state"], "pending") << reply;
  EXPECT_EQ(reply["result"]["publish"]["waited_s"], 5) << reply;
  EXPECT_EQ(reply["result"]["publish"]["why"],
            "the dataplane, pid 77, has not answered yet; look at its log, and whether its process "
            "is stopped");
  reply = call("device rm", {{"names", {"SEP001122334455"}}, {"wait", false}});
  EXPECT_EQ(reply["result"]["publish"]["state"], "pending") << reply;
  EXPECT_FALSE(reply["result"]["publish"].contains("waited_s")) << reply;
  EXPECT_FALSE(reply["result"]["publish"].contains("why")) << "nobody has waited: " << reply;
}

TEST_F(ApiServerTest, AnUnknownCommandNamesTheNearest) {
  const Json reply = call("device shwo");
  EXPECT_EQ(reply["code"], 2);
  EXPECT_NE(reply["error"].get<std::string>().find("device show"), std::string::npos);
}

TEST_F(ApiServerTest, RequestsThatAreNoneAreAnsweredAndHarmNobody) {
  UniqueFd good = connect();
  EXPECT_EQ(send(Json::array({1, 2}))["code"], 2);
  EXPECT_EQ(send({{"command", 7}})["code"], 2);
  EXPECT_EQ(send({{"command", "status"}, {"arguments", "x"}})["code"], 2);
  EXPECT_EQ(call("import csv", {{"file", "x"}})["code"], 2);  // without the file
  int pipe[2];
  ASSERT_EQ(::pipe(pipe), 0);
  EXPECT_EQ(call("import csv", {{"file", "x"}}, pipe[0])["code"], 2);  // a pipe could block
  // So could a file of /proc, which says that it is a regular one; and others could change a file.
  folder_.write("phones.csv", "name,model\nSEP001122334455,8841\n");
  const UniqueFd file(::open(folder_.file("phones.csv").c_str(), O_RDONLY | O_CLOEXEC));
  const UniqueFd proc(::open("/proc/self/status", O_RDONLY | O_CLOEXEC));
  const UniqueFd open_memory(::memfd_create("open", MFD_CLOEXEC | MFD_ALLOW_SEALING));
  for (const UniqueFd* each : {&file, &proc, &open_memory}) {
    const Json refused = call("import csv", {{"file", "x"}}, each->get());
    EXPECT_EQ(refused["code"], 2) << refused;
    EXPECT_NE(refused["error"].get<std::string>().find("a sealed memfd"), std::string::npos);
  }
  ::close(pipe[0]);
  ::close(pipe[1]);
  ASSERT_TRUE(send_message(client_.get(), std::as_bytes(std::span("garbage", 7)), {}).ok());
  step();
  EXPECT_EQ(api::receive_document(client_.get())->json["ok"], false);
  EXPECT_FALSE(api::receive_document(client_.get()).ok());  // and the connection is closed
  client_ = std::move(good);
  EXPECT_TRUE(call("status")["ok"].get<bool>());
}

TEST_F(ApiServerTest, OneClientTooManyReadsWhyAndTheLogStaysShort) {
  std::ostringstream log;
  const auto logger = spdlog::default_logger();
  spdlog::set_default_logger(std::make_shared<spdlog::logger>(
      "test", std::make_shared<spdlog::sinks::ostream_sink_mt>(log)));
  std::vector<UniqueFd> others;
  while (others.size() < 63) {  // and client_
    others.push_back(connect());
    step();
  }
  for (int i = 0; i < 20; ++i) {
    const UniqueFd late = connect();
    step();
    const auto reply = api::receive_document(late.get());
    ASSERT_TRUE(reply.ok()) << reply.error().text;
    EXPECT_EQ(reply->json["code"], 1);
    EXPECT_EQ(reply->json["error"],
              "too many clients are connected; try again when others have ended");
  }
  server_->step(Clock::now() + std::chrono::seconds(2));
  spdlog::set_default_logger(logger);
  const std::string said = log.str();
  EXPECT_EQ(std::count(said.begin(), said.end(), '\n'), 2) << said;
  EXPECT_NE(said.find("control socket: 19 more like these"), std::string::npos) << said;
  EXPECT_TRUE(call("status")["ok"].get<bool>());
}

TEST_F(ApiServerTest, AFullBuildGivesTheSameFiles) {
  add_phone();
  const std::string before = call("status")["result"]["content_digest"];
  const Json reply = call("build");
  ASSERT_TRUE(reply["ok"].get<bool>()) << reply;
  EXPECT_EQ(reply["result"]["devices"], 1);
  EXPECT_EQ(call("status")["result"]["content_digest"], before);
}

TEST_F(ApiServerTest, CountersNeedADataplane) {
  EXPECT_EQ(call("counters")["code"], 5);
}

}  // namespace
}  // namespace dialtone::daemon
