// SPDX-License-Identifier: Apache-2.0
//
// Owns one mmap()ed range; unmaps it once. Unmapping sends TLB shootdowns to every core that used
// the range, so a worker never destroys one (docs/architecture.md, "Publish").
#pragma once

#include <cstddef>
#include <span>
#include <utility>

namespace dialtone {

class Mapping {
 public:
  Mapping() = default;
  Mapping(void* address, std::size_t size) noexcept
      : address_(static_cast<std::byte*>(address)), size_(size) {}
  Mapping(Mapping&& other) noexcept
      : address_(std::exchange(other.address_, nullptr)), size_(std::exchange(other.size_, 0)) {}
  Mapping& operator=(Mapping&& other) noexcept {
    if (this != &other) {
      reset();
      address_ = std::exchange(other.address_, nullptr);
      size_ = std::exchange(other.size_, 0);
    }
    return *this;
  }
  ~Mapping() { reset(); }

  std::byte* data() const noexcept { return address_; }
  std::size_t size() const noexcept { return size_; }
  bool valid() const noexcept { return address_ != nullptr; }
  std::span<std::byte> writable_bytes() const noexcept { return {address_, size_}; }
  std::span<const std::byte> bytes() const noexcept { return {address_, size_}; }
  void reset() noexcept;

 private:
  std::byte* address_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace dialtone
