// SPDX-License-Identifier: Apache-2.0
//
// The layout against the worked example, byte for byte, and a reader that takes nothing else.
#include "control/signing/signed_file.h"

#include "tests/support/test_signer.h"
#include "tests/unit/control_signing/worked_vector.h"

#include <gtest/gtest.h>
#include <openssl/pem.h>

#include <algorithm>
#include <cstring>

namespace dialtone::signing {
namespace {

std::span<const std::byte> bytes_of(std::string_view text) {
  return std::as_bytes(std::span(text));
}
std::string text_of(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

const std::string kContent = "<device><fullConfig>true</fullConfig></device>\n";

SignedHeader example() {
  SignedHeader header;
  header.signer.subject = header.signer.issuer = "CN=tftp.example.test;OU=Lab;O=Example;C=NZ";
  header.signer.serial = test::from_hex("70CAF64E090751B9DF22F49F754FC5BB");
  header.digest = FileDigest::kSha512;
  header.file_name = "SEP001122334455.cnf.xml.sgn";
  header.time_s = 1'704'067'200;
  return header;
}

test::OwnedKey example_key() {
  BIO* bio = BIO_new_mem_buf(test::kPublicKey, -1);
  test::OwnedKey key(PEM_read_bio_PUBKEY(bio, nullptr, nullptr, nullptr), EVP_PKEY_free);
  BIO_free(bio);
  return key;
}

// What we write around a signature.
std::string written(const SignedHeader& header, std::string_view signature) {
  std::string file(*header_bytes(header) + kContent.size(), '?');
  const auto out = std::as_writable_bytes(std::span(file));
  const SignedParts parts = write_header(header, out);
  std::memcpy(out.data() + (parts.signature.data() - out.data()), signature.data(),
              signature.size());
  std::memcpy(out.data() + (parts.content.data() - out.data()), kContent.data(), kContent.size());
  return file;
}

TEST(SignedFile, TheWorkedExampleIsWrittenByteForByte) {
  const std::string vector = test::from_hex(test::kFile);
  ASSERT_EQ(vector.size(), 487u);
  EXPECT_EQ(*header_bytes(example()), 440u);
  EXPECT_EQ(written(example(), vector.substr(0x91, 256)), vector);
  EXPECT_EQ(test::judge(vector, example().file_name, kContent, example_key()), "valid");
}

TEST(SignedFile, SoIsItsTwinWithSha1) {
  SignedHeader header = example();
  header.digest = FileDigest::kSha1;
  const std::string file = written(header, test::from_hex(test::kSha1Signature));
  EXPECT_EQ(test::judge(file, header.file_name, kContent, example_key()), "valid");
}

TEST(SignedFile, IsReadBack) {
  const std::string vector = test::from_hex(test::kFile);
  const auto read = read_signed_file(bytes_of(vector));
  ASSERT_TRUE(read.ok()) << read.error().text;
  EXPECT_EQ(read->header, example());
  EXPECT_EQ(text_of(read->parts.before), vector.substr(0, 0x8e));
  EXPECT_EQ(text_of(read->parts.signature), vector.substr(0x91, 256));
  EXPECT_EQ(text_of(read->parts.behind), vector.substr(0x191, 0x27));
  EXPECT_EQ(text_of(read->parts.content), kContent);
}

TEST(SignedFile, EachNumberOfPadBytes) {
  for (std::size_t more = 0; more < 8; ++more) {
    SignedHeader header = example();
    header.file_name = std::string(more, 'x') + header.file_name;
    EXPECT_EQ(*header_bytes(header) % 4, 0u);
    const auto read = read_signed_file(bytes_of(written(header, std::string(256, 's'))));
    ASSERT_TRUE(read.ok()) << more << ": " << read.error().text;
    EXPECT_EQ(read->header, header);
  }
}

TEST(SignedFile, OtherKeySizesHaveTheirCodes) {
  for (const std::uint16_t size : {128, 256, 512}) {
    SignedHeader header = example();
    header.signature_bytes = size;
    const auto read = read_signed_file(bytes_of(written(header, std::string(size, 's'))));
    ASSERT_TRUE(read.ok()) << size << ": " << read.error().text;
    EXPECT_EQ(read->header.signature_bytes, size);
  }
}

TEST(SignedFile, OtherSignersWriteTheIssuerBeforeTheSerialNumber) {
  std::string file = test::from_hex(test::kFile);
  std::rotate(file.begin() + 0x3b, file.begin() + 0x4e, file.begin() + 0x7c);
  const auto read = read_signed_file(bytes_of(file));
  ASSERT_TRUE(read.ok()) << read.error().text;
  EXPECT_EQ(read->header, example());
}

TEST(SignedFile, ACutFileIsRefused) {
  const std::string vector = test::from_hex(test::kFile);
  for (std::size_t length = 0; length < 440; ++length) {
    // Of its exact length, so that a sanitizer sees a read beyond it.
    const std::vector<char> cut(vector.begin(), vector.begin() + static_cast<long>(length));
    EXPECT_FALSE(read_signed_file(bytes_of({cut.data(), cut.size()})).ok()) << length;
  }
}

TEST(SignedFile, NoBitIsFree) {
  const std::string vector = test::from_hex(test::kFile);
  const auto good = read_signed_file(bytes_of(vector));
  const test::OwnedKey key = example_key();
  for (std::size_t bit = 0; bit < vector.size() * 8; ++bit) {
    std::string bad = vector;
    bad[bit / 8] = static_cast<char>(bad[bit / 8] ^ (1 << bit % 8));
    const auto read = read_signed_file(bytes_of(bad));
    // What can still be read says something else, or is signed by other bytes.
    const bool same = read.ok() && read->header == good->header &&
                      text_of(read->parts.signature) == text_of(good->parts.signature) &&
                      text_of(read->parts.content) == text_of(good->parts.content);
    EXPECT_FALSE(same) << "bit " << bit;
    EXPECT_NE(test::judge(bad, example().file_name, kContent, key), "valid") << "bit " << bit;
  }
}

TEST(SignedFile, AMovedOrDoubledSignatureIsRefused) {
  const std::string vector = test::from_hex(test::kFile);
  std::string moved = vector;
  std::rotate(moved.begin() + 0x8e, moved.begin() + 0x191, moved.begin() + 0x1b0);
  EXPECT_FALSE(read_signed_file(bytes_of(moved)).ok());
  std::string doubled = vector;
  doubled.insert(0x191, vector.substr(0x8e, 0x103));
  doubled[8] = static_cast<char>((440 + 0x103) >> 8);
  doubled[9] = static_cast<char>((440 + 0x103) & 0xff);
  EXPECT_FALSE(read_signed_file(bytes_of(doubled)).ok());
}

TEST(SignedFile, NamesThatFillTheHeaderAreRefused) {
  SignedHeader header = example();
  header.signer.subject = std::string(40'000, 'a');
  header.signer.issuer = std::string(40'000, 'b');
  const auto bytes = header_bytes(header);
  ASSERT_FALSE(bytes.ok());
  EXPECT_NE(bytes.error().text.find("use a certificate with shorter names"), std::string::npos);
}

TEST(SignedFile, WhatBeginsAsOneIsKnown) {
  EXPECT_TRUE(begins_as_signed(bytes_of(test::from_hex("0100020100"))));
  EXPECT_FALSE(begins_as_signed(bytes_of(kContent)));
  EXPECT_FALSE(begins_as_signed({}));
}

}  // namespace
}  // namespace dialtone::signing
