// SPDX-License-Identifier: Apache-2.0
#include "control/daemon/map_page.h"

#include "dataplane/base/unique_fd.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <sys/mman.h>

namespace dialtone::daemon {
namespace {

UniqueFd page_of(off_t size) {
  UniqueFd fd(::memfd_create("dialtone-test", MFD_CLOEXEC | MFD_ALLOW_SEALING));
  EXPECT_EQ(::ftruncate(fd.get(), size), 0);
  return fd;
}

TEST(MapPage, IsMappedWhenItCannotShrink) {
  const UniqueFd fd = page_of(4096);
  ASSERT_EQ(::fcntl(fd.get(), F_ADD_SEALS, F_SEAL_SHRINK), 0);
  const auto page = map_page(fd.get(), "events");
  ASSERT_TRUE(page) << page.error().text;
  EXPECT_EQ(page->bytes().size(), 4096u);
}

// Its owner could take it away while we read, which would be the end of us.
TEST(MapPage, IsRefusedWhenItCanShrinkOrIsNothing) {
  EXPECT_FALSE(map_page(page_of(4096).get(), "events"));
  int pipe[2];
  ASSERT_EQ(::pipe2(pipe, O_CLOEXEC), 0);
  const UniqueFd out(pipe[0]);
  const UniqueFd in(pipe[1]);
  EXPECT_FALSE(map_page(out.get(), "events"));
}

}  // namespace
}  // namespace dialtone::daemon
