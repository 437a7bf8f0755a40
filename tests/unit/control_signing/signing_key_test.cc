// SPDX-License-Identifier: Apache-2.0
//
// Keys that sign, judged by another reader, and keys that do not: each says which file, why, and
// what to do.
#include "control/signing/signing_key.h"

#include "tests/support/temp_folder.h"
#include "tests/support/test_signer.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <sys/stat.h>

#include <cstring>
#include <ctime>
#include <fstream>
#include <iterator>

namespace dialtone::signing {
namespace {

const test::OwnedKey& key_2048() {
  static const test::OwnedKey key = test::rsa_key();
  return key;
}

class SigningKeyTest : public testing::Test {
 protected:
  SigningKeyTest() {
    options_.key = folder_.file("key.pem");
    options_.certificate = folder_.file("certificate.pem");
    use(key_2048());
  }
  void use(const test::OwnedKey& key, const test::CertificateParts& parts = {}) {
    test::write_key(options_.key, key);
    ::chmod(options_.key.c_str(), 0400);
    test::write_certificate(options_.certificate, test::certificate_of(key, parts));
  }
  std::shared_ptr<const SigningKey> load() {
    faults_.clear();
    return SigningKey::load(options_, faults_);
  }
  // Of a load that fails; the faults, a line each.
  std::string fault() {
    EXPECT_EQ(load(), nullptr);
    EXPECT_FALSE(faults_.empty());
    return to_error(ErrorCode::kRefused, faults_).text;
  }
  bool warns(const std::string& text) {
    const auto key = load();
    if (key == nullptr) {
      ADD_FAILURE() << fault();
      return false;
    }
    std::string all;
    for (const std::string& warning : key->warnings()) {
      all += warning + '\n';
    }
    return all.find(text) != std::string::npos;
  }
  static std::string signed_file(const SigningKey& key, const std::string& name,
                                 const std::string& content) {
    const SignedHeader header = key.header_of(name);
    std::string file(*header_bytes(header), '?');
    file += content;
    const auto bytes = std::as_writable_bytes(std::span(file));
    const SignedParts parts = write_header(header, bytes);
    const auto at = static_cast<std::size_t>(parts.signature.data() - bytes.data());
    EXPECT_TRUE(key.sign(parts, bytes.subspan(at, parts.signature.size())).ok());
    EXPECT_TRUE(key.verifies(parts, header.digest));
    return file;
  }
  void write(const std::string& path, const std::string& text) {
    ::chmod(path.c_str(), 0600);
    std::ofstream(path) << text;
  }

  test::TempFolder folder_;
  SigningOptions options_;
  Diagnostics faults_;
};

TEST_F(SigningKeyTest, AnotherReaderVerifiesWhatItSigns) {
  for (const FileDigest digest : {FileDigest::kSha1, FileDigest::kSha512}) {
    options_.digest = digest;
    const auto key = load();
    ASSERT_NE(key, nullptr) << fault();
    for (const std::string& content : {std::string(), std::string("x"), std::string(9000, 'y')}) {
      const std::string file = signed_file(*key, "SEP001122334455.cnf.xml.sgn", content);
      EXPECT_EQ(test::judge(file, "SEP001122334455.cnf.xml.sgn", content, key_2048()), "valid");
      EXPECT_EQ(signed_file(*key, "SEP001122334455.cnf.xml.sgn", content), file) << "equal inputs";
    }
  }
}

TEST_F(SigningKeyTest, KeysOf1024And4096BitsSignToo) {
  for (const unsigned bits : {1024U, 4096U}) {
    const test::OwnedKey key = test::rsa_key(bits);
    use(key);
    const auto loaded = load();
    ASSERT_NE(loaded, nullptr) << fault();
    EXPECT_EQ(loaded->bits(), static_cast<int>(bits));
    EXPECT_EQ(test::judge(signed_file(*loaded, "a.sgn", "b"), "a.sgn", "b", key), "valid");
    EXPECT_TRUE(warns(std::to_string(bits) + " bits"));
  }
}

TEST_F(SigningKeyTest, NamesAreThoseOfUnifiedCm) {
  const auto key = load();
  ASSERT_NE(key, nullptr) << fault();
  EXPECT_EQ(key->names().subject, "CN=tftp.example.test;OU=Lab;O=Example;C=NZ");
  EXPECT_EQ(key->names().issuer, key->names().subject);
  EXPECT_EQ(key->names().serial.size(), 16u);
  EXPECT_EQ(key->header_of("a.sgn").time_s, 1'704'067'200u) << "the beginning of the certificate";
  EXPECT_TRUE(key->warnings().empty());
}

TEST_F(SigningKeyTest, OrThoseOfPublicTools) {
  options_.names = NameStyle::kComma;
  const auto key = load();
  ASSERT_NE(key, nullptr) << fault();
  EXPECT_EQ(key->names().subject, "C=NZ,O=Example,OU=Lab,CN=tftp.example.test");
}

// A leading zero of the DER number is not in the header: 83:E9 is two bytes.
TEST_F(SigningKeyTest, ASerialNumberIsItsShortestMagnitude) {
  use(key_2048(), {.serial_hex = "83E9"});
  EXPECT_EQ(load()->names().serial, "\x83\xE9");
}

TEST_F(SigningKeyTest, NamesMayHoldAnything) {
  const std::string odd = "a;b=\"c\", d\\ \xc3\xa9";
  use(key_2048(), {.names = {{"CN", odd}, {"O", std::string(60, 'o')}, {"DC", "left out"}}});
  const auto key = load();
  ASSERT_NE(key, nullptr) << fault();
  EXPECT_EQ(key->names().subject, "CN=" + odd + ";O=" + std::string(60, 'o'));
  EXPECT_EQ(test::judge(signed_file(*key, "a.sgn", "b"), "a.sgn", "b", key_2048()), "valid");
}

TEST_F(SigningKeyTest, MissingFilesAreBothNamed) {
  options_.key = folder_.file("no-key.pem");
  options_.certificate = folder_.file("no-certificate.pem");
  const std::string text = fault();
  EXPECT_EQ(faults_.size(), 2u);
  EXPECT_NE(text.find("no-key.pem: signing-key: it cannot be read: No such file"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("no-certificate.pem: signing-certificate"), std::string::npos) << text;
}

TEST_F(SigningKeyTest, AKeyThatDoesNotParse) {
  std::ifstream in(options_.key);
  std::string pem((std::istreambuf_iterator<char>(in)), {});
  write(options_.key, pem.replace(200, 40, std::string(40, 'A')));
  const std::string text = fault();
  EXPECT_NE(text.find("key.pem: signing-key: the private key in it does not parse"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("openssl pkey -check"), std::string::npos) << text;
  EXPECT_EQ(text.find(pem.substr(300, 20)), std::string::npos) << "no part of a key is in a text";
}

TEST_F(SigningKeyTest, FilesThatHoldSomethingElse) {
  write(options_.key, "");
  EXPECT_NE(fault().find("it is empty"), std::string::npos);
  write(options_.key, "\x30\x82garbage");
  EXPECT_NE(fault().find("openssl pkey -inform DER"), std::string::npos);
  ::chmod(options_.key.c_str(), 0600);
  test::write_public_key(options_.key, key_2048());
  EXPECT_NE(fault().find("it holds a public key"), std::string::npos);
  test::write_certificate(options_.key, test::certificate_of(key_2048()));
  EXPECT_NE(fault().find("holds a certificate and no private key"), std::string::npos);
  test::write_key(options_.key, key_2048(), "secret");
  EXPECT_NE(fault().find("protected by a passphrase"), std::string::npos);
  options_.key = folder_.path();
  EXPECT_NE(fault().find("no regular file"), std::string::npos);
}

TEST_F(SigningKeyTest, KeysThatPhonesDoNotTake) {
  use(test::ec_key());
  EXPECT_NE(fault().find("of type EC; files are signed with RSA alone"), std::string::npos);
  use(test::rsa_key(512));
  EXPECT_NE(fault().find("512 bits, which is too small"), std::string::npos);
  use(test::rsa_key(3072));
  EXPECT_NE(fault().find("knows 1024, 2048 and 4096"), std::string::npos);
}

TEST_F(SigningKeyTest, ACertificateOfAnotherKey) {
  test::write_certificate(options_.certificate, test::certificate_of(test::rsa_key(1024)));
  EXPECT_NE(fault().find("certificate.pem: signing-certificate: it does not belong to the key in"),
            std::string::npos);
  write(options_.certificate, "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
  EXPECT_NE(fault().find("the certificate in it does not parse"), std::string::npos);
  use(key_2048(), {.names = {{"DC", "example"}}});
  EXPECT_NE(fault().find("use a certificate with a CN in both"), std::string::npos);
}

TEST_F(SigningKeyTest, WhatIsUnwiseIsAWarning) {
  EXPECT_FALSE(warns("others"));
  ::chmod(options_.key.c_str(), 0444);
  EXPECT_TRUE(warns("may be read or changed by others"));
  ::chmod(options_.key.c_str(), 0440);
  EXPECT_FALSE(warns("others")) << "a group of its own is a choice";
  const long now = std::time(nullptr);
  use(key_2048(), {.ends_s = now - 10});
  EXPECT_TRUE(warns("has ended"));
  use(key_2048(), {.ends_s = now + 86'400 * 10 + 3600});
  EXPECT_TRUE(warns("ends in 10 days"));
}

}  // namespace
}  // namespace dialtone::signing
