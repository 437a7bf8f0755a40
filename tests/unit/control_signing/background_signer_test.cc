// SPDX-License-Identifier: Apache-2.0
//
// The thread that signs: it hands over what it has done, one batch at a time, and ends at once.
#include "control/signing/background_signer.h"

#include "tests/unit/control_signing/files_to_sign.h"

#include <poll.h>

#include <chrono>

namespace dialtone::signing {
namespace {

class BackgroundSignerTest : public FilesToSign {
 protected:
  std::optional<BackgroundSigner::Done> wait() {
    pollfd fd{signer_->fd(), POLLIN, 0};
    EXPECT_EQ(::poll(&fd, 1, 20'000), 1);
    return signer_->take();
  }

  std::unique_ptr<BackgroundSigner> signer_ = *BackgroundSigner::create({0}, false);
};

TEST_F(BackgroundSignerTest, HandsOverWhatItHasSigned) {
  EXPECT_FALSE(signer_->is_busy());
  EXPECT_FALSE(signer_->take().has_value());
  for (int round = 0; round < 3; ++round) {
    const Texts all = texts(8);
    signer_->start(key_, jobs_of(all));
    EXPECT_TRUE(signer_->is_busy());
    const auto done = wait();
    ASSERT_TRUE(done.has_value());
    EXPECT_FALSE(signer_->is_busy());
    ASSERT_TRUE(done->batch.ok());
    ASSERT_EQ(done->jobs.size(), 8u);
    for (std::size_t i = 0; i < 8; ++i) {
      const auto& [name, content] = all[i];
      EXPECT_EQ(done->jobs[i].name, name);
      EXPECT_EQ(test::judge(content_of(*done->batch->files[i]), name + ".sgn", content, rsa_),
                "valid");
    }
  }
}

TEST_F(BackgroundSignerTest, EndsWithinABatch) {
  signer_->start(key_, jobs_of(texts(5000)));
  const auto begin = std::chrono::steady_clock::now();
  signer_.reset();
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(2));
}

}  // namespace
}  // namespace dialtone::signing
