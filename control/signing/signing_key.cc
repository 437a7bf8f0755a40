// SPDX-License-Identifier: Apache-2.0
#include "control/signing/signing_key.h"

#include "control/signing/certificate_names.h"
#include "control/signing/openssl_handles.h"
#include "control/signing/pem_files.h"

#include <openssl/rsa.h>

#include <sys/stat.h>

#include <array>
#include <ctime>
#include <utility>

namespace dialtone::signing {
namespace {

constexpr std::uint64_t kDay = 86'400;
constexpr std::uint64_t kWarnBefore = 90 * kDay;

const EVP_MD* digest_of_kind(FileDigest digest) noexcept {
  return digest == FileDigest::kSha1 ? EVP_sha1() : EVP_sha512();
}

const unsigned char* bytes_of(std::span<const std::byte> bytes) noexcept {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}

std::uint64_t unix_time(const ASN1_TIME* time) {
  std::tm fields{};
  return ASN1_TIME_to_tm(time, &fields) == 1 ? static_cast<std::uint64_t>(::timegm(&fields)) : 0;
}

// Empty: phones take it.
std::string why_no_signer(const EVP_PKEY& key) {
  if (EVP_PKEY_get_base_id(&key) != EVP_PKEY_RSA) {
    const char* type = EVP_PKEY_get0_type_name(&key);
    return "it is a key of type " + std::string(type == nullptr ? "unknown" : type) +
           "; files are signed with RSA alone: make one with 'openssl genrsa -out FILE 2048'";
  }
  const int bits = EVP_PKEY_get_bits(&key);
  if (bits < 1024) {
    return "it is an RSA key of " + std::to_string(bits) +
           " bits, which is too small to be worth a signature; make one of 2048 with 'openssl "
           "genrsa -out FILE 2048'";
  }
  if (bits != 1024 && bits != 2048 && bits != 4096) {
    return "it is an RSA key of " + std::to_string(bits) +
           " bits; the header of a signed file knows 1024, 2048 and 4096: make one of 2048 with "
           "'openssl genrsa -out FILE 2048'";
  }
  return {};
}

}  // namespace

struct SigningKey::Handles {
  KeyPtr key;
  CertificatePtr certificate;
};

SigningKey::SigningKey(SigningOptions options, std::unique_ptr<Handles> handles)
    : options_(std::move(options)), handles_(std::move(handles)) {
  header_.digest = options_.digest;
  header_.signature_bytes = static_cast<std::uint16_t>(EVP_PKEY_get_size(handles_->key.get()));
  const X509* certificate = handles_->certificate.get();
  header_.time_s = static_cast<std::uint32_t>(unix_time(X509_get0_notBefore(certificate)));
  ends_s_ = unix_time(X509_get0_notAfter(certificate));
  if (bits() > 2048) {
    lasting_warnings_.push_back("signing key " + options_.key + " has " + std::to_string(bits()) +
                                " bits; phones are known to verify up to 2048");
  } else if (bits() < 2048) {
    lasting_warnings_.push_back("signing key " + options_.key + " has " + std::to_string(bits()) +
                                " bits, which can be broken; use one of 2048");
  }
}

SigningKey::~SigningKey() = default;

std::shared_ptr<const SigningKey> SigningKey::load(const SigningOptions& options,
                                                   Diagnostics& faults) {
  const std::size_t before = faults.size();
  const auto key_fault = [&](std::string why) {
    faults.push_back({options.key, 0, 0, "signing-key", std::move(why)});
  };
  const auto certificate_fault = [&](std::string why) {
    faults.push_back({options.certificate, 0, 0, "signing-certificate", std::move(why)});
  };
  auto key = read_key_file(options.key);
  auto certificate = read_certificate_file(options.certificate);
  if (!key) {
    key_fault(key.error().text);
  } else if (std::string why = why_no_signer(*key->key); !why.empty()) {
    key_fault(std::move(why));
  }
  if (!certificate) {
    certificate_fault(certificate.error().text);
  }
  if (faults.size() != before) {
    return nullptr;
  }
  if (X509_check_private_key(certificate->get(), key->key.get()) != 1) {
    ERR_clear_error();
    certificate_fault("it does not belong to the key in " + options.key +
                      "; give the certificate that was made for that key");
    return nullptr;
  }
  auto names = signer_names(**certificate, options.names);
  if (!names) {
    certificate_fault(names.error().text);
    return nullptr;
  }
  const unsigned mode = key->mode;
  std::shared_ptr<SigningKey> made(new SigningKey(
      options, std::make_unique<Handles>(Handles{std::move(key->key), *std::move(certificate)})));
  made->header_.signer = *std::move(names);
  if (const auto fits = header_bytes(made->header_of(std::string(255, 'x'))); !fits) {
    certificate_fault(fits.error().text);
    return nullptr;
  }
  if ((mode & (S_IROTH | S_IWOTH | S_IWGRP)) != 0) {
    made->lasting_warnings_.push_back(
        "signing key " + options.key +
        " may be read or changed by others of this machine, who can then sign for it; let only the "
        "user of dialtone-control read it (chmod 0400)");
  }
  // Some systems refuse to make signatures with SHA-1 at all: now, and not at the first file.
  std::array<std::byte, 512> signature{};
  const auto room = std::span(signature).first(made->header_.signature_bytes);
  if (auto signs = made->sign({}, room); !signs) {
    key_fault(
        signs.error().text +
        (options.digest == FileDigest::kSha1
             ? "; this system may forbid SHA-1: set digest = \"sha512\" in [signing] if every "
               "phone knows it, or allow SHA-1 (update-crypto-policies --set DEFAULT:SHA1)"
             : ""));
    return nullptr;
  }
  if (!made->verifies({{}, room, {}, {}}, options.digest)) {
    key_fault(
        "what it signs does not verify, so it is damaged; copy it anew from where it was "
        "made");
    return nullptr;
  }
  return made;
}

SignedHeader SigningKey::header_of(std::string file_name) const {
  SignedHeader header = header_;
  header.file_name = std::move(file_name);
  return header;
}

Result<void> SigningKey::sign(const SignedParts& parts, std::span<std::byte> signature) const {
  const DigestContextPtr context(EVP_MD_CTX_new());
  EVP_PKEY_CTX* rsa = nullptr;  // the context's own
  std::size_t length = signature.size();
  const bool done =
      context != nullptr &&
      EVP_DigestSignInit(context.get(), &rsa, digest_of_kind(options_.digest), nullptr,
                         handles_->key.get()) == 1 &&
      EVP_PKEY_CTX_set_rsa_padding(rsa, RSA_PKCS1_PADDING) == 1 &&
      EVP_DigestSignUpdate(context.get(), parts.before.data(), parts.before.size()) == 1 &&
      EVP_DigestSignUpdate(context.get(), parts.behind.data(), parts.behind.size()) == 1 &&
      EVP_DigestSignUpdate(context.get(), parts.content.data(), parts.content.size()) == 1 &&
      EVP_DigestSignFinal(context.get(), reinterpret_cast<unsigned char*>(signature.data()),
                          &length) == 1 &&
      length == signature.size();
  if (!done) {
    return failed("OpenSSL does not sign: " + openssl_error());
  }
  return {};
}

bool SigningKey::verifies(const SignedParts& parts, FileDigest digest) const {
  const DigestContextPtr context(EVP_MD_CTX_new());
  EVP_PKEY_CTX* rsa = nullptr;
  const bool fits =
      context != nullptr &&
      EVP_DigestVerifyInit(context.get(), &rsa, digest_of_kind(digest), nullptr,
                           handles_->key.get()) == 1 &&
      EVP_PKEY_CTX_set_rsa_padding(rsa, RSA_PKCS1_PADDING) == 1 &&
      EVP_DigestVerifyUpdate(context.get(), parts.before.data(), parts.before.size()) == 1 &&
      EVP_DigestVerifyUpdate(context.get(), parts.behind.data(), parts.behind.size()) == 1 &&
      EVP_DigestVerifyUpdate(context.get(), parts.content.data(), parts.content.size()) == 1 &&
      EVP_DigestVerifyFinal(context.get(), bytes_of(parts.signature), parts.signature.size()) == 1;
  ERR_clear_error();
  return fits;
}

bool SigningKey::is_same(const SigningKey& other) const noexcept {
  return header_ == other.header_ &&
         EVP_PKEY_eq(handles_->key.get(), other.handles_->key.get()) == 1;
}

std::vector<std::string> SigningKey::warnings() const {
  std::vector<std::string> texts = lasting_warnings_;
  const auto now = static_cast<std::uint64_t>(std::time(nullptr));
  if (ends_s_ <= now) {
    texts.push_back("the certificate " + options_.certificate +
                    " has ended; phones may refuse what is signed with it: renew it, and put it "
                    "into their trust lists first");
  } else if (ends_s_ - now < kWarnBefore) {
    texts.push_back(
        "the certificate " + options_.certificate + " ends in " +
        std::to_string((ends_s_ - now) / kDay) +
        " days; renew it, and put the new one into the phones' trust lists before that");
  }
  return texts;
}

}  // namespace dialtone::signing
