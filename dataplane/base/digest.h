// SPDX-License-Identifier: Apache-2.0
//
// XXH3-128: the identity of files and objects inside the box. Not a defence against forgery; where
// a person or another machine checks, SHA-256 is used instead.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

namespace dialtone {

struct Digest {
  std::uint64_t low = 0;
  std::uint64_t high = 0;

  friend bool operator==(const Digest&, const Digest&) = default;
  friend auto operator<=>(const Digest&, const Digest&) = default;
};

static_assert(sizeof(Digest) == 16);

Digest digest_of(std::span<const std::byte> bytes) noexcept;

// 32 hexadecimal digits, high word first.
std::string to_hex(const Digest& digest);

// The digest of a sequence of byte ranges, as if they were one.
class DigestStream {
 public:
  DigestStream();
  ~DigestStream();
  DigestStream(const DigestStream&) = delete;
  DigestStream& operator=(const DigestStream&) = delete;

  void update(std::span<const std::byte> bytes) noexcept;
  Digest finish() const noexcept;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace dialtone
