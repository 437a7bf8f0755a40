// SPDX-License-Identifier: Apache-2.0
//
// The control socket with a real service behind it, in one thread with its client: first the client
// sends, then the server steps, then the client reads. No dataplane is there unless a test has one.
#include "control/daemon/api_server.h"

#include "control/api/message.h"
#include "control/database/device_store.h"
#include "dataplane/abi/image_format.h"
#include "dataplane/abi/offer_protocol.h"
#include "dataplane/base/unix_listener.h"
#include "tests/support/temp_folder.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <sys/mman.h>

#include <algorithm>
#include <chrono>
#include <sstream>
#include <string>
#include <thread>

namespace dialtone::daemon {
namespace {

using api::Json;

class ApiServerTest : public testing::Test {
 protected:
  ApiServerTest() {
    folder_.write("assets/RingList.xml", "<rings/>");
    Options options;
    options.socket = folder_.file("control.sock");
    options.dataplane = folder_.file("dataplane.sock");
    options.database = folder_.file("phones.db");
    options.assets = folder_.file("assets");
    service_ = *Service::open(options);
    server_.emplace(*ApiServer::listen(options.socket, *service_));
    EXPECT_TRUE(service_->build_all().ok());
    client_ = connect();
  }

  UniqueFd connect() {
    auto client = connect_unix(folder_.file("control.sock"), SocketType::kSeqPacket);
    EXPECT_TRUE(client.ok());
    ::fcntl(client->get(), F_SETFL, O_NONBLOCK);
    return *std::move(client);
  }

  void step() {
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

  using Clock = ApiServer::Clock;
  test::TempFolder folder_;
  std::unique_ptr<Service> service_;
  std::optional<ApiServer> server_;
  UniqueFd client_;
  std::vector<UniqueFd> attachments_;
};

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

TEST_F(ApiServerTest, ADeviceIsAddedChangedAndRemovedWithItsFile) {
  Json reply = add_phone();
  ASSERT_TRUE(reply["ok"].get<bool>()) << reply;
  EXPECT_EQ(reply["result"]["publish"]["state"], "pending");
  EXPECT_EQ(reply["result"]["publish"]["files"], 1);
  EXPECT_NE(content("SEP001122334455.cnf.xml").find("1001"), std::string::npos);

  reply = call("device set", {{"name", "sep001122334455"}, {"set", {{"line1.label", "Lobby<>"}}}});
  ASSERT_TRUE(reply["ok"].get<bool>()) << reply;
  EXPECT_EQ(reply["result"]["changed"], Json::array({"line1.label"}));
  EXPECT_NE(content("SEP001122334455.cnf.xml").find("Lobby&lt;&gt;"), std::string::npos);

  reply = call("device show", {{"name", "SEP001122334455"}});
  EXPECT_EQ(reply["result"]["device"]["line1.label"], "Lobby<>");
  EXPECT_EQ(reply["result"]["file"], "sep001122334455.cnf.xml");
  EXPECT_EQ(call("device ls")["result"]["devices"].size(), 1u);

  reply = call("device rm", {{"names", {"SEP001122334455"}}});
  EXPECT_EQ(reply["result"]["removed"], 1) << reply;
  EXPECT_NE(content("SEP001122334455.cnf.xml").find("no file"), std::string::npos);
}

TEST_F(ApiServerTest, ADeviceThatIsNamedTwiceIsRemovedOnce) {
  add_phone();
  Json reply =
      call("device rm", {{"names", {"SEP001122334455", "00:11:22:33:44:55", "SEP001122334455"}}});
  EXPECT_EQ(reply["result"]["removed"], 1) << reply;
  EXPECT_EQ(call("status")["result"]["devices"], 0);
}

TEST_F(ApiServerTest, ARowWithANameThatIsNoneIsRemovedByThatName) {
  auto other = database::Database::open(folder_.file("phones.db"));
  std::chrono::seconds later{0};
  for (const std::string name : {"../BAD", "SEP\nCONTROL INFO: ALL IS WELL", "SEP1"}) {
    add_phone();
    const auto renamed = other->run("UPDATE devices SET name = ?1", name);
    ASSERT_TRUE(renamed.ok()) << renamed.error().text;
    later += std::chrono::seconds(10);
    service_->step(Clock::now() + later);
    const std::string warnings = call("status")["warnings"].dump();
    EXPECT_NE(warnings.find(name.substr(0, 3)), std::string::npos) << warnings;
    EXPECT_EQ(warnings.find("\\n"), std::string::npos) << warnings;
    const Json reply = call("device rm", {{"names", {name}}});
    EXPECT_EQ(reply["result"]["removed"], 1) << reply;
    EXPECT_EQ(call("status")["result"]["devices"], 0);
    EXPECT_EQ(call("device rm", {{"names", {name}}})["code"], 3);
  }
}

TEST_F(ApiServerTest, ADatabaseThatFailsIsNoRefusal) {
  add_phone();
  auto other = database::Database::open(folder_.file("phones.db"));
  ASSERT_TRUE(other->execute("ALTER TABLE models RENAME TO gone").ok());
  Json reply = call("device rm", {{"names", {"SEP00112233AAAA"}}});
  EXPECT_EQ(reply["code"], 1) << reply;
  EXPECT_NE(reply["error"].get<std::string>().find("nothing was removed"), std::string::npos);
}

TEST_F(ApiServerTest, AChangeThatChangesNothingBuildsNothing) {
  add_phone();
  const Json reply =
      call("device set", {{"name", "SEP001122334455"}, {"set", {{"line1.dn", "1001"}}}});
  EXPECT_EQ(reply["result"]["changed"], Json::array());
  EXPECT_EQ(reply["result"]["publish"]["files"], 0);
}

TEST_F(ApiServerTest, WhatIsWrongIsRefusedAndNothingChanges) {
  add_phone();
  const std::string before = content("SEP001122334455.cnf.xml");
  for (const Json& set : {Json{{"pool", "Londn"}}, Json{{"colour", "red"}},
                          Json{{"line1.dn", "\x01"}}, Json{{"name", "SEP0"}}}) {
    const Json reply = call("device set", {{"name", "SEP001122334455"}, {"set", set}});
    EXPECT_FALSE(reply["ok"].get<bool>()) << set;
    EXPECT_EQ(reply["code"], 3) << reply;
  }
  EXPECT_EQ(call("device add", {{"name", "SEP001122334455"}})["code"], 3);
  EXPECT_EQ(call("device set", {{"name", "SEP00112233AAAA"}})["code"], 3);
  EXPECT_EQ(call("device rm", {{"names", {"SEP001122334455", "SEP00112233AAAA"}}})["code"], 3);
  EXPECT_EQ(content("SEP001122334455.cnf.xml"), before);
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

TEST_F(ApiServerTest, ADataplaneThatDoesNotPublishIsWaitedForAndThenToldOf) {
  auto listener = UnixListener::open(folder_.file("dataplane.sock"), SocketType::kSeqPacket);
  ASSERT_TRUE(listener.ok());
  service_->step(Clock::now() + std::chrono::seconds(10));  // connects
  auto dataplane = listener->accept();
  ASSERT_TRUE(dataplane.ok() && dataplane->has_value());
  abi::HelloMessage hello{};
  hello.header = abi::offer_header(abi::OfferType::kHello);
  hello.image_version = abi::kImageVersion;
  hello.pid = 77;
  ASSERT_TRUE(send_message((*dataplane)->get(), std::as_bytes(std::span(&hello, 1)), {}).ok());
  step();
  ASSERT_EQ(call("status")["result"]["dataplane"]["connected"], true);

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
}

// Another process that changes the database, and commits when a command waits for it already.
class Writer {
 public:
  template <typename Change>
  Writer(const std::string& path, Change change) : database_(*database::Database::open(path)) {
    EXPECT_TRUE(database_.execute("BEGIN IMMEDIATE").ok());
    change(database_);
    commit_ = std::thread([this] {
      std::this_thread::sleep_for(std::chrono::milliseconds(300));
      EXPECT_TRUE(database_.execute("COMMIT").ok());
    });
  }
  ~Writer() { commit_.join(); }

 private:
  database::Database database_;
  std::thread commit_;
};

TEST_F(ApiServerTest, AChangeKeepsWhatAnotherProcessCommitsMeanwhile) {
  add_phone();
  {
    const Writer other(folder_.file("phones.db"), [](database::Database& database) {
      EXPECT_TRUE(database.execute("UPDATE devices SET owner = 'ada'").ok());
    });
    Json reply = call("device set", {{"name", "SEP001122334455"}, {"set", {{"label", "Lobby"}}}});
    EXPECT_TRUE(reply["ok"].get<bool>()) << reply;
    EXPECT_EQ(reply["result"]["changed"], Json::array({"label"}));
  }
  Json device = call("device show", {{"name", "SEP001122334455"}})["result"]["device"];
  EXPECT_EQ(device["owner"], "ada");
  EXPECT_EQ(device["label"], "Lobby");
}

TEST_F(ApiServerTest, ADeviceThatAnotherProcessAddsMeanwhileIsNotOverwritten) {
  add_phone();
  const std::string name = "SEP001122334466";
  {
    const Writer other(folder_.file("phones.db"), [&](database::Database& database) {
      database::DeviceStore store(database);
      database::Device device = **store.find("SEP001122334455");
      device.name = name;
      device.label = "Theirs";
      EXPECT_TRUE(store.write(device).ok());
    });
    Json reply = call(
        "device add",
        {{"name", name},
         {"set",
          {{"model", "Cisco 7965"}, {"protocol", "SIP"}, {"pool", "Default"}, {"label", "Ours"}}}});
    EXPECT_EQ(reply["code"], 3) << reply;
  }
  EXPECT_EQ(call("device show", {{"name", name}})["result"]["device"]["label"], "Theirs");
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
