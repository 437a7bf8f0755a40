// SPDX-License-Identifier: Apache-2.0
//
// `backup` and `restore` as their commands ask: what comes back is what was there, and where one
// thing is wrong nothing changes.
#include "control/assets/asset_change.h"
#include "tests/unit/control_daemon/api_fixture.h"

#include <archive.h>
#include <archive_entry.h>

#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

namespace dialtone::daemon {
namespace {

class BackupCommands : public ApiFixture {
 protected:
  UniqueFd open(const std::string& name, int flags) {
    return UniqueFd(::open(folder_.file(name).c_str(), flags | O_CLOEXEC, 0600));
  }
  Json back_up(const std::string& name) {
    const UniqueFd fd = open(name, O_RDWR | O_CREAT | O_TRUNC);
    return call("backup", Json::object(), fd.get());
  }
  Json restore(const std::string& name, bool check = false, bool config = false) {
    const UniqueFd archive = open(name, O_RDONLY);
    const UniqueFd before = open("before.tar", O_RDWR | O_CREAT | O_TRUNC);
    const int attachments[] = {archive.get(), before.get()};
    const Json request = {{"command", "restore"},
                          {"arguments", {{"file", name}, {"check", check}, {"config", config}}}};
    EXPECT_TRUE(api::send_document(client_.get(), request, attachments).ok());
    step();
    auto reply = api::receive_document(client_.get());
    return reply ? std::move(reply->json) : Json{{"error", reply.error().text}};
  }
  std::string digest() { return call("status")["result"]["content_digest"].get<std::string>(); }
  std::string asset(const std::string& name) const {
    std::ifstream file(folder_.file("assets/" + name), std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  std::string bytes(const std::string& name) const {
    std::ifstream file(folder_.file(name), std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  static std::string codes(const Json& reply) {
    std::string all;
    for (const Json& fault : reply.value("faults", Json::array())) {
      all += fault["code"].get<std::string>() + " ";
    }
    return all;
  }
  // evil.tar
  void foreign_archive(const std::vector<std::pair<std::string, std::string>>& entries) const {
    archive* writer = archive_write_new();
    archive_write_set_format_pax_restricted(writer);
    ASSERT_EQ(archive_write_open_filename(writer, folder_.file("evil.tar").c_str()), ARCHIVE_OK);
    for (const auto& [name, text] : entries) {
      archive_entry* entry = archive_entry_new();
      archive_entry_set_pathname(entry, name.c_str());
      archive_entry_set_size(entry, static_cast<la_int64_t>(text.size()));
      archive_entry_set_filetype(entry, AE_IFREG);
      archive_write_header(writer, entry);
      archive_write_data(writer, text.data(), text.size());
      archive_entry_free(entry);
    }
    archive_write_free(writer);
  }
  void change_everything() {
    EXPECT_TRUE(call("device rm", {{"names", {"SEP001122334455"}}})["ok"].get<bool>());
    EXPECT_TRUE(
        call("device add", {{"name", "SEP0000000000AA"}, {"set", {{"model", "8845"}}}})["ok"]
            .get<bool>());
    EXPECT_TRUE(call("param set", {{"name", "build-cnf"}, {"value", "none"}})["ok"].get<bool>());
    folder_.write("assets/RingList.xml", "<other/>");
    folder_.write("assets/new/load.sbn", "new");
    EXPECT_TRUE(call("build")["ok"].get<bool>());
  }
};

TEST_F(BackupCommands, WhatWasThereComesBack) {
  add_phone();
  folder_.write("assets/Desktops/320x212x16/List.xml", "<list/>");
  call("build");
  const std::string before = digest();
  const Json made = back_up("campus.tar");
  ASSERT_TRUE(made["ok"].get<bool>()) << made;
  EXPECT_EQ(made["result"]["assets"], 2);
  EXPECT_EQ(made["result"]["content_digest"], before);
  change_everything();
  ASSERT_NE(digest(), before);
  const std::string changed = digest();

  const Json checked = restore("campus.tar", /*check=*/true);
  EXPECT_TRUE(checked["ok"].get<bool>()) << checked;
  EXPECT_EQ(digest(), changed);
  EXPECT_EQ(asset("RingList.xml"), "<other/>");

  const Json restored = restore("campus.tar");
  ASSERT_TRUE(restored["ok"].get<bool>()) << restored;
  EXPECT_TRUE(restored["result"]["same_files"].get<bool>()) << restored;
  EXPECT_EQ(digest(), before);
  EXPECT_EQ(asset("RingList.xml"), "<rings/>");
  EXPECT_EQ(asset("new/load.sbn"), "");
  EXPECT_FALSE(call("device show", {{"name", "SEP0000000000AA"}})["ok"].get<bool>());
  // The state before is a backup of its own.
  std::filesystem::copy_file(folder_.file("before.tar"), folder_.file("undo.tar"));
  EXPECT_TRUE(restore("undo.tar")["result"]["same_files"].get<bool>());
  EXPECT_EQ(digest(), changed);
  for (const auto& each : std::filesystem::directory_iterator(folder_.file("assets"))) {
    EXPECT_NE(each.path().filename().string()[0], '.') << each.path();
  }
}

// Nobody is served it, and a terabyte would fill the disk of the backup.
TEST_F(BackupCommands, WhatIsTooLargeToBeServedIsLeftOutAndLeftAlone) {
  const auto large = service_->options().asset_most + 1;
  const char* const kVersion = "assets/.dialtone/versions/0123456789abcdef0123456789abcdef/1";
  for (const char* name : {"assets/huge.bin", kVersion}) {
    folder_.write(name, "");
    std::filesystem::resize_file(folder_.file(name), large);
  }
  const Json made = back_up("campus.tar");
  ASSERT_TRUE(made["ok"].get<bool>()) << made;
  EXPECT_EQ(made["result"]["assets"], 1);
  EXPECT_EQ(made["result"]["versions"], 0);
  EXPECT_LT(std::filesystem::file_size(folder_.file("campus.tar")), std::uintmax_t{1} << 20);
  ASSERT_EQ(made["warnings"].size(), 2u) << made;
  EXPECT_NE(made["warnings"][0].get<std::string>().find("huge.bin: it has " +
                                                        std::to_string(large) + " bytes"),
            std::string::npos)
      << made;
  ASSERT_TRUE(restore("campus.tar")["ok"].get<bool>());
  EXPECT_EQ(std::filesystem::file_size(folder_.file("assets/huge.bin")), large);
}

// Else a restore would make a file of it, which is served.
TEST_F(BackupCommands, WhatASymlinkLeadsToOutsideIsNoPartOfIt) {
  folder_.write("secret", "private");
  const auto file = api::text_memfd("text");
  const Json put = {{"files", {{{"name", "RingList.xml"}, {"length", 4}}}}};
  ASSERT_TRUE(call("files put", put, file->get())["ok"].get<bool>());
  std::filesystem::create_symlink(folder_.file("secret"), folder_.file("assets/leak.txt"));
  std::filesystem::create_symlink(
      folder_.file("secret"), folder_.file("assets/" + assets::version_path("ringlist.xml", 9)));
  const Json made = back_up("campus.tar");
  ASSERT_TRUE(made["ok"].get<bool>()) << made;
  EXPECT_EQ(made["result"]["assets"], 1) << made;
  EXPECT_EQ(made["result"]["versions"], 2) << "the record and the first one: " << made;
  ASSERT_EQ(made["warnings"].size(), 1u) << made;
  EXPECT_NE(made["warnings"][0].get<std::string>().find("leads out of the asset folder"),
            std::string::npos);
}

// No file of a backup is laid elsewhere by a folder that became a symlink.
TEST_F(BackupCommands, ARestoreStaysInTheFolder) {
  folder_.write("assets/sub/file", "of the backup");
  ASSERT_TRUE(service_->build_all().ok());
  ASSERT_TRUE(back_up("campus.tar")["ok"].get<bool>());
  folder_.write("outside/file", "mine");
  std::filesystem::remove_all(folder_.file("assets/sub"));
  std::filesystem::create_directory_symlink(folder_.file("outside"), folder_.file("assets/sub"));
  const Json reply = restore("campus.tar");
  EXPECT_FALSE(reply["ok"].get<bool>()) << reply;
  EXPECT_NE(reply["error"].get<std::string>().find("symlinks are not followed"), std::string::npos)
      << reply;
  std::ifstream left(folder_.file("outside/file"));
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(left), {}), "mine");
  EXPECT_EQ(asset("RingList.xml"), "<rings/>") << "what was moved is back";
}

// What files had before comes back with them, also where nothing was.
TEST_F(BackupCommands, VersionsOfFilesComeBack) {
  const auto put = [&](const std::string& text, const char* note) {
    const auto file = api::text_memfd(text);
    return call("files put",
                {{"files", {{{"name", "RingList.xml"}, {"length", text.size()}}}}, {"note", note}},
                file->get());
  };
  ASSERT_TRUE(put("<two/>", "second")["ok"].get<bool>());
  ASSERT_TRUE(put("<three/>", "third")["ok"].get<bool>());
  const Json before = call("files versions", {{"name", "RingList.xml"}})["result"];
  ASSERT_EQ(before["versions"].size(), 3u) << before;
  const Json made = back_up("campus.tar");
  ASSERT_TRUE(made["ok"].get<bool>()) << made;
  EXPECT_EQ(made["result"]["versions"], 3) << "the bytes of two, and the record";

  ASSERT_TRUE(put("<four/>", "not of the backup")["ok"].get<bool>());
  ASSERT_TRUE(restore("campus.tar")["ok"].get<bool>());
  EXPECT_EQ(call("files versions", {{"name", "RingList.xml"}})["result"], before);
  std::filesystem::remove_all(folder_.file("assets/.dialtone"));
  ASSERT_TRUE(restore("campus.tar")["ok"].get<bool>());
  EXPECT_EQ(call("files versions", {{"name", "RingList.xml"}})["result"], before);
  const Json again = call("files restore", {{"name", "RingList.xml"}, {"version", 2}});
  ASSERT_TRUE(again["ok"].get<bool>()) << again;
  EXPECT_EQ(asset("RingList.xml"), "<two/>");
}

TEST_F(BackupCommands, TheConfigurationComesBackWhenItIsAskedFor) {
  const std::string old_text = "[control]\ndatabase = 'old.db'\n";
  const std::string new_text = "[control]\ndatabase = 'new.db'\n";
  Options options = service_->options();
  options.config = folder_.file("dialtone.toml");
  folder_.write("dialtone.toml", old_text);
  server_.reset();
  service_.reset();
  service_ = *Service::open(options);
  server_.emplace(*ApiServer::listen(options.socket, *service_));
  client_ = connect();
  ASSERT_TRUE(service_->build_all().ok());
  ASSERT_TRUE(back_up("campus.tar")["ok"].get<bool>());
  EXPECT_EQ(restore("campus.tar")["result"]["config"], "same");
  folder_.write("dialtone.toml", new_text);
  Json reply = restore("campus.tar");
  EXPECT_EQ(reply["result"]["config"], "differs") << reply;
  EXPECT_NE(reply["warnings"].dump().find("--config restores it too"), std::string::npos);
  EXPECT_EQ(bytes("dialtone.toml"), new_text);
  reply = restore("campus.tar", /*check=*/true, /*config=*/true);
  EXPECT_TRUE(reply["ok"].get<bool>()) << reply;
  EXPECT_EQ(bytes("dialtone.toml"), new_text) << "a check changes nothing";
  reply = restore("campus.tar", /*check=*/false, /*config=*/true);
  EXPECT_EQ(reply["result"]["config"], "restored") << reply;
  EXPECT_NE(reply["warnings"].dump().find("restart dialtone-control"), std::string::npos);
  EXPECT_EQ(bytes("dialtone.toml"), old_text);
  // One that no start would take is a fault, and nothing is restored.
  folder_.write("dialtone.toml", "[control]\nsockte = 'x'\n");
  ASSERT_TRUE(back_up("wrong.tar")["ok"].get<bool>());
  folder_.write("dialtone.toml", new_text);
  reply = restore("wrong.tar", /*check=*/false, /*config=*/true);
  EXPECT_EQ(reply["code"], 3) << reply;
  EXPECT_FALSE(codes(reply).empty());
  EXPECT_EQ(bytes("dialtone.toml"), new_text);
}

TEST_F(BackupCommands, NothingChangesWhenAByteIsWrong) {
  add_phone();
  ASSERT_TRUE(back_up("campus.tar")["ok"].get<bool>());
  change_everything();
  const std::string changed = digest();
  const std::string good = bytes("campus.tar");
  std::string bad = good;
  bad[bad.find("<rings/>")] = '[';
  bad[bad.find("SEP001122334455")] = 'T';
  folder_.write("bad.tar", bad);
  const Json reply = restore("bad.tar");
  EXPECT_EQ(codes(reply), "wrong-digest wrong-digest ") << reply;
  EXPECT_EQ(digest(), changed);
  EXPECT_EQ(asset("RingList.xml"), "<other/>");
}

TEST_F(BackupCommands, WhatWasCutOffIsNoBackup) {
  ASSERT_TRUE(back_up("campus.tar")["ok"].get<bool>());
  const std::string good = bytes("campus.tar");
  folder_.write("cut.tar", good.substr(0, good.find("manifest.json")));
  EXPECT_EQ(codes(restore("cut.tar", true)), "no-manifest ");
  folder_.write("torn.tar", good.substr(0, 700));
  EXPECT_EQ(codes(restore("torn.tar", true)), "broken-archive ");
  folder_.write("none.tar", "this is no archive");
  EXPECT_EQ(codes(restore("none.tar", true)), "broken-archive ");
}

// An archive of somebody else, with a path that leads out of the folder.
TEST_F(BackupCommands, NoPathLeadsOut) {
  foreign_archive(
      {{"assets/../../evil", "x"}, {"/tmp/evil", "x"}, {"assets/.hidden", "x"}, {"other/x", "x"}});
  EXPECT_EQ(codes(restore("evil.tar")), "bad-entry bad-entry bad-entry unknown-entry no-manifest ");
  EXPECT_FALSE(std::filesystem::exists(folder_.file("evil")));
}

// Control could not change it any more.
TEST_F(BackupCommands, WhatCouldNotBePutIsNotRestored) {
  const std::string folder = assets::record_path("a").substr(std::string(".dialtone/").size());
  foreign_archive({{"assets/Name", "x"},
                   {"assets/nAME", "x"},
                   {"assets/a\x01", "x"},
                   {"versions/x/record", "{}"},
                   {folder, "garbage"},
                   {folder + "s", "x"}});
  EXPECT_EQ(codes(restore("evil.tar")),
            "same-name bad-name bad-entry bad-record bad-entry no-manifest ");
}

TEST_F(BackupCommands, FaultsAreAsManyAsAPersonCanRead) {
  std::vector<std::pair<std::string, std::string>> entries;
  for (int i = 0; i < 1500; ++i) {
    entries.emplace_back("other/" + std::to_string(i), "x");
  }
  foreign_archive(entries);
  const Json reply = restore("evil.tar");
  ASSERT_EQ(reply["faults"].size(), 1001u);
  EXPECT_EQ(reply["faults"].back()["code"], "too-many-faults");
}

// A backup that no restore takes would be none.
TEST_F(BackupCommands, ARecordThatIsNoneIsLeftOut) {
  folder_.write("assets/" + assets::record_path("ringlist.xml"), "garbage");
  const Json made = back_up("campus.tar");
  ASSERT_TRUE(made["ok"].get<bool>()) << made;
  EXPECT_EQ(made["result"]["versions"], 0);
  ASSERT_EQ(made["warnings"].size(), 1u) << made;
  EXPECT_TRUE(restore("campus.tar")["ok"].get<bool>());
}

TEST_F(BackupCommands, OnlyAnOpenFileIsTaken) {
  EXPECT_EQ(call("backup")["code"], 2);
  int pipe_ends[2];
  ASSERT_EQ(::pipe(pipe_ends), 0);
  EXPECT_EQ(call("backup", Json::object(), pipe_ends[1])["code"], 2);
  ::close(pipe_ends[0]);
  ::close(pipe_ends[1]);
}

}  // namespace
}  // namespace dialtone::daemon
