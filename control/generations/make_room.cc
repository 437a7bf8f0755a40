// SPDX-License-Identifier: Apache-2.0
//
// The part of the store that makes room: which generations go, and what none has any more.
#include "control/generations/store.h"

#include <algorithm>
#include <set>
#include <string_view>
#include <unordered_set>
#include <utility>

namespace dialtone::generations {
namespace {

// Left to others on the disk, the database among them: a twentieth of it, or this.
constexpr std::uint64_t kMostLeft = std::uint64_t{1} << 30;
constexpr std::uint64_t kShareLeft = 20;

std::vector<std::string> objects_of(const Generation& generation) {
  std::vector<std::string> names = {object_name(generation.base)};
  if (generation.delta.id != 0) {
    names.push_back(object_name(generation.delta));
  }
  for (const ObjectRef& segment : generation.segments) {
    names.push_back(object_name(segment));
  }
  return names;
}

}  // namespace

// Only when it helps: no history is given up for a generation that does not fit all the same.
Result<void> Store::make_room(std::uint64_t bytes) {
  const std::scoped_lock lock(mutex_);
  while (true) {
    const auto space = objects_.free_space();
    if (!space) {
      return space.error();
    }
    const std::uint64_t left = std::min(space->total_bytes / kShareLeft, kMostLeft);
    if (space->free_bytes >= bytes + left) {
      return {};
    }
    const auto old = droppable_bytes();
    if (!old) {
      return old.error();
    }
    if (space->free_bytes + *old < bytes + left) {
      return failed("the disk of " + path() + " is full: it has " +
                    std::to_string(space->free_bytes >> 10) + " KiB free, of which " +
                    std::to_string(left >> 10) + " KiB are left to others, and " +
                    std::to_string((bytes >> 10) + 1) + " KiB are needed");
    }
    const auto dropped = drop_oldest(1);
    if (!dropped) {
      return dropped.error();
    }
    DIALTONE_TRY(collect());
    if (!*dropped) {
      return failed("the disk of " + path() + " is full");
    }
  }
}

// What the disk would have back of all generations but the newest, and of what none has.
Result<std::uint64_t> Store::droppable_bytes() const {
  const auto kept = list_files();
  if (!kept) {
    return kept.error();
  }
  std::uint64_t bytes = 0;
  const auto files = objects_.list();
  if (!files) {
    return files.error();
  }
  std::set<std::string> wanted;
  if (!kept->generations.empty()) {
    for (std::string& name : objects_of(kept->generations.back())) {
      wanted.insert(std::move(name));
    }
  }
  for (const Folder::File& file : *files) {
    bytes += wanted.contains(file.name) ? 0 : file.size;
  }
  return bytes;
}

// False: there are no more than `keep`, but for the one that a rollback holds in force.
Result<bool> Store::drop_oldest(std::size_t keep) {
  auto files = top_.names();
  if (!files) {
    return files.error();
  }
  std::erase_if(*files, [](const std::string& name) { return number_of(name) == 0; });
  const auto held = read_number(kRollbackFile);
  std::size_t count = files->size();
  for (const std::string& name : *files) {
    if (count <= keep) {
      return false;
    }
    if (held && number_of(name) == *held) {
      --count;
      continue;
    }
    DIALTONE_TRY(top_.remove(name));
    DIALTONE_TRY(top_.sync());
    return true;
  }
  return false;
}

// What no generation has. Where one cannot be read, nobody knows what it has. Each of them is read
// once, since this comes behind every change.
Result<void> Store::collect() {
  const auto generations = top_.names();
  if (!generations) {
    return generations.error();
  }
  std::map<std::uint64_t, std::vector<std::string>> known;
  std::unordered_set<std::string_view> wanted;
  for (const std::string& name : *generations) {
    const std::uint64_t number = number_of(name);
    if (number == 0) {
      continue;
    }
    auto& names = known[number];
    if (const auto read = objects_of_.find(number); read != objects_of_.end()) {
      names = std::move(read->second);
      objects_of_.erase(read);
    } else {
      const auto generation = read_generation(name, number);
      if (!generation) {
        return {};
      }
      names = objects_of(*generation);
    }
    wanted.insert(names.begin(), names.end());
  }
  objects_of_ = std::move(known);
  const auto files = objects_.names();
  if (!files) {
    return files.error();
  }
  for (const std::string& name : *files) {
    if (!wanted.contains(name)) {
      DIALTONE_TRY(objects_.remove(name));
    }
  }
  return {};
}

}  // namespace dialtone::generations
