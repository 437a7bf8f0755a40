// SPDX-License-Identifier: Apache-2.0
//
// Keys and certificates of a test's own, as PEM files, and a reader of signed files that was
// written from the description of the format (facts: trust-formats 1 and 2) without a look at the
// product.
#pragma once

#include <openssl/evp.h>
#include <openssl/x509.h>

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace dialtone::test {

using OwnedKey = std::shared_ptr<EVP_PKEY>;
using OwnedCertificate = std::shared_ptr<X509>;

OwnedKey rsa_key(unsigned bits = 2048);
OwnedKey ec_key();

struct CertificateParts {
  std::vector<std::pair<std::string, std::string>> names = {
      {"C", "NZ"}, {"O", "Example"}, {"OU", "Lab"}, {"CN", "tftp.example.test"}};
  std::string serial_hex = "70CAF64E090751B9DF22F49F754FC5BB";
  long begins_s = 1'704'067'200;  // 2024-01-01
  long ends_s = 4'102'444'800;    // 2100-01-01
};
OwnedCertificate certificate_of(const OwnedKey& key, const CertificateParts& parts = {});

void write_key(const std::string& path, const OwnedKey& key, const char* passphrase = nullptr);
void write_public_key(const std::string& path, const OwnedKey& key);
void write_certificate(const std::string& path, const OwnedCertificate& certificate);

// The big-endian bytes of the numbers that must stay secret: private exponent and primes.
std::vector<std::string> secrets_of(const OwnedKey& key);

// "valid", or what is wrong with the file as a signature of `key` over `content` under `name`.
std::string judge(std::string_view file, std::string_view name, std::string_view content,
                  const OwnedKey& key);

}  // namespace dialtone::test
