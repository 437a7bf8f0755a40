// SPDX-License-Identifier: Apache-2.0
#include "control/signing/element_tags.h"
#include "control/signing/signed_file.h"
#include "dataplane/base/check.h"

#include <cstring>

namespace dialtone::signing {
namespace {

constexpr std::size_t text_bytes(const std::string& text) noexcept {
  return kElementHead + text.size() + 1;  // the NUL counts
}
std::size_t signer_bytes(const SignerNames& names) noexcept {
  return text_bytes(names.subject) + kElementHead + names.serial.size() + text_bytes(names.issuer);
}

constexpr std::size_t kAlgorithmBytes = 2 * (kElementHead + 1);
constexpr std::size_t kInfoBytes = kElementHead + 1 + kElementHead + kAlgorithmBytes;

class Writer {
 public:
  explicit Writer(std::span<std::byte> out) noexcept : out_(out) {}

  std::size_t at() const noexcept { return at_; }

  void byte(std::uint8_t value) noexcept { out_[at_++] = static_cast<std::byte>(value); }
  void number(std::uint64_t value, std::size_t bytes) noexcept {
    for (std::size_t left = bytes; left-- > 0;) {
      byte(static_cast<std::uint8_t>(value >> (8 * left)));
    }
  }
  void head(Tag tag, std::size_t length) noexcept {
    byte(static_cast<std::uint8_t>(tag));
    number(length, 2);
  }
  void element(Tag tag, std::uint64_t value, std::size_t bytes) noexcept {
    head(tag, bytes);
    number(value, bytes);
  }
  void text(Tag tag, const std::string& value) noexcept {
    head(tag, value.size() + 1);
    bytes(value);
    byte(0);
  }
  void binary(Tag tag, const std::string& value) noexcept {
    head(tag, value.size());
    bytes(value);
  }
  void skip(std::size_t count) noexcept { at_ += count; }

 private:
  void bytes(const std::string& value) noexcept {
    std::memcpy(out_.data() + at_, value.data(), value.size());
    at_ += value.size();
  }

  std::span<std::byte> out_;
  std::size_t at_ = 0;
};

}  // namespace

Result<std::size_t> header_bytes(const SignedHeader& header) {
  const std::size_t elements = 2 * (kElementHead + 2) + kElementHead + signer_bytes(header.signer) +
                               kElementHead + kInfoBytes + kElementHead + header.signature_bytes +
                               text_bytes(header.file_name) + kElementHead + 4;
  const std::size_t bytes = (elements + kHeaderAlign - 1) / kHeaderAlign * kHeaderAlign;
  if (bytes > kMaxHeader) {
    return refused("the names of the signer's certificate take " +
                   std::to_string(signer_bytes(header.signer)) +
                   " bytes, which no header of a signed file holds; use a certificate with shorter "
                   "names");
  }
  return bytes;
}

SignedParts write_header(const SignedHeader& header, std::span<std::byte> file) {
  const auto length = header_bytes(header);
  DIALTONE_CHECK(length.ok() && file.size() >= *length);
  Writer out(file);
  out.element(Tag::kVersion, kSignedVersion, 2);
  out.element(Tag::kHeaderLength, *length, 2);
  out.head(Tag::kSigner, signer_bytes(header.signer));
  out.text(Tag::kSubject, header.signer.subject);
  out.binary(Tag::kSerial, header.signer.serial);
  out.text(Tag::kIssuer, header.signer.issuer);
  out.head(Tag::kSignatureInfo, kInfoBytes);
  out.element(Tag::kDigest, static_cast<std::uint8_t>(header.digest), 1);
  out.head(Tag::kAlgorithmInfo, kAlgorithmBytes);
  out.element(Tag::kAlgorithm, kRsaPkcs1, 1);
  out.element(Tag::kModulus, modulus_code(header.signature_bytes), 1);
  const std::size_t before = out.at();
  out.head(Tag::kSignature, header.signature_bytes);
  const std::size_t signature = out.at();
  out.skip(header.signature_bytes);
  const std::size_t behind = out.at();
  out.text(Tag::kFileName, header.file_name);
  out.element(Tag::kTime, header.time_s, 4);
  while (out.at() < *length) {
    out.byte(static_cast<std::uint8_t>(Tag::kPad));
  }
  return {file.first(before), file.subspan(signature, header.signature_bytes),
          file.subspan(behind, *length - behind), file.subspan(*length)};
}

bool begins_as_signed(std::span<const std::byte> content) noexcept {
  constexpr std::byte kBegin[] = {std::byte{1}, std::byte{0}, std::byte{2}};
  return content.size() >= sizeof(kBegin) &&
         std::memcmp(content.data(), kBegin, sizeof(kBegin)) == 0;
}

}  // namespace dialtone::signing
