// SPDX-License-Identifier: Apache-2.0
#include "control/signing/pem_files.h"

#include "dataplane/base/unique_fd.h"

#include <fcntl.h>
#include <openssl/crypto.h>
#include <openssl/pem.h>
#include <unistd.h>

#include <sys/stat.h>

#include <cerrno>
#include <string_view>

namespace dialtone::signing {
namespace {

constexpr std::size_t kMaxFile = 64 * 1024;  // keys and certificates are a few KiB
constexpr std::size_t kSecureHeap = 512 * 1024;
constexpr std::size_t kSecureLeast = 32;

// Where memory may not be locked, or there is no such heap, OpenSSL takes the ordinary one.
void open_secure_heap() {
  static const int opened = CRYPTO_secure_malloc_init(kSecureHeap, kSecureLeast);
  (void)opened;
}

// The bytes of a file in secure memory, wiped at the end.
class SecretText {
 public:
  SecretText() = default;
  ~SecretText() { OPENSSL_secure_clear_free(bytes_, kMaxFile); }
  SecretText(const SecretText&) = delete;
  SecretText& operator=(const SecretText&) = delete;

  Result<void> read(const std::string& path, unsigned& mode) {
    const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    struct stat status {};
    if (!fd.valid() || ::fstat(fd.get(), &status) != 0) {
      const int error = errno;
      return error == EACCES ? Error{ErrorCode::kPermission,
                                     "it cannot be read: let the user of dialtone-control read it "
                                     "(chown, chmod 0400)"}
                             : refused(errno_error("it cannot be read", error).text +
                                       "; give the path of a PEM file");
    }
    if (!S_ISREG(status.st_mode)) {
      return refused("it is no regular file; give the path of a PEM file");
    }
    mode = status.st_mode & 07777U;
    bytes_ = static_cast<char*>(OPENSSL_secure_zalloc(kMaxFile));
    if (bytes_ == nullptr) {
      return failed("there is no memory to read it");
    }
    ssize_t got = 0;
    while ((got = ::read(fd.get(), bytes_ + size_, kMaxFile - size_)) > 0) {
      size_ += static_cast<std::size_t>(got);
    }
    if (got < 0) {
      return refused(errno_error("it cannot be read", errno).text);
    }
    return size_ < kMaxFile ? Result<void>()
                            : refused(
                                  "it is larger than 64 KiB, and so no PEM file of one key or "
                                  "certificate");
  }

  std::string_view view() const noexcept { return {bytes_, size_}; }
  bool has(std::string_view text) const noexcept { return view().find(text) != view().npos; }
  BioPtr bio() const { return BioPtr(BIO_new_mem_buf(bytes_, static_cast<int>(size_))); }

 private:
  char* bytes_ = nullptr;
  std::size_t size_ = 0;
};

// Instead of a question on the terminal.
int no_passphrase(char*, int, int, void*) {
  return -1;
}

std::string why_no_key(const SecretText& text) {
  const std::string reason = openssl_error();
  if (text.view().empty()) {
    return "it is empty; put the private key there, in PEM";
  }
  if (text.has("ENCRYPTED")) {
    return "it is protected by a passphrase, which nobody types at a start; take it off (openssl "
           "pkey -in OLD -out NEW) and let only the user of dialtone-control read it (chmod 0400)";
  }
  if (!text.has("PRIVATE KEY-----")) {
    if (text.has("-----BEGIN CERTIFICATE-----")) {
      return "it holds a certificate and no private key; give the key's file (the certificate goes "
             "into 'certificate')";
    }
    if (text.has("PUBLIC KEY-----")) {
      return "it holds a public key; give the file of the private one";
    }
    return "it is no private key in PEM; 'openssl pkey -inform DER -in OLD -out NEW' makes one of "
           "a key in DER";
  }
  return "the private key in it does not parse (" + reason +
         "); 'openssl pkey -check -noout -in FILE' says more; copy it anew from where it was made";
}

}  // namespace

Result<KeyFile> read_key_file(const std::string& path) {
  open_secure_heap();
  SecretText text;
  KeyFile file;
  DIALTONE_TRY(text.read(path, file.mode));
  const BioPtr bio = text.bio();
  ERR_clear_error();
  file.key.reset(PEM_read_bio_PrivateKey(bio.get(), nullptr, no_passphrase, nullptr));
  if (file.key == nullptr) {
    return refused(why_no_key(text));
  }
  return file;
}

Result<CertificatePtr> read_certificate_file(const std::string& path) {
  SecretText text;
  unsigned mode = 0;
  DIALTONE_TRY(text.read(path, mode));
  const BioPtr bio = text.bio();
  ERR_clear_error();
  CertificatePtr certificate(PEM_read_bio_X509(bio.get(), nullptr, no_passphrase, nullptr));
  if (certificate != nullptr) {
    return certificate;
  }
  const std::string reason = openssl_error();
  if (!text.has("-----BEGIN CERTIFICATE-----")) {
    return refused(
        "it is no certificate in PEM; 'openssl x509 -inform DER -in OLD -out NEW' makes "
        "one of a certificate in DER");
  }
  return refused("the certificate in it does not parse (" + reason +
                 "); 'openssl x509 -noout -text -in FILE' says more; copy it anew");
}

}  // namespace dialtone::signing
