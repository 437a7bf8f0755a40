// SPDX-License-Identifier: Apache-2.0
//
// A folder whose files are whole or not there, whenever the process or the machine ends: each is
// written under a name that begins with a dot, synced, and then renamed. Blocks on the disk. One
// thread at a time.
#pragma once

#include "dataplane/base/result.h"
#include "dataplane/base/unique_fd.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace dialtone::generations {

// What is about to happen to a file. Tests fail or end the process here; an Error is taken as that
// of the disk.
enum class Step : std::uint8_t { kCreate, kWrite, kSync, kRename, kSyncFolder, kRemove };
using BeforeStep = std::function<Result<void>(Step step, const std::string& name)>;

struct FreeSpace {
  std::uint64_t total_bytes = 0;
  std::uint64_t free_bytes = 0;  // for who is not root
};

class Folder {
 public:
  // Makes it when it is missing, and removes what a process left half written.
  static Result<Folder> open(std::string path, BeforeStep before = {});

  // Puts the file in the place of the one of that name. It is there for good after sync(). Large
  // files are handed to the disk piece by piece, so that others who write need not wait behind it.
  Result<void> write(const std::string& name, std::span<const std::byte> bytes);
  // What was renamed and removed so far outlives the machine.
  Result<void> sync();
  // A file that is not there is no fault.
  Result<void> remove(const std::string& name);
  // Sets it aside: the name is free, and the next open() removes it.
  void set_aside(const std::string& name);

  // Of regular files, sorted; not those that begin with a dot.
  Result<std::vector<std::string>> names() const;
  struct File {
    std::string name;
    std::uint64_t size = 0;
  };
  // Asks each of them for its size.
  Result<std::vector<File>> list() const;
  std::optional<std::uint64_t> size_of(const std::string& name) const;
  Result<UniqueFd> open_file(const std::string& name) const;
  // All of a file of at most `most` bytes; kRefused: it has more.
  Result<std::vector<std::byte>> read(const std::string& name, std::uint64_t most) const;
  Result<FreeSpace> free_space() const;

  const std::string& path() const noexcept { return path_; }

 private:
  Folder(std::string path, UniqueFd fd, BeforeStep before)
      : path_(std::move(path)), fd_(std::move(fd)), before_(std::move(before)) {}

  Result<void> step(Step step, const std::string& name) const;
  Result<void> fill(int fd, const std::string& name, std::span<const std::byte> bytes) const;
  Error error(const std::string& what, const std::string& name, int number) const;

  std::string path_;
  UniqueFd fd_;
  BeforeStep before_;
};

}  // namespace dialtone::generations
