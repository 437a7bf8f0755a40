// SPDX-License-Identifier: Apache-2.0
//
// A key in a folder of its own, and files to sign with it.
#pragma once

#include "control/image/segment_stack.h"
#include "control/signing/batch_signer.h"
#include "control/signing/signable.h"
#include "tests/support/temp_folder.h"
#include "tests/support/test_signer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace dialtone::signing {

class FilesToSign : public testing::Test {
 protected:
  using Texts = std::vector<std::pair<std::string, std::string>>;  // name, content

  FilesToSign() { key_ = load(rsa_); }

  std::shared_ptr<const SigningKey> load(const test::OwnedKey& rsa,
                                         FileDigest digest = FileDigest::kSha1) {
    const SigningOptions options{folder_.file("key.pem"), folder_.file("certificate.pem"), digest,
                                 NameStyle::kCucm};
    test::write_key(options.key, rsa);
    test::write_certificate(options.certificate, test::certificate_of(rsa));
    Diagnostics faults;
    auto key = SigningKey::load(options, faults);
    EXPECT_TRUE(faults.empty()) << to_error(ErrorCode::kFailed, faults).text;
    return key;
  }

  static image_build::SegmentStack::Files segment_of(
      const Texts& texts, abi::FileClass file_class = abi::FileClass::kOther) {
    image_build::SegmentStack stack;
    for (const auto& [name, content] : texts) {
      const auto room = stack.begin(name, content.size());
      std::ranges::copy(std::as_bytes(std::span(content)), room->begin());
      stack.commit(content.size(), {abi::Origin::kBuilt, file_class, 1234});
    }
    return *stack.finish();
  }

  static std::vector<SignJob> jobs_of(const Texts& texts) {
    std::vector<SignJob> jobs;
    for (auto& [name, entry] : segment_of(texts)) {
      jobs.push_back({name, signed_name(name), entry});
    }
    return jobs;
  }

  static Texts texts(std::size_t count) {
    Texts all;
    for (std::size_t i = 0; i < count; ++i) {
      all.emplace_back("file" + std::to_string(i) + ".xml", std::string(i * 97 % 9000, 'c'));
    }
    return all;
  }

  static std::string content_of(const image_build::FileEntry& entry) {
    const auto bytes = entry.content();
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  }

  test::TempFolder folder_;
  test::OwnedKey rsa_ = test::rsa_key(1024);
  std::shared_ptr<const SigningKey> key_;
};

}  // namespace dialtone::signing
