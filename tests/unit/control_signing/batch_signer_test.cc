// SPDX-License-Identifier: Apache-2.0
//
// Batches: each file is signed, once, by whoever's thread; what is served already is kept.
#include "control/signing/batch_signer.h"

#include "control/signing/signing_cpus.h"
#include "tests/unit/control_signing/files_to_sign.h"

#include <tbb/global_control.h>

#include <new>
#include <string_view>

namespace dialtone::signing {
namespace {

class BatchSignerTest : public FilesToSign {
 protected:
  // OpenSSL keeps random numbers for each thread until it ends: the workers end here, so that a
  // leak checker sees nothing of them.
  static void SetUpTestSuite() { workers_ = tbb::task_scheduler_handle{tbb::attach{}}; }
  static void TearDownTestSuite() { EXPECT_TRUE(tbb::finalize(workers_, std::nothrow)); }

  SignedBatch sign(std::span<const SignJob> jobs, const SigningKey& key) {
    auto batch = signer_.sign(key, jobs);
    EXPECT_TRUE(batch.ok()) << (batch.ok() ? "" : batch.error().text);
    return *std::move(batch);
  }
  static void serve(std::vector<SignJob>& jobs, const SignedBatch& batch) {
    for (std::size_t i = 0; i < jobs.size(); ++i) {
      jobs[i].served = batch.files[i];
    }
  }

  BatchSigner signer_{{0, 1}, BatchSigner::Urgency::kNow, /*huge_pages=*/false};
  static inline tbb::task_scheduler_handle workers_;
};

TEST_F(BatchSignerTest, EachFileHasASignatureThatAnotherReaderTakes) {
  const Texts all = texts(50);
  const SignedBatch batch = sign(jobs_of(all), *key_);
  EXPECT_EQ(batch.made, 50u);
  EXPECT_EQ(batch.kept, 0u);
  for (std::size_t i = 0; i < all.size(); ++i) {
    ASSERT_TRUE(batch.files[i].has_value());
    const auto& [name, content] = all[i];
    EXPECT_EQ(test::judge(content_of(*batch.files[i]), name + ".sgn", content, rsa_), "valid");
    EXPECT_EQ(batch.files[i]->record().modified_s, 1234u);
    EXPECT_EQ(batch.files[i]->record().origin, abi::Origin::kBuilt);
  }
}

TEST_F(BatchSignerTest, WhatIsServedAndRightIsKept) {
  std::vector<SignJob> jobs = jobs_of(texts(20));
  serve(jobs, sign(jobs, *key_));
  const SignedBatch again = sign(jobs, *key_);
  EXPECT_EQ(again.made, 0u);
  EXPECT_EQ(again.kept, 20u);

  // One that has other content, and one of another name.
  jobs[3].file = segment_of({{jobs[3].name, "changed"}})[0].second;
  jobs[7].asked_name = "FILE7.xml.sgn";
  const SignedBatch changed = sign(jobs, *key_);
  EXPECT_EQ(changed.made, 2u);
  EXPECT_TRUE(changed.files[3].has_value() && changed.files[7].has_value());
}

TEST_F(BatchSignerTest, NothingIsKeptOfAnotherKeyOrDigest) {
  std::vector<SignJob> jobs = jobs_of(texts(5));
  serve(jobs, sign(jobs, *key_));
  EXPECT_EQ(sign(jobs, *load(rsa_, FileDigest::kSha512)).made, 5u);
  // Under the same names: only the signature tells.
  EXPECT_EQ(sign(jobs, *load(test::rsa_key(1024))).made, 5u);
}

TEST_F(BatchSignerTest, ADamagedSignatureIsMadeAnew) {
  std::vector<SignJob> jobs = jobs_of(texts(1));
  const SignedBatch good = sign(jobs, *key_);
  std::string bad = content_of(*good.files[0]);
  bad[bad.size() / 2] ^= 1;
  jobs[0].served = segment_of({{signed_name(jobs[0].name), bad}})[0].second;
  EXPECT_EQ(sign(jobs, *key_).made, 1u);
}

TEST_F(BatchSignerTest, NothingToDoIsNoError) {
  EXPECT_EQ(sign({}, *key_).files.size(), 0u);
}

TEST_F(BatchSignerTest, IsStopped) {
  const std::atomic<bool> stop{true};
  const auto jobs = jobs_of(texts(5));
  const auto batch = signer_.sign(*key_, jobs, &stop);
  ASSERT_FALSE(batch.ok());
  EXPECT_EQ(batch.error().text, "signing was stopped");
}

TEST_F(BatchSignerTest, TheCallerKeepsItsCpus) {
  const std::vector<int> before = allowed_cpus();
  BatchSigner one({before.front()}, BatchSigner::Urgency::kBackground, false);
  const auto jobs = jobs_of(texts(3));
  EXPECT_TRUE(one.sign(*key_, jobs).ok());
  EXPECT_EQ(allowed_cpus(), before);
}

TEST(SigningCpus, AreNotThoseOfTheWorkers) {
  using Cpus = std::vector<int>;
  EXPECT_EQ(cpus_to_sign_on({0, 1, 2, 3}, {2, 3}), (Cpus{0, 1}));
  EXPECT_EQ(cpus_to_sign_on({0, 1}, {}), (Cpus{0, 1}));
  EXPECT_EQ(cpus_to_sign_on({4}, {4}), Cpus{4}) << "there is no other";
}

class Signable : public FilesToSign {
 protected:
  static bool is(const std::string& name, const std::string& content,
                 abi::FileClass file_class = abi::FileClass::kOther) {
    return is_signable(name, segment_of({{name, content}}, file_class)[0].second);
  }
};

TEST_F(Signable, AreFilesOfEveryClassButLoadsAndTrustLists) {
  for (const char* name :
       {"sep001122334455.cnf.xml", "xmldefault.cnf.xml", "ringlist.xml", "drhq.xml", "new/a.jar",
        "desktops/320x212x16/list.xml", "ld001122334455", "bell.raw", "readme"}) {
    EXPECT_TRUE(is(name, "text")) << name;
  }
  EXPECT_FALSE(is("odd.name", "text", abi::FileClass::kLoad));
  EXPECT_FALSE(is("odd.name", "text", abi::FileClass::kTrust));
  for (const char* name : {"term41.default.loads", "p003.sbn", "a.zup", "itlfile.tlv",
                           "sep001122334455.cnf.xml.sgn", "sep001122334455.cnf.xml.enc"}) {
    EXPECT_FALSE(is(name, "text")) << name;
  }
}

TEST_F(Signable, IsNothingThatALaxReaderTakesForATrustList) {
  EXPECT_FALSE(is("ringlist.xml", std::string("\1\0\2\1\0", 5)));
  EXPECT_TRUE(is("ringlist.xml", ""));
}

TEST_F(Signable, IsNothingWhoseNameNobodyCanAskFor) {
  EXPECT_TRUE(is(std::string(251, 'n'), "text"));
  EXPECT_FALSE(is(std::string(252, 'n'), "text"));
}

}  // namespace
}  // namespace dialtone::signing
