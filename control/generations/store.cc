// SPDX-License-Identifier: Apache-2.0
#include "control/generations/store.h"

#include <algorithm>
#include <charconv>
#include <utility>

namespace dialtone::generations {
namespace {

constexpr const char* kReserved = "numbers";
constexpr std::uint64_t kMostDigits = 32;

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
    return write_number(kRollbackFile, number);
  }
  DIALTONE_TRY(top_.remove(kRollbackFile));
  return top_.sync();
}

Result<std::uint64_t> Store::pinned() const {
  const std::scoped_lock lock(mutex_);
  return read_number(kRollbackFile);
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
