// SPDX-License-Identifier: Apache-2.0
//
// Many files into signed files, in parallel: a TBB pipeline in an arena of its own, whose threads
// stay on the given CPUs while they are in it. A parallel stage makes the signatures, a serial one
// writes the files to segments. Blocks its caller, one at a time, who counts as one of the threads.
#pragma once

#include "control/image/file_table.h"
#include "control/signing/signing_key.h"
#include "dataplane/base/result.h"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace dialtone::signing {

struct SignJob {
  std::string name;        // canonical, of the file
  std::string asked_name;  // of the signed one, as phones ask for it
  image_build::FileEntry file;
  // The signed file that is served now: kept when it is what this would make.
  std::optional<image_build::FileEntry> served{};
};

struct SignedBatch {
  // For each job, in their order; nothing: what is served is right.
  std::vector<std::optional<image_build::FileEntry>> files;
  std::size_t made = 0;
  std::size_t kept = 0;
  std::uint64_t microseconds = 0;
};

class BatchSigner {
 public:
  enum class Urgency : std::uint8_t {
    kNow,         // somebody waits
    kBackground,  // other work of this process goes first
  };

  BatchSigner(std::vector<int> cpus, Urgency urgency, bool huge_pages);
  ~BatchSigner();
  BatchSigner(const BatchSigner&) = delete;
  BatchSigner& operator=(const BatchSigner&) = delete;

  // `stop` is looked at before each file: then the Error says that it was stopped. Null: never.
  Result<SignedBatch> sign(const SigningKey& key, std::span<const SignJob> jobs,
                           const std::atomic<bool>* stop = nullptr);

  std::size_t threads() const noexcept;

 private:
  struct Arena;
  std::unique_ptr<Arena> arena_;
  bool huge_pages_;
};

}  // namespace dialtone::signing
