// SPDX-License-Identifier: Apache-2.0
#include "control/cli/source_file.h"

#include "control/api/message.h"
#include "control/cli/text.h"

#include <fcntl.h>
#include <unistd.h>

#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#include <cerrno>
#include <utility>

namespace dialtone::cli {
namespace {

std::string source_name(const std::string& file) {
  return file == "-" ? "standard input" : file.empty() ? "''" : printable(file);
}

// Not of a named one, which nobody may ever write into.
bool is_pipe_of_shell(const char* path) {
  struct statfs system {};
  return ::statfs(path, &system) == 0 && system.f_type == PIPEFS_MAGIC;
}

const char* what_it_is(mode_t mode) {
  return S_ISDIR(mode)    ? "a folder"
         : S_ISFIFO(mode) ? "a named pipe"
         : S_ISSOCK(mode) ? "a socket"
                          : "a device";
}

enum class Pipes { kNone, kOfShell };

// Looked at before it is opened, which alone may be too much for a device.
Result<UniqueFd> open_file(const std::string& file, Pipes pipes) {
  const std::string doing = "opening " + source_name(file);
  struct stat status {};
  if (::stat(file.c_str(), &status) != 0) {
    return errno_error(doing, errno);
  }
  const bool is_pipe = S_ISFIFO(status.st_mode) && is_pipe_of_shell(file.c_str());
  if (!S_ISREG(status.st_mode) && !(is_pipe && pipes == Pipes::kOfShell)) {
    return failed(doing + ": it is " + (is_pipe ? "a pipe" : what_it_is(status.st_mode)) +
                  "; name a file");
  }
  // Some files of /proc wait for what is to come.
  const int flags = O_RDONLY | O_CLOEXEC | (is_pipe ? 0 : O_NONBLOCK);
  UniqueFd fd(::open(file.c_str(), flags));
  return fd.valid() ? Result<UniqueFd>(std::move(fd)) : errno_error(doing, errno);
}

}  // namespace

Result<UniqueFd> open_source(const std::string& file, int standard_input) {
  if (file != "-") {
    return open_file(file, Pipes::kOfShell);
  }
  UniqueFd fd(::fcntl(standard_input, F_DUPFD_CLOEXEC, 0));
  struct stat status {};
  if (!fd.valid() || ::fstat(fd.get(), &status) != 0) {
    return errno_error("opening standard input", errno);
  }
  if (S_ISDIR(status.st_mode)) {
    return failed("opening standard input: it is a folder; name a file");
  }
  return fd;
}

Result<UniqueFd> open_regular(const std::string& file) {
  return open_file(file, Pipes::kNone);
}

Result<std::size_t> read_some(int fd, std::span<char> room, const std::string& name) {
  for (;;) {
    const ssize_t got = ::read(fd, room.data(), room.size());
    if (got >= 0) {
      return static_cast<std::size_t>(got);
    }
    if (errno != EINTR) {
      return errno_error("reading " + printable(name), errno);
    }
  }
}

Result<std::string> read_source(const std::string& file, int standard_input, std::size_t most) {
  const auto fd = open_source(file, standard_input);
  if (!fd) {
    return fd.error();
  }
  auto text = api::read_all(fd->get(), most);
  if (text || text.error().code != ErrorCode::kRefused) {
    return text ? std::move(text)
                : Error{text.error().code, source_name(file) + ": " + text.error().text};
  }
  return refused(source_name(file) + " has more than " + std::to_string(most >> 20) +
                 " MiB; is it the right file?");
}

Result<UniqueFd> copy_attachment(const std::string& file, int standard_input) {
  const auto text = read_source(file, standard_input, api::kMaxImport);
  if (!text) {
    return text.error().code == ErrorCode::kRefused ? api::import_too_large(source_name(file))
                                                    : text.error();
  }
  return api::text_memfd(*text);
}

}  // namespace dialtone::cli
