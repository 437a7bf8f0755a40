// SPDX-License-Identifier: Apache-2.0
//
// The key that files are signed with, and its certificate (docs/signing.md). RSA alone: phones take
// nothing else for files. The private key stays in OpenSSL's secure heap, which is locked in memory
// and in no core dump where the machine allows that; no text, log line or object of ours has it.
//
// load() blocks on the disk. The rest is const: any number of threads at a time.
#pragma once

#include "control/signing/signed_file.h"
#include "dataplane/base/diagnostic.h"
#include "dataplane/base/result.h"

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace dialtone::signing {

// How certificates are named in a header.
enum class NameStyle : std::uint8_t {
  kCucm,   // CN=a;OU=b;O=c;L=d;ST=e;C=f, as Unified CM and its TVS do
  kComma,  // CN=a,OU=b, in the certificate's order, as public tools do (RFC 4514)
};

struct SigningOptions {
  std::string key;          // a PEM file
  std::string certificate;  // a PEM file; the first in it
  FileDigest digest = FileDigest::kSha1;
  NameStyle names = NameStyle::kCucm;
};

class SigningKey {
 public:
  // Null, with all that is wrong in `faults`, each naming its file and the cure; what is merely
  // unwise is in warnings().
  static std::shared_ptr<const SigningKey> load(const SigningOptions& options, Diagnostics& faults);
  ~SigningKey();
  SigningKey(const SigningKey&) = delete;
  SigningKey& operator=(const SigningKey&) = delete;

  // Of a file that is asked for as `file_name`, which ends with .sgn. Its time is the beginning of
  // the certificate's: equal inputs give equal files, and no phone is known to look at it.
  SignedHeader header_of(std::string file_name) const;

  // `signature` has header_of().signature_bytes bytes, and is not read.
  Result<void> sign(const SignedParts& parts, std::span<std::byte> signature) const;
  // With the public key; `digest` is that of the file.
  bool verifies(const SignedParts& parts, FileDigest digest) const;

  // What one of them has signed, the other would sign alike.
  bool is_same(const SigningKey& other) const noexcept;

  const SigningOptions& options() const noexcept { return options_; }
  const SignerNames& names() const noexcept { return header_.signer; }
  int bits() const noexcept { return header_.signature_bytes * 8; }
  std::uint64_t ends_s() const noexcept { return ends_s_; }  // of the certificate, Unix time
  // Present ones: of a key that others may read, of a certificate that ends soon.
  std::vector<std::string> warnings() const;

 private:
  struct Handles;  // of OpenSSL

  SigningKey(SigningOptions options, std::unique_ptr<Handles> handles);

  SigningOptions options_;
  std::unique_ptr<Handles> handles_;
  SignedHeader header_;  // but for the file's name
  std::uint64_t ends_s_ = 0;
  std::vector<std::string> lasting_warnings_;
};

}  // namespace dialtone::signing
