// SPDX-License-Identifier: Apache-2.0
#include "control/generations/store.h"

#include <algorithm>
#include <charconv>
#include <set>
#include <string_view>
#include <unordered_set>
#include <utility>

namespace dialtone::generations {
namespace {

constexpr const char* kReserved = "numbers";
constexpr const char* kRollback = "rollback";
constexpr std::uint64_t kMostDigits = 32;

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

Result<std::unique_ptr<Store>> Store::open(const std::string& path, std::size_t most,
                                           const BeforeStep& before) {
  auto end = std::make_shared<End>(std::chrono::steady_clock::time_point::max());
  const BeforeStep step = [end, before](Step next, const std::string& name) -> Result<void> {
    if (next == Step::kWrite && std::chrono::steady_clock::now() >= end->load()) {
      return failed("dialtone-control is being stopped");
    }
    return before ? before(next, name) : Result<void>();
  };
  auto top = Folder::open(path, step);
  if (!top) {
    return top.error();
  }
  auto objects = Folder::open(path + "/objects", step);
  if (!objects) {
    return objects.error();
  }
  return std::unique_ptr<Store>(
      new Store(*std::move(top), *std::move(objects), most, std::move(end)));
}

Result<std::uint64_t> Store::keep(const Generation& generation,
                                  const std::vector<image_build::ObjectPtr>& objects) {
  std::vector<const image_build::SealedObject*> missing;
  std::uint64_t bytes = 0;
  for (const image_build::ObjectPtr& object : objects) {
    const auto there = objects_.size_of(object_name({object->id, object->size, object->digest}));
    if (there != object->size) {
      missing.push_back(object.get());
      bytes += object->size;
    }
  }
  DIALTONE_TRY(make_room(bytes));
  for (const image_build::SealedObject* object : missing) {
    DIALTONE_TRY(
        objects_.write(object_name({object->id, object->size, object->digest}), object->bytes()));
  }
  if (!missing.empty()) {
    DIALTONE_TRY(objects_.sync());
  }
  const std::vector<std::byte> file = encode(generation);
  DIALTONE_TRY(top_.write(file_name(generation.number), file));
  DIALTONE_TRY(top_.sync());
  const std::scoped_lock lock(mutex_);
  objects_of_.erase(generation.number);  // it may be another one than an attempt before has written
  for (bool dropped = true; dropped;) {
    const auto done = drop_oldest(most_);
    if (!done) {
      return done.error();
    }
    dropped = *done;
  }
  DIALTONE_TRY(collect());
  return bytes + file.size();
}

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
  const auto held = read_number(kRollback);
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

Result<Kept> Store::list() const {
  const std::scoped_lock lock(mutex_);
  return list_files();
}

Result<Kept> Store::list_files() const {
  const auto files = top_.list();
  if (!files) {
    return files.error();
  }
  Kept kept;
  for (const Folder::File& file : *files) {
    kept.disk_bytes += file.size;
    const std::uint64_t number = number_of(file.name);
    if (number == 0) {
      continue;
    }
    auto generation = read_generation(file.name, number);
    if (generation) {
      kept.generations.push_back(*std::move(generation));
    } else {
      kept.faults.push_back(generation.error());
    }
  }
  std::ranges::sort(kept.generations, {}, &Generation::number);
  const auto objects = objects_.list();
  if (!objects) {
    return objects.error();
  }
  for (const Folder::File& file : *objects) {
    kept.disk_bytes += file.size;
  }
  return kept;
}

Result<Generation> Store::read_generation(const std::string& name, std::uint64_t number) const {
  const auto bytes = top_.read(name, kMaxGenerationFile);
  if (!bytes) {
    return bytes.error();
  }
  auto generation = decode(*bytes);
  if (!generation) {
    return refused(path() + '/' + name + ": " + generation.error().text);
  }
  if (generation->number != number) {
    return refused(path() + '/' + name + ": it is generation " +
                   std::to_string(generation->number));
  }
  return generation;
}

Result<Generation> Store::find(std::uint64_t number) const {
  auto kept = list();
  if (!kept) {
    return kept.error();
  }
  for (Generation& generation : kept->generations) {
    if (generation.number == number) {
      return std::move(generation);
    }
  }
  for (const Error& fault : kept->faults) {
    if (fault.text.find(file_name(number)) != std::string::npos) {
      return fault;
    }
  }
  return refused("generation " + std::to_string(number) +
                 " is not kept; dialtone generations lists those that are");
}

Result<image_build::ImageParts> Store::load(const Generation& generation,
                                            const LoadOptions& options) {
  const std::scoped_lock lock(mutex_);
  return load_parts(objects_, generation, options);
}

Result<void> Store::pin(std::uint64_t number) {
  const std::scoped_lock lock(mutex_);
  if (number != 0) {
    return write_number(kRollback, number);
  }
  DIALTONE_TRY(top_.remove(kRollback));
  return top_.sync();
}

Result<std::uint64_t> Store::pinned() const {
  const std::scoped_lock lock(mutex_);
  return read_number(kRollback);
}

Result<void> Store::reserve(std::uint64_t number) {
  return write_number(kReserved, number);
}

std::uint64_t Store::reserved() const {
  const auto number = read_number(kReserved);
  return number ? *number : 0;
}

Result<std::uint64_t> Store::read_number(const std::string& name) const {
  if (!top_.size_of(name)) {
    return std::uint64_t{0};
  }
  const auto bytes = top_.read(name, kMostDigits);
  if (!bytes) {
    return bytes.error();
  }
  const auto* text = reinterpret_cast<const char*>(bytes->data());
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text, text + bytes->size(), number);
  if (error != std::errc() || end + 1 != text + bytes->size() || *end != '\n') {
    return refused(path() + '/' + name + ": it is no number");
  }
  return number;
}

Result<void> Store::write_number(const std::string& name, std::uint64_t number) {
  const std::string text = std::to_string(number) + '\n';
  DIALTONE_TRY(top_.write(name, std::as_bytes(std::span(text))));
  return top_.sync();
}

}  // namespace dialtone::generations
