// SPDX-License-Identifier: Apache-2.0
#include "control/cli/output_file.h"

#include "control/cli/text.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <system_error>
#include <utility>

namespace dialtone::cli {

Result<OutputFile> OutputFile::create(const std::string& name) {
  // A link stays one: what it leads to is written.
  std::error_code error;
  const std::filesystem::file_status status = std::filesystem::status(name, error);
  const bool is_there = std::filesystem::exists(status);
  if (is_there && !std::filesystem::is_regular_file(status)) {
    return refused(
        "writing " + printable(name) +
        ": it is a device, a pipe or a folder, which a file would take the place of; name "
        "a file (export takes '-' for standard output)");
  }
  const std::string path = is_there ? std::filesystem::canonical(name, error).string() : name;
  if (error && is_there) {
    return failed("writing " + printable(name) + ": " + error.message());
  }
  std::string temporary = path + ".XXXXXX";
  UniqueFd fd(::mkostemp(temporary.data(), O_CLOEXEC));
  if (!fd.valid()) {
    return errno_error("writing " + printable(path), errno);
  }
  return OutputFile(path, std::move(temporary), std::move(fd));
}

OutputFile::OutputFile(OutputFile&& other) noexcept
    : path_(std::move(other.path_)),
      temporary_(std::exchange(other.temporary_, {})),
      fd_(std::move(other.fd_)) {}

OutputFile::~OutputFile() {
  if (!temporary_.empty()) {
    ::unlink(temporary_.c_str());
  }
}

Result<void> OutputFile::keep() {
  if (::fsync(fd_.get()) != 0 || ::rename(temporary_.c_str(), path_.c_str()) != 0) {
    return errno_error("writing " + printable(path_), errno);
  }
  temporary_.clear();
  return {};
}

}  // namespace dialtone::cli
