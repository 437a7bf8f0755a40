// SPDX-License-Identifier: Apache-2.0
//
// The published generations that a folder keeps: a file for each, and a file for each object that
// one of them has, named by its digest (docs/generations.md). The file of a generation is written
// last and removed first, so what is listed is whole, whenever a process or the machine ends.
//
// Two threads: keep() and reserve() of one, all else of another. Blocks on the disk, and for as
// long as the other one prunes.
#pragma once

#include "control/generations/folder.h"
#include "control/generations/generation_file.h"
#include "control/generations/load.h"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace dialtone::generations {

struct Kept {
  std::vector<Generation> generations;  // the oldest first
  std::vector<Error> faults;            // of files that cannot be read, by name
  std::uint64_t disk_bytes = 0;         // of all files, those that two generations share once
};

class Store {
 public:
  // `most`: so many generations are kept, at least 1.
  static Result<std::unique_ptr<Store>> open(const std::string& path, std::size_t most,
                                             const BeforeStep& before = {});

  // Writes what the disk lacks of it; the bytes written. Then the oldest are pruned; before, when
  // the disk is nearly full and that gives enough room. An Error leaves the others as they were.
  Result<std::uint64_t> keep(const Generation& generation,
                             const std::vector<image_build::ObjectPtr>& objects);

  // Generations up to this number may be offered, without a word, before the process ends.
  Result<void> reserve(std::uint64_t number);
  std::uint64_t reserved() const;

  Result<Kept> list() const;
  Result<Generation> find(std::uint64_t number) const;
  Result<image_build::ImageParts> load(const Generation& generation, const LoadOptions& options);

  // The generation that a rollback holds in force, over restarts, and that is not pruned; 0: none.
  Result<void> pin(std::uint64_t number);
  Result<std::uint64_t> pinned() const;

  // From then on what is written fails: the process ends. Any thread.
  void end_by(std::chrono::steady_clock::time_point when) noexcept { end_->store(when); }

  const std::string& path() const noexcept { return top_.path(); }
  std::size_t most() const noexcept { return most_; }

 private:
  static constexpr const char* kRollbackFile = "rollback";
  using End = std::atomic<std::chrono::steady_clock::time_point>;

  Store(Folder top, Folder objects, std::size_t most, std::shared_ptr<End> end)
      : top_(std::move(top)), objects_(std::move(objects)), most_(most), end_(std::move(end)) {}

  Result<Kept> list_files() const;
  Result<Generation> read_generation(const std::string& name, std::uint64_t number) const;
  Result<std::uint64_t> read_number(const std::string& name) const;
  Result<void> write_number(const std::string& name, std::uint64_t number);
  Result<void> make_room(std::uint64_t bytes);
  Result<std::uint64_t> droppable_bytes() const;
  Result<bool> drop_oldest(std::size_t keep);
  Result<void> collect();

  Folder top_;
  Folder objects_;
  std::size_t most_;
  std::shared_ptr<End> end_;
  mutable std::mutex mutex_;  // of what lies in the folders, and of this:
  // Names of the objects that a generation has, by its number: as collect() has read them.
  std::map<std::uint64_t, std::vector<std::string>> objects_of_;
};

}  // namespace dialtone::generations
