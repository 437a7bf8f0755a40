// SPDX-License-Identifier: Apache-2.0
#include "control/backup/sha256.h"

#include "dataplane/base/check.h"

#include <openssl/evp.h>

namespace dialtone::backup {

Sha256::Sha256() : context_(EVP_MD_CTX_new()) {
  DIALTONE_CHECK(context_ != nullptr && EVP_DigestInit_ex(context_, EVP_sha256(), nullptr) == 1);
}

Sha256::~Sha256() {
  EVP_MD_CTX_free(context_);
}

void Sha256::add(std::string_view bytes) {
  DIALTONE_CHECK(EVP_DigestUpdate(context_, bytes.data(), bytes.size()) == 1);
}

std::string Sha256::hex() {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  DIALTONE_CHECK(EVP_DigestFinal_ex(context_, digest, &size) == 1);
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (unsigned int i = 0; i < size; ++i) {
    text += kDigits[digest[i] >> 4];
    text += kDigits[digest[i] & 15];
  }
  return text;
}

}  // namespace dialtone::backup
