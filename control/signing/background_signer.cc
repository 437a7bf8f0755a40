// SPDX-License-Identifier: Apache-2.0
#include "control/signing/background_signer.h"

#include "dataplane/base/check.h"

#include <unistd.h>

#include <sys/eventfd.h>

#include <cerrno>
#include <cstdint>
#include <utility>

namespace dialtone::signing {

Result<std::unique_ptr<BackgroundSigner>> BackgroundSigner::create(std::vector<int> cpus,
                                                                   bool huge_pages) {
  UniqueFd done_fd(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  if (!done_fd.valid()) {
    return errno_error("making a descriptor for what is signed", errno);
  }
  return std::unique_ptr<BackgroundSigner>(
      new BackgroundSigner(std::move(done_fd), std::move(cpus), huge_pages));
}

BackgroundSigner::BackgroundSigner(UniqueFd done_fd, std::vector<int> cpus, bool huge_pages)
    : done_fd_(std::move(done_fd)),
      signer_(std::move(cpus), BatchSigner::Urgency::kBackground, huge_pages),
      thread_([this] { run(); }) {}

BackgroundSigner::~BackgroundSigner() {
  {
    const std::lock_guard lock(mutex_);
    stop_.store(true, std::memory_order_relaxed);
  }
  wake_.notify_one();
}

void BackgroundSigner::start(std::shared_ptr<const SigningKey> key, std::vector<SignJob> jobs) {
  DIALTONE_CHECK(!is_busy_ && key != nullptr);
  is_busy_ = true;
  {
    const std::lock_guard lock(mutex_);
    key_ = std::move(key);
    jobs_ = std::move(jobs);
  }
  wake_.notify_one();
}

std::optional<BackgroundSigner::Done> BackgroundSigner::take() {
  std::uint64_t count = 0;
  (void)!::read(done_fd_.get(), &count, sizeof(count));
  std::optional<Done> done;
  {
    const std::lock_guard lock(mutex_);
    done = std::exchange(done_, std::nullopt);
  }
  is_busy_ = is_busy_ && !done;
  return done;
}

void BackgroundSigner::run() {
  const auto stopping = [this] { return stop_.load(std::memory_order_relaxed); };
  std::unique_lock lock(mutex_);
  while (true) {
    wake_.wait(lock, [&] { return stopping() || key_ != nullptr; });
    if (stopping()) {
      return;
    }
    std::shared_ptr<const SigningKey> key = std::exchange(key_, nullptr);
    std::vector<SignJob> jobs = std::exchange(jobs_, {});
    lock.unlock();
    auto batch = signer_.sign(*key, jobs, &stop_);
    lock.lock();
    done_.emplace(Done{std::move(key), std::move(jobs), std::move(batch)});
    const std::uint64_t one = 1;
    (void)!::write(done_fd_.get(), &one, sizeof(one));
  }
}

}  // namespace dialtone::signing
