// SPDX-License-Identifier: Apache-2.0
//
// Memory that runs short when a test says so, on any machine: the whole test program calls the
// memfd_create(), fallocate() and pwrite() of fake_memory.cc. Huge pages are ordinary ones there,
// of which only so many are given. One thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>

namespace dialtone::test {

class FakeMemory {
 public:
  static constexpr int kNone = -1;  // the kernel knows no huge pages

  explicit FakeMemory(int huge_pages = 0);
  ~FakeMemory();
  FakeMemory(const FakeMemory&) = delete;
  FakeMemory& operator=(const FakeMemory&) = delete;

  void fail_all(bool fail) noexcept { fail_all_ = fail; }
  // Each pwrite() writes so many bytes at most; 0: it fails.
  void limit_writes(std::size_t bytes) noexcept { most_written_ = bytes; }
  std::size_t most_written() const noexcept { return most_written_; }
  // One fallocate() fails, once so many have gone well.
  void fail_once_after(int calls) noexcept { until_failure_ = calls; }
  // Called once, by the next fallocate(), which then fails.
  void fail_next_after(std::function<void()> act) { act_ = std::move(act); }

  bool knows_huge_pages() const noexcept { return huge_pages_ != kNone; }
  // An errno; 0: the kernel may be asked for the range.
  int refusal(int fd, std::int64_t offset, std::int64_t bytes);
  void add_huge(int fd);

 private:
  int huge_pages_;
  bool fail_all_ = false;
  int until_failure_ = -1;  // calls; below 0: none is to fail
  std::size_t most_written_ = std::numeric_limits<std::size_t>::max();
  std::function<void()> act_;
};

}  // namespace dialtone::test
