// SPDX-License-Identifier: Apache-2.0
#include "dataplane/base/seals.h"

#include "dataplane/base/unique_fd.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <sys/mman.h>

#include <array>
#include <chrono>
#include <memory>
#include <thread>

namespace dialtone {
namespace {

constexpr int kSeals = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE;

UniqueFd memory_file() {
  UniqueFd fd(::memfd_create("seals-test", MFD_CLOEXEC | MFD_ALLOW_SEALING));
  EXPECT_EQ(::ftruncate(fd.get(), 4096), 0);
  EXPECT_EQ(::pwrite(fd.get(), "x", 1, 0), 1);
  return fd;
}

// A page that lies in a pipe has one holder more than its file: as one has that the kernel is about
// to reclaim, or that a device reads.
class HeldPage {
 public:
  explicit HeldPage(int fd) {
    std::array<int, 2> ends{};
    EXPECT_EQ(::pipe2(ends.data(), O_CLOEXEC), 0);
    out_.reset(ends[0]);
    in_.reset(ends[1]);
    off_t from = 0;
    EXPECT_EQ(::splice(fd, &from, in_.get(), nullptr, 4096, 0), 4096);
  }

 private:
  UniqueFd out_;
  UniqueFd in_;
};

TEST(Seals, APageThatIsHeldForAWhileIsWaitedFor) {
  const UniqueFd fd = memory_file();
  auto held = std::make_unique<HeldPage>(fd.get());
  ASSERT_NE(::fcntl(fd.get(), F_ADD_SEALS, kSeals), 0);  // after some 150 ms
  std::jthread lets_go([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(250));
    held.reset();
  });
  const auto sealed = add_seals(fd.get(), kSeals);
  ASSERT_TRUE(sealed) << sealed.error().text;
  EXPECT_EQ(::fcntl(fd.get(), F_GET_SEALS), kSeals);
}

TEST(Seals, WhatCannotBeSealedIsAnErrorAtOnce) {
  const UniqueFd fd(::memfd_create("seals-test", MFD_CLOEXEC));  // as it is: no seals, ever
  const auto sealed = add_seals(fd.get(), kSeals);
  ASSERT_FALSE(sealed);
  EXPECT_NE(sealed.error().text.find("not permitted"), std::string::npos) << sealed.error().text;
}

}  // namespace
}  // namespace dialtone
