// SPDX-License-Identifier: Apache-2.0
#include "control/generations/load.h"

#include "dataplane/base/cacheline.h"
#include "dataplane/base/mapping.h"

#include <unistd.h>

#include <sys/mman.h>

#include <algorithm>
#include <cerrno>
#include <thread>

namespace dialtone::generations {
namespace {

using image_build::ImageParts;
using image_build::ObjectPtr;
using image_build::Pages;

constexpr std::uint64_t kHugeFrom = std::uint64_t{4} << 20;
// What one thread reads at a time; a single one copies no faster than half of what memory gives.
constexpr std::uint64_t kPart = std::uint64_t{64} << 20;
constexpr std::size_t kReaders = 4;

constexpr std::uint64_t page_bytes(Pages pages) noexcept {
  return pages == Pages::kHuge ? std::uint64_t{2} << 20 : 4096;
}

// 0, or an errno; ENODATA: the file ends too soon.
int read_range(int fd, std::span<std::byte> out, std::uint64_t offset) {
  while (!out.empty()) {
    const ssize_t got = ::pread(fd, out.data(), out.size(), static_cast<off_t>(offset));
    if (got < 0 && errno == EINTR) {
      continue;
    }
    if (got <= 0) {
      return got < 0 ? errno : ENODATA;
    }
    out = out.subspan(static_cast<std::size_t>(got));
    offset += static_cast<std::uint64_t>(got);
  }
  return 0;
}

int read_all(int fd, std::span<std::byte> out) {
  const std::size_t readers = std::min<std::size_t>(
      {kReaders, std::max(1U, std::thread::hardware_concurrency()), out.size() / kPart + 1});
  const std::size_t part = align_up(out.size() / readers + 1, 4096);
  std::vector<int> errors(readers, 0);
  const auto read_part = [&](std::size_t number) {
    const std::size_t begin = std::min(number * part, out.size());
    const std::size_t length = std::min(part, out.size() - begin);
    errors[number] = read_range(fd, out.subspan(begin, length), begin);
  };
  {
    std::vector<std::jthread> threads;
    for (std::size_t number = 1; number < readers; ++number) {
      threads.emplace_back(read_part, number);
    }
    read_part(0);
  }
  return *std::max_element(errors.begin(), errors.end());
}

Result<ObjectPtr> read_object(int file, const ObjectRef& ref, Pages pages) {
  auto fd = image_build::new_memfd(pages);
  if (!fd) {
    return fd.error();
  }
  const std::uint64_t size = align_up(ref.size, page_bytes(pages));
  DIALTONE_TRY(image_build::reserve(fd->get(), 0, size));
  {
    void* address = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd->get(), 0);
    if (address == MAP_FAILED) {
      return errno_error("mapping a segment", errno);
    }
    const Mapping mapping(address, size);
    const int number = read_all(file, mapping.writable_bytes().first(ref.size));
    if (number == ENODATA) {
      return refused("it is cut");
    }
    if (number != 0) {
      return errno_error("reading it", number);
    }
  }
  return image_build::seal(*std::move(fd), ref.id, ref.size, pages);
}

Result<ObjectPtr> load_object(Folder& objects, const ObjectRef& ref, const LoadOptions& options) {
  if (ObjectPtr known = options.known.find(ref)) {
    return known;
  }
  const std::string name = object_name(ref);
  const auto fd = objects.open_file(name);
  if (!fd) {
    return fd.error();
  }
  Result<ObjectPtr> object = failed("not read yet");
  if (options.huge_pages && ref.size >= kHugeFrom) {
    object = read_object(fd->get(), ref, Pages::kHuge);
  }
  if (!object) {  // few huge pages are the likely reason; any other one shows again
    object = read_object(fd->get(), ref, Pages::kSmall);
  }
  if (object && (*object)->digest != ref.digest) {
    object = refused("its bytes have changed");
  }
  if (!object) {
    if (object.error().code == ErrorCode::kRefused) {
      objects.set_aside(name);
    }
    return Error{object.error().code, objects.path() + '/' + name + ": " + object.error().text};
  }
  return object;
}

}  // namespace

void KnownObjects::add(const std::vector<ObjectPtr>& objects) {
  for (const ObjectPtr& object : objects) {
    by_id_.emplace(object->id, object);
  }
}

ObjectPtr KnownObjects::find(const ObjectRef& ref) const {
  const auto found = by_id_.find(ref.id);
  const bool is_it = found != by_id_.end() && found->second->digest == ref.digest &&
                     found->second->size == ref.size;
  return is_it ? found->second : nullptr;
}

std::string object_name(const ObjectRef& ref) {
  return to_hex(ref.digest);
}

Result<ImageParts> load_parts(Folder& objects, const Generation& generation,
                              const LoadOptions& options) {
  ImageParts parts;
  parts.content_digest = generation.content;
  for (const ObjectRef& ref : generation.segments) {
    auto segment = load_object(objects, ref, options);
    if (!segment) {
      return segment.error();
    }
    parts.segments.push_back(*std::move(segment));
  }
  for (const auto& [ref, object] :
       {std::pair(&generation.base, &parts.base), std::pair(&generation.delta, &parts.delta)}) {
    if (ref->id == 0) {
      continue;
    }
    auto index = load_object(objects, *ref, options);
    if (!index) {
      return index.error();
    }
    *object = *std::move(index);
  }
  return parts;
}

}  // namespace dialtone::generations
