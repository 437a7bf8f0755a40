// SPDX-License-Identifier: Apache-2.0
#include "control/publish/miss_source.h"

#include "dataplane/base/unique_fd.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <sys/mman.h>

#include <atomic>

namespace dialtone::publish {
namespace {

// As the dataplane makes it, but for the seals.
class Rings {
 public:
  explicit Rings(int seals)
      : fd_(::memfd_create("dialtone-test", MFD_CLOEXEC | MFD_ALLOW_SEALING)) {
    const std::size_t size = abi::miss_ring_size(1);
    EXPECT_EQ(::ftruncate(fd_.get(), static_cast<off_t>(size)), 0);
    memory_ =
        Mapping(::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd_.get(), 0), size);
    abi::format_miss_ring(memory_.writable_bytes(), 1);
    EXPECT_EQ(::fcntl(fd_.get(), F_ADD_SEALS, seals), 0);
  }

  int fd() const { return fd_.get(); }
  std::span<std::byte> memory() const { return memory_.writable_bytes(); }

 private:
  UniqueFd fd_;
  Mapping memory_;
};

TEST(MissSource, TakesWhatAWorkerAsksFor) {
  const Rings rings(F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL);
  const std::atomic<bool> listening{true};
  abi::MissWriter worker(abi::worker_miss_ring(rings.memory(), 0), 0, listening);
  auto source = MissSource::open(rings.fd());
  ASSERT_TRUE(source) << source.error().text;
  EXPECT_TRUE(worker.give("ringlist.xml", abi::MissKind::kUnknown));
  std::vector<abi::Miss> misses;
  source->take(misses, 10);
  ASSERT_EQ(misses.size(), 1U);
  EXPECT_EQ(misses[0].name, "ringlist.xml");
}

TEST(MissSource, RefusesMemoryThatCouldBeTakenAway) {
  const Rings rings(F_SEAL_GROW);
  EXPECT_FALSE(MissSource::open(rings.fd()));
  EXPECT_FALSE(MissSource::open(-1));
  const UniqueFd file(::open("/etc/passwd", O_RDONLY | O_CLOEXEC));
  EXPECT_FALSE(MissSource::open(file.get()));
}

TEST(MissSource, RefusesMemoryThatIsNoRing) {
  const Rings rings(F_SEAL_SHRINK);
  rings.memory()[0] = std::byte{0};
  EXPECT_FALSE(MissSource::open(rings.fd()));
}

}  // namespace
}  // namespace dialtone::publish
