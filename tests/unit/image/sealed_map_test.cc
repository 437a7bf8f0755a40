// SPDX-License-Identifier: Apache-2.0
#include "dataplane/image/sealed_map.h"

#include "tests/support/sealed_image.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <sys/mman.h>

#include <algorithm>
#include <cstdio>
#include <string>

namespace dialtone::image {
namespace {

std::vector<std::byte> some_bytes(std::size_t size) {
  std::vector<std::byte> bytes(size);
  for (std::size_t i = 0; i < size; ++i) {
    bytes[i] = static_cast<std::byte>(i * 31);
  }
  return bytes;
}

class SealedMap : public testing::TestWithParam<MapMode> {
 protected:
  std::string fault_of(int fd, std::uint64_t size) {
    auto mapping = map_sealed(fd, size, GetParam());
    return mapping.ok() ? "" : mapping.error().text;
  }
};
INSTANTIATE_TEST_SUITE_P(Modes, SealedMap, testing::Values(MapMode::kShared, MapMode::kPrivate),
                         [](const auto& mode) {
                           return mode.param == MapMode::kShared ? "shared" : "private";
                         });

// Kernels before 6.7 refuse a shared map; there the private one is all that is used.
bool kernel_refuses(MapMode mode) {
  return mode == MapMode::kShared && supported_map_mode() == MapMode::kPrivate;
}

TEST_P(SealedMap, MapsWhatIsSealedAndOutlivesItsDescriptor) {
  const auto bytes = some_bytes(3 * 4096 + 100);
  UniqueFd fd = test::sealed_memfd(bytes);
  auto mapping = map_sealed(fd.get(), bytes.size(), GetParam());
  if (kernel_refuses(GetParam())) {
    EXPECT_FALSE(mapping.ok());
    return;
  }
  ASSERT_TRUE(mapping.ok()) << mapping.error().text;
  fd.reset();
  EXPECT_TRUE(std::equal(bytes.begin(), bytes.end(), mapping->bytes().begin()));
}

TEST_P(SealedMap, MapsHugePages) {
  constexpr std::size_t kHuge = std::size_t{2} << 20;
  UniqueFd fd(::memfd_create("huge", MFD_CLOEXEC | MFD_ALLOW_SEALING | MFD_HUGETLB));
  if (!fd.valid() || ::ftruncate(fd.get(), kHuge) != 0 || ::fallocate(fd.get(), 0, 0, kHuge) != 0) {
    return;  // no hugepage to be had here; ordinary pages are tested above
  }
  ASSERT_EQ(::fcntl(fd.get(), F_ADD_SEALS, test::kAllSeals), 0);
  auto mapping = map_sealed(fd.get(), 100, GetParam());
  EXPECT_EQ(mapping.ok(), !kernel_refuses(GetParam()));
  if (mapping.ok()) {
    EXPECT_EQ(mapping->size(), kHuge);
  }
}

TEST_P(SealedMap, EachSealIsNeeded) {
  const auto bytes = some_bytes(4096);
  for (int missing : {F_SEAL_SHRINK, F_SEAL_GROW, F_SEAL_WRITE, F_SEAL_SEAL}) {
    const UniqueFd fd = test::sealed_memfd(bytes, test::kAllSeals & ~missing);
    EXPECT_EQ(fault_of(fd.get(), bytes.size()),
              "it is not sealed: SHRINK, GROW, WRITE and SEAL must all be set")
        << missing;
  }
}

TEST_P(SealedMap, RefusesWhatIsShorterThanAnnounced) {
  const auto bytes = some_bytes(4096);
  const UniqueFd fd = test::sealed_memfd(bytes);
  EXPECT_EQ(fault_of(fd.get(), 4097), "it is truncated: 4096 bytes where 4097 were announced");
  EXPECT_NE(fault_of(fd.get(), ~std::uint64_t{0}), "");
  EXPECT_NE(fault_of(fd.get(), 0), "");
}

TEST_P(SealedMap, RefusesHoles) {
  UniqueFd fd(::memfd_create("holes", MFD_CLOEXEC | MFD_ALLOW_SEALING));
  ASSERT_EQ(::ftruncate(fd.get(), 1 << 20), 0);
  ASSERT_EQ(::pwrite(fd.get(), "x", 1, 0), 1);
  ASSERT_EQ(::fcntl(fd.get(), F_ADD_SEALS, test::kAllSeals), 0);
  EXPECT_EQ(fault_of(fd.get(), 1 << 20),
            "it has holes: reserve its pages with fallocate() before it is sealed");
}

TEST_P(SealedMap, RefusesAnythingButAMemfd) {
  std::FILE* file = std::tmpfile();
  ASSERT_NE(file, nullptr);
  EXPECT_NE(fault_of(::fileno(file), 1), "");
  std::fclose(file);
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  const UniqueFd reader(ends[0]);
  const UniqueFd writer(ends[1]);
  EXPECT_EQ(fault_of(ends[0], 1), "it is no memfd that can be sealed");
  EXPECT_NE(fault_of(-1, 1), "");
}

}  // namespace
}  // namespace dialtone::image
