// SPDX-License-Identifier: Apache-2.0
//
// Writes a backup to a descriptor, from front to back. Cold; blocks on the disk; one thread.
#pragma once

#include "control/backup/backup_format.h"
#include "dataplane/base/result.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace dialtone::backup {

// What a manifest says beside the entries.
struct About {
  std::string program;         // version
  std::int64_t schema = 0;     // of the database
  std::int64_t made_s = 0;     // Unix time
  std::string content_digest;  // of the files that the service has built; a restored one has it too
};

class BackupWriter {
 public:
  // `fd` is a regular file, empty, and outlives the writer.
  static Result<BackupWriter> create(int fd);
  BackupWriter(BackupWriter&&) noexcept;
  BackupWriter& operator=(BackupWriter&&) = delete;
  ~BackupWriter();

  Result<void> add(std::string_view name, std::string_view content);
  // Of a file that changes meanwhile, as many bytes as it had at the begin, or an Error, which
  // calls it `path`.
  Result<void> add_file(std::string_view name, int file, const std::string& path);

  // The manifest, and everything on the disk.
  Result<void> finish(const About& about);

  std::size_t entries() const noexcept;
  std::uint64_t bytes() const noexcept;  // of the entries

 private:
  struct State;
  explicit BackupWriter(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace dialtone::backup
