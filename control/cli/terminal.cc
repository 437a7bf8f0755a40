// SPDX-License-Identifier: Apache-2.0
#include "control/cli/terminal.h"

#include "control/cli/source_file.h"
#include "control/cli/text.h"

#include <unistd.h>

#include <sys/ioctl.h>
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

bool can_redraw(int fd) {
  const char* term = std::getenv("TERM");
  const bool dumb = term == nullptr || std::string_view(term) == "dumb";
  return ::isatty(fd) == 1 && !dumb;
}

Style style_of(int fd, ColourMode mode) {
  Style style;
  style.colour = mode == ColourMode::kAuto ? can_redraw(fd) && !is_set("NO_COLOR")
                                           : mode == ColourMode::kAlways;
  winsize size{};
  if (::ioctl(fd, TIOCGWINSZ, &size) == 0) {  // of a terminal alone
    style.width = size.ws_col;
  }
  return style;
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

Result<std::optional<Difference>> compare_range(int file, ByteRange range, const std::string& local,
                                                int standard_input) {
  auto fd = open_source(local, standard_input);
  if (!fd) {
    return fd.error();
  }
  std::array<char, kChunk> ours;
  std::array<char, kChunk> theirs;
  std::uint64_t same = 0;
  for (;;) {
    const auto got = read_some(fd->get(), theirs, local);
    if (!got) {
      return got.error();
    }
    const std::size_t left = std::min<std::uint64_t>(*got, range.length - same);
    for (std::size_t done = 0; done < left;) {
      const ssize_t read = ::pread(file, ours.data() + done, left - done,
                                   static_cast<off_t>(range.offset + same + done));
      if (read <= 0 && !(read < 0 && errno == EINTR)) {
        return errno_error("reading the file's content", read == 0 ? EIO : errno);
      }
      done += static_cast<std::size_t>(std::max<ssize_t>(read, 0));
    }
    const auto [at, other] = std::mismatch(ours.data(), ours.data() + left, theirs.data());
    const auto equal = static_cast<std::size_t>(at - ours.data());
    if (equal < *got || (*got == 0 && same < range.length)) {
      return std::optional(Difference{same + equal, same + *got});
    }
    if (*got == 0) {
      return std::optional<Difference>();
    }
    same += *got;
  }
}

}  // namespace dialtone::cli
