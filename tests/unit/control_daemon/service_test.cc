// SPDX-License-Identifier: Apache-2.0
//
// What control does when its files fail it: virtual time, no dataplane.
#include "control/daemon/service.h"

#include "control/daemon/build_counters.h"
#include "control/database/device_keys.h"
#include "control/database/device_store.h"
#include "control/database/schema.h"
#include "dataplane/program/signals.h"
#include "tests/support/temp_folder.h"

#include <gtest/gtest.h>
#include <signal.h>

#include <filesystem>
#include <string>

namespace dialtone::daemon {
namespace {

namespace fs = std::filesystem;

class ServiceTest : public testing::Test {
 protected:
  ServiceTest() {
    fs::create_directory(assets_);
    Options options;
    options.dataplane = folder_.file("dataplane.sock");
    options.database = path_;
    options.assets = assets_;
    service_ = *Service::open(options);
    EXPECT_TRUE(service_->build_all().ok());
    EXPECT_EQ(worries(), "");
  }

  // As another process writes.
  void add_phone(const std::string& name) {
    auto other = *database::Database::open(path_);
    database::Device device;
    EXPECT_TRUE(set_key(device, "name", name).ok());
    EXPECT_TRUE(set_key(device, "model", "Cisco 8841").ok());
    EXPECT_TRUE(set_key(device, "line1.dn", "1001").ok());
    EXPECT_TRUE(database::DeviceStore(other).write(device).ok());
  }

  void pass(std::chrono::milliseconds time) {
    for (const auto end = now_ + time; now_ < end;) {
      now_ += std::chrono::milliseconds(50);
      service_->step(now_);
    }
  }

  bool serves(std::string_view name) const {
    return service_->builder().image().files().find(name) != nullptr;
  }

  // What status warns of, but for the dataplane that is not there.
  std::string worries() const {
    std::string text;
    for (const std::string& warning : service_->warnings()) {
      text += warning.find("no dataplane") == std::string::npos ? warning + "\n" : "";
    }
    return text;
  }

  test::TempFolder folder_;
  std::string path_ = folder_.file("phones.db");
  std::string assets_ = folder_.file("assets");
  std::unique_ptr<Service> service_;
  Service::Clock::time_point now_ = Service::Clock::now();
};

TEST_F(ServiceTest, FollowsWhatAnotherProcessWrites) {
  add_phone("SEP000000000001");
  pass(std::chrono::milliseconds(200));
  EXPECT_TRUE(serves("sep000000000001.cnf.xml"));
}

TEST_F(ServiceTest, AFolderThatWasAwayIsReadWhenItIsBack) {
  folder_.write("assets/RingList.xml", "rings");
  fs::rename(assets_, assets_ + ".away");
  pass(std::chrono::milliseconds(2000));
  EXPECT_FALSE(serves("ringlist.xml"));
  EXPECT_NE(worries().find(assets_), std::string::npos) << worries();
  fs::rename(assets_ + ".away", assets_);
  pass(std::chrono::seconds(7));
  EXPECT_TRUE(serves("ringlist.xml"));
  EXPECT_EQ(worries(), "");
}

TEST_F(ServiceTest, ADatabaseThatWasReplacedIsLeftAlone) {
  add_phone("SEP000000000001");
  pass(std::chrono::milliseconds(200));
  fs::rename(path_, path_ + ".old");
  pass(std::chrono::milliseconds(200));
  EXPECT_NE(worries().find("moved or replaced"), std::string::npos) << worries();
  EXPECT_FALSE(service_->check_database_file().ok());
  EXPECT_FALSE(service_->build_all().ok());
  EXPECT_TRUE(serves("sep000000000001.cnf.xml"));
  fs::rename(path_ + ".old", path_);
  pass(std::chrono::milliseconds(200));
  EXPECT_TRUE(service_->build_all().ok());
  EXPECT_EQ(worries(), "");
}

TEST_F(ServiceTest, ASchemaThatIsNewerUnderUsIsLeftAlone) {
  const auto bring_to = [this](std::int64_t version) {
    EXPECT_TRUE(
        service_->database()->execute("PRAGMA user_version = " + std::to_string(version)).ok());
  };
  bring_to(99);
  EXPECT_FALSE(service_->check_database_file().ok());
  EXPECT_NE(worries().find("newer version of Dialtone"), std::string::npos) << worries();
  EXPECT_FALSE(service_->build_all().ok());
  bring_to(database::kSchemaVersion);
  EXPECT_TRUE(service_->check_database_file().ok());
}

TEST_F(ServiceTest, ALogThatWasRemovedIsSaved) {
  add_phone("SEP000000000001");
  pass(std::chrono::milliseconds(200));
  fs::remove(path_ + "-wal");
  fs::remove(path_ + "-shm");
  pass(std::chrono::milliseconds(200));
  EXPECT_EQ(worries(), "");
  EXPECT_TRUE(service_->check_database_file().ok());
  add_phone("SEP000000000002");
  pass(std::chrono::milliseconds(200));
  EXPECT_TRUE(serves("sep000000000001.cnf.xml"));
  EXPECT_TRUE(serves("sep000000000002.cnf.xml"));
}

// It is dear, so changes that follow one another go first, but not all day long.
TEST_F(ServiceTest, ANewBaseWaitsForASecondOfQuietAndForTenSecondsAtMost) {
  const auto write_many = [this](const std::string& stem) {
    for (int i = 0; i < 1100; ++i) {
      folder_.write("assets/" + stem + std::to_string(i), "x");
    }
    ASSERT_TRUE(service_->follow_folder());
    ASSERT_TRUE(service_->builder().image().wants_compact());
  };
  const auto is_wanted = [this] { return service_->builder().image().wants_compact(); };
  folder_.write("assets/large", std::string(std::size_t{68} << 20, 'x'));
  write_many("first");
  std::size_t changes = 0;
  for (; changes < 20 && is_wanted(); ++changes) {
    folder_.write("assets/changing", std::string(changes + 1, 'x'));
    ASSERT_TRUE(service_->follow_folder());
    pass(std::chrono::milliseconds(900));
  }
  EXPECT_EQ(changes, 12u);  // the last of them began after 9.9 seconds
  write_many("second");
  pass(std::chrono::milliseconds(900));
  EXPECT_TRUE(is_wanted());
  pass(std::chrono::milliseconds(200));
  EXPECT_FALSE(is_wanted());
}

TEST_F(ServiceTest, BuildsAreCountedUnderCiscosNames) {
  const auto counted = [&] {
    std::string text;
    for (const BuildCounter& counter : build_counters(service_->builder())) {
      text += std::string(counter.name) + " " + std::to_string(counter.value) + "\n";
    }
    return text;
  };
  EXPECT_EQ(counted(),
            "BuildAbortCount 0\nBuildCount 1\nBuildDeviceCount 0\nBuildDialruleCount "
            "0\nBuildDuration 0\nBuildSoftkeyCount 0\nBuildUnitCount 0\n");
  add_phone("SEP001122334455");
  EXPECT_TRUE(service_->follow_database().ok());
  EXPECT_EQ(counted(),
            "BuildAbortCount 0\nBuildCount 1\nBuildDeviceCount 1\nBuildDialruleCount "
            "0\nBuildDuration 0\nBuildSoftkeyCount 0\nBuildUnitCount 0\n")
      << "a change of one device is no full build";
  ASSERT_TRUE(service_->database()
                  ->execute("INSERT INTO dial_plans (name) VALUES ('hq');"
                            "INSERT INTO softkey_templates (name) VALUES ('std')")
                  .ok());
  EXPECT_TRUE(service_->build_all().ok());
  EXPECT_EQ(counted(),
            "BuildAbortCount 0\nBuildCount 2\nBuildDeviceCount 1\nBuildDialruleCount "
            "2\nBuildDuration 0\nBuildSoftkeyCount 1\nBuildUnitCount 0\n");
}

// SIGTERM waits in its descriptor while a build has the thread; the build asks for it.
TEST_F(ServiceTest, ASignalThatWaitsEndsABuild) {
  sigset_t set;
  sigset_t before;
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  ASSERT_EQ(::pthread_sigmask(SIG_BLOCK, &set, &before), 0);
  const auto is_told = [] { return program::is_waiting({SIGINT, SIGTERM}); };
  EXPECT_FALSE(is_told());
  Options options = service_->options();
  options.dataplane = folder_.file("other.sock");
  const auto service = *Service::open(options, is_told);
  ASSERT_EQ(::raise(SIGTERM), 0);
  EXPECT_TRUE(is_told());
  const auto built = service->build_all();
  ASSERT_FALSE(built.ok());
  EXPECT_EQ(built.error().text, "the build was cancelled");
  EXPECT_EQ(service->builder().image().version(), 0u);
  int signal = 0;
  ASSERT_EQ(::sigwait(&set, &signal), 0);
  ASSERT_EQ(::pthread_sigmask(SIG_SETMASK, &before, nullptr), 0);
  EXPECT_TRUE(service->build_all().ok());
}

}  // namespace
}  // namespace dialtone::daemon
