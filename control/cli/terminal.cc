// SPDX-License-Identifier: Apache-2.0
#include "control/cli/terminal.h"

#include "control/cli/text.h"

#include <fcntl.h>
#include <unistd.h>

#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>

namespace dialtone::cli {
namespace {

constexpr std::size_t kChunk = 64 * 1024;

bool is_set(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr && *value != '\0';
}

}  // namespace

Style style_of(int fd, ColourMode mode) {
  if (mode != ColourMode::kAuto) {
    return {mode == ColourMode::kAlways};
  }
  const char* term = std::getenv("TERM");
  const bool dumb = term == nullptr || std::string_view(term) == "dumb";
  return {::isatty(fd) == 1 && !dumb && !is_set("NO_COLOR")};
}

Result<void> write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t put = ::write(fd, text.data(), text.size());
    if (put >= 0) {
      text.remove_prefix(static_cast<std::size_t>(put));
    } else if (errno == EPIPE) {
      return {};
    } else if (errno != EINTR) {
      return errno_error("writing the output", errno);
    }
  }
  return {};
}

Result<void> copy_range(int fd, int file, ByteRange range, Bytes bytes) {
  struct stat status {};
  if (::fstat(file, &status) != 0) {
    return errno_error("reading the file's content", errno);
  }
  const auto size = static_cast<std::uint64_t>(std::max<off_t>(status.st_size, 0));
  if (range.offset > size || range.length > size - range.offset) {
    return failed("dialtone-control sent less than the file's " + std::to_string(range.length) +
                  " bytes; is it of the same version?");
  }
  std::array<char, kChunk> chunk;
  std::string text;  // a character may lie across two chunks, so printable text waits for the end
  while (range.length != 0) {
    const std::size_t wanted = std::min<std::uint64_t>(range.length, chunk.size());
    const ssize_t got = ::pread(file, chunk.data(), wanted, static_cast<off_t>(range.offset));
    if (got < 0 && errno == EINTR) {
      continue;
    }
    if (got <= 0) {
      return errno_error("reading the file's content", got == 0 ? EIO : errno);
    }
    const std::string_view part(chunk.data(), static_cast<std::size_t>(got));
    if (bytes == Bytes::kPrintable) {
      text += part;
    } else {
      DIALTONE_TRY(write_all(fd, part));
    }
    range.offset += part.size();
    range.length -= part.size();
  }
  return write_all(fd, printable_lines(text));
}

Result<UniqueFd> copy_attachment(const std::string& file, int standard_input) {
  const bool is_input = file == "-";
  const UniqueFd fd(is_input ? ::fcntl(standard_input, F_DUPFD_CLOEXEC, 0)
                             : ::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  const std::string name = is_input ? "standard input" : file.empty() ? "''" : printable(file);
  struct stat status {};
  if (!fd.valid() || ::fstat(fd.get(), &status) != 0) {
    return errno_error("opening " + name, errno);
  }
  if (S_ISDIR(status.st_mode)) {
    return failed("opening " + name + ": it is a folder; name a file");
  }
  const auto text = api::read_all(fd.get(), api::kMaxImport);
  if (!text) {
    Error error = text.error();
    error.text = name + ": " + error.text;
    return error.code == ErrorCode::kRefused ? api::import_too_large(name) : error;
  }
  return api::text_memfd(*text);
}

}  // namespace dialtone::cli
