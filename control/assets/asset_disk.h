// SPDX-License-Identifier: Apache-2.0
//
// What the store does to the disk below the asset folder. Paths are from that folder, and lead
// nowhere else (beneath.h), so nothing is ever written elsewhere. What returns without an Error is
// on the disk for good (fsync of file and folder). One thread; blocks on the disk.
#pragma once

#include "control/assets/asset_limit.h"
#include "control/assets/beneath.h"
#include "dataplane/base/result.h"
#include "dataplane/base/unique_fd.h"

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace dialtone::assets {

// What is about to happen to a path. Tests fail or end the process here; an Error is taken as that
// of the disk.
enum class DiskStep : std::uint8_t { kWrite, kLink, kRename, kRemove };
using BeforeDiskStep = std::function<Result<void>(DiskStep step, const std::string& path)>;

class AssetDisk {
 public:
  // `most`: bytes of a file that are taken into memory.
  AssetDisk(std::string folder, BeforeDiskStep before, std::uint64_t most = kNoLimit)
      : folder_(std::move(folder)), before_(std::move(before)), most_(most) {}

  const std::string& folder() const noexcept { return folder_; }
  std::uint64_t most() const noexcept { return most_; }
  std::string full(const std::string& path) const { return folder_ + '/' + path; }

  // Puts a file there, in the place of another one. A full disk is said with what is missing.
  Result<void> write(const std::string& path, std::span<const std::byte> bytes, mode_t mode) const;
  // `to` is another name of `from`, or, where the file system has no such, a copy; of a symlink,
  // and of more than most(), no copy is made, and `from` itself is moved there. One that is there
  // stays as it is.
  Result<void> link(const std::string& from, const std::string& to) const;
  Result<void> rename(const std::string& from, const std::string& to) const;
  // A file that is not there is no fault.
  Result<void> remove(const std::string& path) const;

  struct Stat {
    bool is_link = false;  // then the rest is its own
    std::uint64_t bytes = 0;
    std::uint64_t modified_s = 0;  // Unix time
  };
  Result<Stat> stat(const std::string& path) const;
  // Of more than `most` bytes, and of what is no regular file, a symlink least of all, nothing is
  // read: kRefused.
  Result<std::string> read(const std::string& path, std::uint64_t most = kNoLimit) const;
  bool exists(const std::string& path) const;
  // Names in a folder; none when it is no folder.
  std::vector<std::string> list(const std::string& path) const;

  // Refused: the folder `path` belongs to somebody who may write what he likes there: to another
  // user than ours or root, or everybody may write. One that is not there is none of his.
  Result<void> check_owner(const std::string& path) const;

  // One process at a time; nothing: another one has it.
  Result<std::optional<UniqueFd>> lock(const std::string& path) const;

 private:
  Result<Parent> parent(const std::string& path, bool make) const {
    return parent_beneath(folder_, path, make);
  }
  Result<void> fill(int fd, const std::string& path, std::span<const std::byte> bytes) const;
  Result<void> step(DiskStep step, const std::string& path) const;
  Error error(const std::string& what, const std::string& path, int number) const;

  std::string folder_;
  BeforeDiskStep before_;
  std::uint64_t most_;
};

}  // namespace dialtone::assets
