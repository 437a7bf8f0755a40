// SPDX-License-Identifier: Apache-2.0
//
// Signs one batch after the other on a thread of its own, so that nothing waits for RSA. Owned by
// control's thread, which calls everything here and never waits, but for the destructor, and for
// that a few signatures at most. What the two threads share is handed over under the mutex.
#pragma once

#include "control/signing/batch_signer.h"
#include "dataplane/base/unique_fd.h"

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

namespace dialtone::signing {

class BackgroundSigner {
 public:
  static Result<std::unique_ptr<BackgroundSigner>> create(std::vector<int> cpus, bool huge_pages);
  ~BackgroundSigner();
  BackgroundSigner(const BackgroundSigner&) = delete;
  BackgroundSigner& operator=(const BackgroundSigner&) = delete;

  // Readable when take() has something.
  int fd() const noexcept { return done_fd_.get(); }

  // A batch is under way, or done and not taken.
  bool is_busy() const noexcept { return is_busy_; }
  // While it is not busy.
  void start(std::shared_ptr<const SigningKey> key, std::vector<SignJob> jobs);

  struct Done {
    std::shared_ptr<const SigningKey> key;
    std::vector<SignJob> jobs;
    Result<SignedBatch> batch;
  };
  std::optional<Done> take();

 private:
  BackgroundSigner(UniqueFd done_fd, std::vector<int> cpus, bool huge_pages);

  void run();

  UniqueFd done_fd_;  // an eventfd
  BatchSigner signer_;
  bool is_busy_ = false;  // of control's thread
  std::mutex mutex_;      // of the next four
  std::condition_variable wake_;
  std::shared_ptr<const SigningKey> key_;  // with work to do; else null
  std::vector<SignJob> jobs_;
  std::optional<Done> done_;
  std::atomic<bool> stop_{false};  // also looked at within a batch
  std::jthread thread_;            // last: it uses the others
};

}  // namespace dialtone::signing
