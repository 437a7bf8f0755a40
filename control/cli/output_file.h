// SPDX-License-Identifier: Apache-2.0
//
// A file that a command writes: it is there whole, or as it was before. Blocks on the disk.
#pragma once

#include "dataplane/base/result.h"
#include "dataplane/base/unique_fd.h"

#include <string>

namespace dialtone::cli {

class OutputFile {
 public:
  // Open for reading and writing beside `path`, with the rights of the owner alone: there may be
  // secrets in it. Removed again unless it is kept. kRefused: something that is no regular file is
  // there; a link is followed.
  static Result<OutputFile> create(const std::string& name);
  OutputFile(OutputFile&& other) noexcept;
  OutputFile& operator=(OutputFile&&) = delete;
  ~OutputFile();

  int fd() const noexcept { return fd_.get(); }

  // Puts it in its place, once it is on the disk.
  Result<void> keep();

 private:
  OutputFile(std::string path, std::string temporary, UniqueFd fd)
      : path_(std::move(path)), temporary_(std::move(temporary)), fd_(std::move(fd)) {}

  std::string path_;
  std::string temporary_;  // empty: it is no more
  UniqueFd fd_;
};

}  // namespace dialtone::cli
