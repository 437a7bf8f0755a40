// SPDX-License-Identifier: Apache-2.0
#include "control/assets/memory_room.h"

#include "control/assets/asset_folder.h"
#include "tests/support/temp_folder.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <limits>

namespace dialtone::assets {
namespace {

constexpr std::uint64_t kMib = std::uint64_t{1} << 20;

class MemoryRoomTest : public testing::Test {
 protected:
  void has(std::string_view file, std::string_view text) const { root_.write(file, text); }
  MemoryRoom room() const { return memory_room(root_.path()); }

  test::TempFolder root_;
};

TEST_F(MemoryRoomTest, TheMachineHasWhatIsAvailable) {
  EXPECT_EQ(room().bytes, std::numeric_limits<std::uint64_t>::max()) << "nothing is known";
  has("proc/meminfo", "MemTotal:  9000 kB\nMemFree:  1 kB\nMemAvailable:    4096 kB\n");
  EXPECT_EQ(room().bytes, 4 * kMib);
  EXPECT_EQ(room().limit, "the machine");
}

TEST_F(MemoryRoomTest, TheLeastOfAllGroupsAboveIsTaken) {
  has("proc/meminfo", "MemAvailable:    99999999 kB\n");
  has("proc/self/cgroup", "0::/system.slice/dialtone.service\n");
  has("sys/fs/cgroup/system.slice/dialtone.service/memory.max", "max\n");
  has("sys/fs/cgroup/system.slice/dialtone.service/memory.current", "5000\n");
  has("sys/fs/cgroup/system.slice/memory.max", std::to_string(100 * kMib));
  has("sys/fs/cgroup/system.slice/memory.current", std::to_string(70 * kMib));
  EXPECT_EQ(room().bytes, 30 * kMib);
  EXPECT_NE(room().limit.find("system.slice/memory.max"), std::string::npos);
  // Cache of files that were read goes when memory is short.
  has("sys/fs/cgroup/system.slice/memory.stat",
      "anon 7\ninactive_file " + std::to_string(20 * kMib) + "\n");
  EXPECT_EQ(room().bytes, 50 * kMib);
  has("sys/fs/cgroup/memory.max", std::to_string(10 * kMib));
  has("sys/fs/cgroup/memory.current", std::to_string(11 * kMib));
  EXPECT_EQ(room().bytes, 0u) << "the top, as a container sees its own group";
}

TEST_F(MemoryRoomTest, GroupsOfVersion1Count) {
  has("proc/self/cgroup", "7:cpu,cpuacct:/x\n4:memory:/box/one\n");
  has("sys/fs/cgroup/memory/box/one/memory.limit_in_bytes", std::to_string(64 * kMib));
  has("sys/fs/cgroup/memory/box/one/memory.usage_in_bytes", std::to_string(60 * kMib));
  has("sys/fs/cgroup/memory/box/one/memory.stat",
      "total_inactive_file " + std::to_string(4 * kMib) + "\n");
  EXPECT_EQ(room().bytes, 8 * kMib);
}

TEST_F(MemoryRoomTest, AQuarterIsLeftToOthers) {
  has("proc/meminfo", "MemAvailable:    40960 kB\n");
  EXPECT_TRUE(check_memory(30 * kMib, root_.path()).ok());
  const auto refused = check_memory(31 * kMib, root_.path());
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::kRefused);
  for (const char* said : {"31 MiB", "40 MiB", "30 MiB", "the machine", "take files out"}) {
    EXPECT_NE(refused.error().text.find(said), std::string::npos) << refused.error().text;
  }
  has("proc/meminfo", "MemAvailable:    0 kB\n");
  EXPECT_TRUE(check_memory(0, root_.path()).ok()) << "a scan that reads nothing";
}

// Sparse files: a folder of them costs nothing to make, and all memory to read.
TEST(AssetFolderMemory, AScanThatDoesNotFitChangesNothing) {
  const test::TempFolder folder;
  AssetFolder assets(folder.path());
  const image_build::FileTable before;
  Diagnostics faults;
  folder.write("a", "a");
  ASSERT_TRUE(assets.scan(before, faults).ok());
  const std::uint64_t room = memory_room().bytes;
  for (const char* name : {"big1", "big2", "big3"}) {  // each of which would fit
    std::ofstream(folder.file(name)).put('x');
    std::filesystem::resize_file(folder.file(name), room / 10 * 3);
  }
  EXPECT_FALSE(assets.scan(before, faults).ok());
  EXPECT_EQ(assets.spelled("a"), "a") << "what is served stays";
  EXPECT_EQ(assets.spelled("big1"), "");
}

}  // namespace
}  // namespace dialtone::assets
