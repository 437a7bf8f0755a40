// SPDX-License-Identifier: Apache-2.0
//
// The layout of a signed file, NAME.sgn: a header of tagged elements, then the original bytes
// (facts: trust-formats 1 and 2; docs/signing.md). Writes Cisco's order of elements; reads
// strictly, since the signature's own element is the one place that the signature does not cover.
// Pure; any thread.
#pragma once

#include "dataplane/base/result.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace dialtone::signing {

// The byte of its element.
enum class FileDigest : std::uint8_t { kSha1 = 1, kSha512 = 3 };

// By which a phone finds the signer's certificate: compared byte for byte.
struct SignerNames {
  std::string subject;
  std::string serial;  // the shortest big-endian magnitude, as bytes
  std::string issuer;

  friend bool operator==(const SignerNames&, const SignerNames&) = default;
};

struct SignedHeader {
  SignerNames signer;
  FileDigest digest = FileDigest::kSha1;
  std::uint16_t signature_bytes = 256;  // 128, 256 or 512: of the key's modulus
  std::string file_name;                // as it is asked for, the ending .sgn included
  std::uint32_t time_s = 0;             // Unix time

  friend bool operator==(const SignedHeader&, const SignedHeader&) = default;
};

// The parts of a signed file, in their order. The signature covers `before`, `behind` and
// `content`; its tag and length, between `before` and `signature`, are not covered.
struct SignedParts {
  std::span<const std::byte> before;
  std::span<const std::byte> signature;
  std::span<const std::byte> behind;
  std::span<const std::byte> content;
};

// Of the header, the signature included. Refused: the names make it longer than its format allows.
Result<std::size_t> header_bytes(const SignedHeader& header);

// Writes the header to the beginning of `file`, which is a whole one: the header's bytes, then the
// content. What is at the place of the signature is left alone. header_bytes() has not failed.
SignedParts write_header(const SignedHeader& header, std::span<std::byte> file);

struct ReadFile {
  SignedHeader header;
  SignedParts parts;
};

// Refused, with the reason: it is no signed file, or one that a strict reader does not take.
// Whether the signature fits is not looked at.
Result<ReadFile> read_signed_file(std::span<const std::byte> file);

// It begins as a signed file or a trust list does, and so must never be signed: a reader of lists
// that looks at neither name nor version would take it for one.
bool begins_as_signed(std::span<const std::byte> content) noexcept;

}  // namespace dialtone::signing
