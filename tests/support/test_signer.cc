// SPDX-License-Identifier: Apache-2.0
#include "tests/support/test_signer.h"

#include "dataplane/base/check.h"

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <cstdint>
#include <cstdio>
#include <map>

namespace dialtone::test {
namespace {

template <typename Write>
void write_pem(const std::string& path, Write write) {
  std::FILE* file = std::fopen(path.c_str(), "w");
  DIALTONE_CHECK(file != nullptr);
  DIALTONE_CHECK(write(file) == 1);
  std::fclose(file);
}

struct Element {
  std::size_t begin;  // of its tag
  std::string_view value;
};

}  // namespace

// Of more primes where they are many bits: these are found in a tenth of the time.
OwnedKey rsa_key(unsigned bits) {
  const std::unique_ptr<EVP_PKEY_CTX, decltype(&EVP_PKEY_CTX_free)> context(
      EVP_PKEY_CTX_new_from_name(nullptr, "RSA", nullptr), EVP_PKEY_CTX_free);
  EVP_PKEY* made = nullptr;
  DIALTONE_CHECK(EVP_PKEY_keygen_init(context.get()) == 1 &&
                 EVP_PKEY_CTX_set_rsa_keygen_bits(context.get(), static_cast<int>(bits)) == 1 &&
                 EVP_PKEY_CTX_set_rsa_keygen_primes(context.get(), bits <= 2048 ? 2 : 3) == 1 &&
                 EVP_PKEY_generate(context.get(), &made) == 1);
  return {made, EVP_PKEY_free};
}

OwnedKey ec_key() {
  return {EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256"), EVP_PKEY_free};
}

OwnedCertificate certificate_of(const OwnedKey& key, const CertificateParts& parts) {
  OwnedCertificate certificate(X509_new(), X509_free);
  X509* const made = certificate.get();
  X509_set_version(made, X509_VERSION_3);
  BIGNUM* serial = nullptr;
  BN_hex2bn(&serial, parts.serial_hex.c_str());
  BN_to_ASN1_INTEGER(serial, X509_get_serialNumber(made));
  BN_free(serial);
  ASN1_TIME_set(X509_getm_notBefore(made), parts.begins_s);
  ASN1_TIME_set(X509_getm_notAfter(made), parts.ends_s);
  X509_set_pubkey(made, key.get());
  X509_NAME* const name = X509_get_subject_name(made);
  for (const auto& [field, text] : parts.names) {
    DIALTONE_CHECK(X509_NAME_add_entry_by_txt(name, field.c_str(), MBSTRING_UTF8,
                                              reinterpret_cast<const unsigned char*>(text.data()),
                                              static_cast<int>(text.size()), -1, 0) == 1);
  }
  X509_set_issuer_name(made, name);
  DIALTONE_CHECK(X509_sign(made, key.get(), EVP_sha256()) > 0);
  return certificate;
}

void write_key(const std::string& path, const OwnedKey& key, const char* passphrase) {
  write_pem(path, [&](std::FILE* file) {
    return PEM_write_PrivateKey(file, key.get(),
                                passphrase == nullptr ? nullptr : EVP_aes_128_cbc(), nullptr, 0,
                                nullptr, const_cast<char*>(passphrase));
  });
}

void write_public_key(const std::string& path, const OwnedKey& key) {
  write_pem(path, [&](std::FILE* file) { return PEM_write_PUBKEY(file, key.get()); });
}

void write_certificate(const std::string& path, const OwnedCertificate& certificate) {
  write_pem(path, [&](std::FILE* file) { return PEM_write_X509(file, certificate.get()); });
}

std::vector<std::string> secrets_of(const OwnedKey& key) {
  std::vector<std::string> secrets;
  for (const char* name : {OSSL_PKEY_PARAM_RSA_D, OSSL_PKEY_PARAM_RSA_FACTOR1,
                           OSSL_PKEY_PARAM_RSA_FACTOR2, OSSL_PKEY_PARAM_RSA_EXPONENT1}) {
    BIGNUM* number = nullptr;
    DIALTONE_CHECK(EVP_PKEY_get_bn_param(key.get(), name, &number) == 1);
    std::string big(static_cast<std::size_t>(BN_num_bytes(number)), '\0');
    BN_bn2bin(number, reinterpret_cast<unsigned char*>(big.data()));
    secrets.push_back(big);
    secrets.emplace_back(big.rbegin(), big.rend());  // as it lies in memory
    BN_free(number);
  }
  return secrets;
}

std::string judge(std::string_view file, std::string_view name, std::string_view content,
                  const OwnedKey& key) {
  // One walk over all elements; a container is stepped into.
  std::map<int, Element> elements;
  std::vector<int> order;
  const auto at = [&](std::size_t i) { return static_cast<unsigned char>(file[i]); };
  std::size_t header = file.size();
  std::size_t i = 0;
  while (i < header) {
    const int tag = at(i);
    if (tag == 13) {
      for (; i < header; ++i) {
        if (at(i) != 13) {
          return "a pad byte is none";
        }
      }
      break;
    }
    if (i + 3 > file.size()) {
      return "cut off";
    }
    const std::size_t length = at(i + 1) * 256U + at(i + 2);
    if (i + 3 + length > file.size()) {
      return "longer than the file";
    }
    if (!elements.emplace(tag, Element{i, file.substr(i + 3, length)}).second) {
      return "an element is there twice";
    }
    order.push_back(tag);
    if (tag == 2) {
      header = at(i + 3) * 256U + at(i + 4);
      if (header > file.size() || header % 4 != 0) {
        return "no header of that length";
      }
    }
    i += tag == 3 || tag == 7 || tag == 9 ? 3 : 3 + length;
  }
  if (i != header || order != std::vector<int>{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 14, 15}) {
    return "other elements, or in another order";
  }
  std::string wanted(name);
  wanted += '\0';
  if (elements[14].value != wanted) {
    return "another name";
  }
  if (file.substr(header) != content) {
    return "another content";
  }
  const Element& signature = elements[12];
  const EVP_MD* digest = elements[8].value[0] == 1 ? EVP_sha1() : EVP_sha512();
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                        EVP_MD_CTX_free);
  const std::string_view front = file.substr(0, signature.begin);
  const std::string_view back = file.substr(signature.begin + 3 + signature.value.size());
  EVP_DigestVerifyInit(context.get(), nullptr, digest, nullptr, key.get());
  EVP_DigestVerifyUpdate(context.get(), front.data(), front.size());
  EVP_DigestVerifyUpdate(context.get(), back.data(), back.size());
  return EVP_DigestVerifyFinal(context.get(),
                               reinterpret_cast<const unsigned char*>(signature.value.data()),
                               signature.value.size()) == 1
             ? "valid"
             : "the signature does not fit";
}

}  // namespace dialtone::test
