// SPDX-License-Identifier: Apache-2.0
//
// The strict reader: each element once, in Cisco's order (serial number and issuer in either, as
// other signers write them), containers filled exactly, pad bytes only at the end, and the header
// as long as it says.
#include "control/signing/element_tags.h"
#include "control/signing/signed_file.h"

#include <optional>
#include <string_view>

namespace dialtone::signing {
namespace {

using Bytes = std::span<const std::byte>;

std::uint64_t number_of(Bytes bytes) noexcept {
  std::uint64_t value = 0;
  for (const std::byte byte : bytes) {
    value = value << 8 | std::to_integer<std::uint8_t>(byte);
  }
  return value;
}

std::string_view text_of(Bytes bytes) noexcept {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// Takes element after element from its bytes. After the first one that does not fit, nothing does.
class Reader {
 public:
  explicit Reader(Bytes bytes) noexcept : bytes_(bytes) {}

  std::size_t at() const noexcept { return at_; }
  bool at_end() const noexcept { return at_ == bytes_.size(); }
  const std::string& fault() const noexcept { return fault_; }

  std::optional<Tag> next_tag() const noexcept {
    return fault_.empty() && at_ < bytes_.size()
               ? std::optional(static_cast<Tag>(std::to_integer<std::uint8_t>(bytes_[at_])))
               : std::nullopt;
  }

  // `bytes`: 0: any number but none.
  Bytes take(Tag tag, std::string_view what, std::size_t bytes = 0) {
    if (next_tag() != tag) {
      return fail(std::string(what) + " is not where it belongs");
    }
    if (bytes_.size() - at_ < kElementHead) {
      return fail(std::string(what) + " is cut off");
    }
    const std::size_t length = number_of(bytes_.subspan(at_ + 1, 2));
    if (length > bytes_.size() - at_ - kElementHead) {
      return fail(std::string(what) + " is longer than what holds it");
    }
    if (length == 0 || (bytes != 0 && length != bytes)) {
      return fail(std::string(what) + " has the length " + std::to_string(length));
    }
    const Bytes value = bytes_.subspan(at_ + kElementHead, length);
    at_ += kElementHead + length;
    return value;
  }

  std::string text(Tag tag, std::string_view what) {
    const Bytes value = take(tag, what);
    if (!value.empty() && text_of(value).find('\0') != value.size() - 1) {
      fail(std::string(what) + " does not end with its one NUL");
    }
    return fault_.empty() ? std::string(text_of(value.first(value.size() - 1))) : std::string();
  }

  std::uint64_t number(Tag tag, std::string_view what, std::size_t bytes) {
    return number_of(take(tag, what, bytes));
  }

  void pads() {
    const std::size_t left = bytes_.size() - at_;
    for (; at_ < bytes_.size(); ++at_) {
      if (left >= kHeaderAlign || next_tag() != Tag::kPad) {
        fail("something else than the pad bytes is behind the time");
        return;
      }
    }
  }

  Bytes fail(std::string why) {
    if (fault_.empty()) {
      fault_ = std::move(why);
    }
    return {};
  }

 private:
  Bytes bytes_;
  std::size_t at_ = 0;
  std::string fault_;
};

SignerNames read_signer(Reader& outer) {
  Reader in(outer.take(Tag::kSigner, "the signer"));
  SignerNames names;
  names.subject = in.text(Tag::kSubject, "the signer's subject");
  const bool serial_first = in.next_tag() == Tag::kSerial;
  if (serial_first) {
    names.serial = text_of(in.take(Tag::kSerial, "the signer's serial number"));
  }
  names.issuer = in.text(Tag::kIssuer, "the signer's issuer");
  if (!serial_first) {
    names.serial = text_of(in.take(Tag::kSerial, "the signer's serial number"));
  }
  if (!in.fault().empty() || !in.at_end()) {
    outer.fail(in.fault().empty() ? "the signer holds more than its three names" : in.fault());
  }
  return names;
}

void read_info(Reader& outer, SignedHeader& header) {
  Reader in(outer.take(Tag::kSignatureInfo, "the signature's kind", 15));
  const auto digest = in.number(Tag::kDigest, "the digest's kind", 1);
  Reader inner(in.take(Tag::kAlgorithmInfo, "the algorithm", 8));
  const auto algorithm = inner.number(Tag::kAlgorithm, "the algorithm's kind", 1);
  const auto modulus = inner.number(Tag::kModulus, "the key's size", 1);
  for (const Reader* each : {&in, &inner}) {
    if (!each->fault().empty()) {
      outer.fail(each->fault());
    }
  }
  if (digest != 1 && digest != 3) {
    outer.fail("digest " + std::to_string(digest) + " is neither SHA-1 nor SHA-512");
  }
  if (algorithm != kRsaPkcs1) {
    outer.fail("algorithm " + std::to_string(algorithm) + " is not RSA");
  }
  if (modulus > kLastModulusCode) {
    outer.fail("there is no key of size " + std::to_string(modulus));
    return;
  }
  header.digest = digest == 1 ? FileDigest::kSha1 : FileDigest::kSha512;
  header.signature_bytes = modulus_bytes(static_cast<std::uint8_t>(modulus));
}

}  // namespace

Result<ReadFile> read_signed_file(std::span<const std::byte> file) {
  if (!begins_as_signed(file)) {
    return refused("it does not begin as a signed file");
  }
  Reader front(file.first(std::min<std::size_t>(file.size(), kMaxHeader)));
  const auto version = front.number(Tag::kVersion, "the version", 2);
  const auto length = front.number(Tag::kHeaderLength, "the header's length", 2);
  if (!front.fault().empty()) {
    return refused(front.fault());
  }
  if (version != kSignedVersion) {
    return refused("its version is " + std::to_string(version >> 8) + "." +
                   std::to_string(version & 0xff) + ", that of signed files 1.0");
  }
  if (length > file.size() || length < front.at() || length % kHeaderAlign != 0) {
    return refused("the header's length is " + std::to_string(length));
  }
  const Bytes rest = file.subspan(front.at(), length - front.at());
  Reader in(rest);
  ReadFile read;
  read.header.signer = read_signer(in);
  read_info(in, read.header);
  const std::size_t before = in.at();
  read.parts.signature = in.take(Tag::kSignature, "the signature", read.header.signature_bytes);
  const std::size_t behind = in.at();
  read.header.file_name = in.text(Tag::kFileName, "the file's name");
  read.header.time_s = static_cast<std::uint32_t>(in.number(Tag::kTime, "the time", 4));
  in.pads();
  if (!in.fault().empty()) {
    return refused(in.fault());
  }
  read.parts.before = file.first(front.at() + before);
  read.parts.behind = rest.subspan(behind);
  read.parts.content = file.subspan(length);
  return read;
}

}  // namespace dialtone::signing
