// SPDX-License-Identifier: Apache-2.0
//
// The elements of a signed file's header (facts: trust-formats 1.1): tag, length as 16 bits
// big-endian, value; kPad alone is a tag without either.
#pragma once

#include <cstddef>
#include <cstdint>

namespace dialtone::signing {

enum class Tag : std::uint8_t {
  kVersion = 1,
  kHeaderLength = 2,
  kSigner = 3,  // holds the next three
  kSubject = 4,
  kSerial = 5,
  kIssuer = 6,
  kSignatureInfo = 7,  // holds the next two
  kDigest = 8,
  kAlgorithmInfo = 9,  // holds the next two
  kAlgorithm = 10,
  kModulus = 11,
  kSignature = 12,
  kPad = 13,
  kFileName = 14,
  kTime = 15,
};

inline constexpr std::size_t kElementHead = 3;  // tag and length
inline constexpr std::uint16_t kSignedVersion = 0x0100;
inline constexpr std::uint8_t kRsaPkcs1 = 0;
inline constexpr std::size_t kHeaderAlign = 4;
inline constexpr std::size_t kMaxHeader = 0xffff;

// 0: 512 bits, 1: 1024, 2: 2048, 3: 4096. There is none for others.
constexpr std::uint8_t modulus_code(std::uint16_t bytes) noexcept {
  return bytes <= 64 ? 0 : bytes <= 128 ? 1 : bytes <= 256 ? 2 : 3;
}
inline constexpr std::uint8_t kLastModulusCode = 3;
// Of a code up to the last.
constexpr std::uint16_t modulus_bytes(std::uint8_t code) noexcept {
  return static_cast<std::uint16_t>(code == kLastModulusCode ? 512 : 64U << code);
}

}  // namespace dialtone::signing
