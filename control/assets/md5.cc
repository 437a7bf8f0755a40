// SPDX-License-Identifier: Apache-2.0
#include "control/assets/md5.h"

#include "dataplane/base/error.h"

#include <openssl/evp.h>

#include <array>
#include <memory>

namespace dialtone::assets {
namespace {

class Md5 {
 public:
  Md5() : context_(EVP_MD_CTX_new(), EVP_MD_CTX_free) {
    is_good_ = context_ != nullptr && EVP_DigestInit_ex(context_.get(), EVP_md5(), nullptr) == 1;
  }

  void add(std::span<const std::byte> bytes) {
    is_good_ = is_good_ && EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()) == 1;
  }

  Result<std::string> hex() {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
    unsigned int size = 0;
    if (!is_good_ || EVP_DigestFinal_ex(context_.get(), digest.data(), &size) != 1) {
      return failed("the OpenSSL of this machine gives no MD5");
    }
    constexpr char kDigits[] = "0123456789abcdef";
    std::string text;
    for (unsigned int i = 0; i < size; ++i) {
      text += kDigits[digest[i] >> 4];
      text += kDigits[digest[i] & 15];
    }
    return text;
  }

 private:
  std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context_;
  bool is_good_ = false;
};

}  // namespace

Result<std::string> md5_of(std::span<const std::byte> bytes) {
  Md5 digest;
  digest.add(bytes);
  return digest.hex();
}

}  // namespace dialtone::assets
