// SPDX-License-Identifier: Apache-2.0
#include "control/build/child_process.h"

#include "dataplane/base/unique_fd.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <unistd.h>

#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>

namespace dialtone::build {
namespace {

using Clock = std::chrono::steady_clock;

// A file in memory: no pipe that a program which does not read could block.
Result<UniqueFd> as_file(std::string_view text) {
  UniqueFd file(::memfd_create("filter input", MFD_CLOEXEC));
  while (file.valid() && !text.empty()) {
    const ssize_t written = ::write(file.get(), text.data(), text.size());
    if (written <= 0) {
      return errno_error("writing its input", errno);
    }
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  if (!file.valid() || ::lseek(file.get(), 0, SEEK_SET) != 0) {
    return errno_error("making its input", errno);
  }
  return file;
}

class SpawnActions {
 public:
  SpawnActions(int in, int out) {
    ::posix_spawn_file_actions_init(&files_);
    ::posix_spawn_file_actions_adddup2(&files_, in, STDIN_FILENO);
    ::posix_spawn_file_actions_adddup2(&files_, out, STDOUT_FILENO);
    ::posix_spawn_file_actions_addopen(&files_, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    ::posix_spawn_file_actions_addclosefrom_np(&files_, STDERR_FILENO + 1);
    ::posix_spawnattr_init(&attributes_);
    ::posix_spawnattr_setflags(
        &attributes_, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    ::posix_spawnattr_setpgroup(&attributes_, 0);
    sigset_t signals;
    ::sigemptyset(&signals);
    ::posix_spawnattr_setsigmask(&attributes_, &signals);
    ::sigfillset(&signals);
    ::posix_spawnattr_setsigdefault(&attributes_, &signals);
  }
  SpawnActions(const SpawnActions&) = delete;
  SpawnActions& operator=(const SpawnActions&) = delete;
  ~SpawnActions() {
    ::posix_spawn_file_actions_destroy(&files_);
    ::posix_spawnattr_destroy(&attributes_);
  }

  Result<pid_t> spawn(const std::vector<std::string>& words) const {
    std::vector<char*> arguments;
    for (const std::string& word : words) {
      arguments.push_back(const_cast<char*>(word.c_str()));
    }
    arguments.push_back(nullptr);
    char* environment[] = {nullptr};
    pid_t pid = 0;
    const int error = ::posix_spawn(&pid, words.front().c_str(), &files_, &attributes_,
                                    arguments.data(), environment);
    return error == 0 ? Result<pid_t>(pid) : errno_error("starting it", error);
  }

 private:
  posix_spawn_file_actions_t files_{};
  posix_spawnattr_t attributes_{};
};

// Ends the group and the process: while it is not waited for, its number is nobody else's.
class Child {
 public:
  explicit Child(pid_t pid) : pid_(pid) {}
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child() { end(); }

  int end() {
    if (pid_ != 0) {
      ::kill(-pid_, SIGKILL);
      while (::waitpid(pid_, &status_, 0) < 0 && errno == EINTR) {
      }
      pid_ = 0;
    }
    return status_;
  }

 private:
  pid_t pid_;
  int status_ = 0;
};

// The C library's own function has no header that C++ can use everywhere.
int open_process(pid_t pid) {
  return static_cast<int>(::syscall(SYS_pidfd_open, pid, 0));
}

enum class Read { kMore, kEnd, kTooMuch };

Read read_some(int fd, std::size_t most, std::string& output) {
  std::array<char, 16384> block;
  for (;;) {
    const ssize_t length = ::read(fd, block.data(), block.size());
    if (length < 0 && errno == EINTR) {
      continue;
    }
    if (length <= 0) {
      return length < 0 && errno == EAGAIN ? Read::kMore : Read::kEnd;
    }
    output.append(block.data(), static_cast<std::size_t>(length));
    if (output.size() > most) {
      return Read::kTooMuch;
    }
  }
}

// Until the program ends, in time and within its size.
Result<void> collect(int out, int process, const FilterLimits& limits, std::string& output) {
  const auto deadline = Clock::now() + limits.time;
  for (;;) {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now()).count();
    if (left <= 0) {
      return refused("it took longer than " + std::to_string(limits.time.count()) + " ms");
    }
    pollfd fds[] = {{process, POLLIN, 0}, {out, POLLIN, 0}};
    if (::poll(fds, 2, static_cast<int>(left)) < 0 && errno != EINTR) {
      return errno_error("waiting for it", errno);
    }
    const Read read = read_some(out, limits.output, output);
    if (read == Read::kTooMuch) {
      return refused("it wrote more than " + std::to_string(limits.output) + " bytes");
    }
    if ((fds[0].revents & POLLIN) != 0) {
      // What it wrote before it ended is there by now.
      return read_some(out, limits.output, output) == Read::kTooMuch
                 ? refused("it wrote more than " + std::to_string(limits.output) + " bytes")
                 : Result<void>();
    }
    if (read == Read::kEnd) {
      out = -1;  // poll() passes over it
    }
  }
}

}  // namespace

Result<std::string> run_filter(const std::vector<std::string>& words, std::string_view input,
                               const FilterLimits& limits) {
  const auto in = as_file(input);
  if (!in) {
    return in.error();
  }
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) {
    return errno_error("making a pipe for it", errno);
  }
  const UniqueFd out(ends[0]);
  UniqueFd its_end(ends[1]);
  ::fcntl(out.get(), F_SETFL, O_NONBLOCK);
  const auto pid = SpawnActions(in->get(), its_end.get()).spawn(words);
  if (!pid) {
    return pid.error();
  }
  its_end.reset();
  Child child(*pid);
  const UniqueFd process(open_process(*pid));
  if (!process.valid()) {
    return errno_error("waiting for it", errno);
  }
  std::string output;
  DIALTONE_TRY(collect(out.get(), process.get(), limits, output));
  const int status = child.end();
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
    return refused(WIFEXITED(status) ? "it ended with status " + std::to_string(WEXITSTATUS(status))
                                     : "signal " + std::to_string(WTERMSIG(status)) + " ended it");
  }
  return output;
}

}  // namespace dialtone::build
