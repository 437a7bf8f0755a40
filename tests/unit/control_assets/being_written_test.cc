// SPDX-License-Identifier: Apache-2.0
//
// A file that somebody has open for writing is not read, however long that takes.
#include "dataplane/base/unique_fd.h"
#include "tests/unit/control_assets/scanned_folder.h"

#include <fcntl.h>

#include <sys/mman.h>

#include <atomic>
#include <string_view>
#include <thread>

namespace dialtone::assets {
namespace {

class BeingWrittenTest : public ScannedFolder {
 protected:
  UniqueFd open(const char* name, int flags) const {
    UniqueFd fd(::open(folder_.file(name).c_str(), flags | O_CLOEXEC, 0644));
    EXPECT_TRUE(fd.valid());
    return fd;
  }
  static void write(const UniqueFd& fd, std::string_view text) {
    EXPECT_EQ(::write(fd.get(), text.data(), text.size()), static_cast<ssize_t>(text.size()));
  }

  void expect_fault(std::string_view text) {
    ASSERT_EQ(faults_.size(), 1u);
    EXPECT_NE(faults_[0].text.find(text), std::string::npos) << faults_[0].text;
    EXPECT_NE(faults_[0].text.find("is being written"), std::string::npos) << faults_[0].text;
  }
};

TEST_F(BeingWrittenTest, ANewFileIsServedWhenItsWriterClosesIt) {
  folder_.write("other", "x");
  UniqueFd slow = open("load.sbn", O_WRONLY | O_CREAT);
  write(slow, "half");
  EXPECT_EQ(put(scan()), (Texts{"other=x"}));
  expect_fault("not served");
  write(slow, " and half");
  EXPECT_EQ(put(scan()), Texts{});
  slow.reset();
  EXPECT_EQ(put(scan()), (Texts{"load.sbn=half and half"}));
  EXPECT_TRUE(faults_.empty());
}

TEST_F(BeingWrittenTest, AFileThatIsWrittenAnewInPlaceKeepsItsContentUntilThen) {
  folder_.write("load.sbn", "old");
  scan();
  UniqueFd slow = open("load.sbn", O_WRONLY | O_TRUNC);
  EXPECT_EQ(put(scan()), Texts{});
  write(slow, "ne");
  const auto change = scan();
  EXPECT_EQ(put(change), Texts{});
  EXPECT_EQ(change.gone, Texts{});
  expect_fault("its last content is served");
  write(slow, "w");
  slow.reset();
  EXPECT_EQ(put(scan()), (Texts{"load.sbn=new"}));
}

TEST_F(BeingWrittenTest, AWriterThroughAMapIsAWriterToo) {
  folder_.write("load.sbn", "half");
  UniqueFd slow = open("load.sbn", O_RDWR);
  void* map = ::mmap(nullptr, 4, PROT_READ | PROT_WRITE, MAP_SHARED, slow.get(), 0);
  ASSERT_NE(map, MAP_FAILED);
  slow.reset();
  EXPECT_EQ(put(scan()), Texts{});
  ::munmap(map, 4);
  EXPECT_EQ(put(scan()), (Texts{"load.sbn=half"}));
}

TEST_F(BeingWrittenTest, AReaderIsNoWriter) {
  folder_.write("a", "x");
  const UniqueFd reader = open("a", O_RDONLY);
  EXPECT_EQ(put(scan()), (Texts{"a=x"}));
}

// The lease that finds a writer must not end us when the writer comes while we hold it.
TEST_F(BeingWrittenTest, WritersThatComeAndGoMeanwhileDoNoHarm) {
  folder_.write("busy", "x");
  std::atomic<bool> stop = false;
  std::thread writer([&] {
    while (!stop) {
      const UniqueFd fd = open("busy", O_WRONLY);
    }
  });
  for (int i = 0; i < 3000; ++i) {
    AssetFolder fresh(folder_.path());
    Diagnostics faults;
    const auto change = fresh.scan({}, faults);
    EXPECT_TRUE(change.ok() && change->put.size() + faults.size() == 1);
  }
  stop = true;
  writer.join();
}

}  // namespace
}  // namespace dialtone::assets
