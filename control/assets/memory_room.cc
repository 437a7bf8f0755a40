// SPDX-License-Identifier: Apache-2.0
#include "control/assets/memory_room.h"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <limits>
#include <optional>
#include <string_view>

namespace dialtone::assets {
namespace {

// The number at the begin of a text; nothing: there is none ("max").
std::optional<std::uint64_t> number_in(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
  std::uint64_t number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  return read.ec == std::errc() ? std::optional(number) : std::nullopt;
}

std::optional<std::uint64_t> number_of(const std::string& file) {
  std::string line;
  std::ifstream in(file);
  return std::getline(in, line) ? number_in(line) : std::nullopt;
}

// Of a line "KEY NUMBER".
std::optional<std::uint64_t> number_of(const std::string& file, std::string_view key) {
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with(key)) {
      return number_in(std::string_view(line).substr(key.size()));
    }
  }
  return std::nullopt;
}

struct Names {
  const char* limit;
  const char* taken;
  const char* cache;  // a line of memory.stat: page cache that goes when memory is short
};
constexpr Names kVersion1{"/memory.limit_in_bytes", "/memory.usage_in_bytes",
                          "total_inactive_file "};
constexpr Names kVersion2{"/memory.max", "/memory.current", "inactive_file "};

void take_least(MemoryRoom& room, std::uint64_t bytes, const std::string& limit) {
  if (bytes < room.bytes) {
    room = {bytes, limit};
  }
}

// The group and all that are above it. A container may see its own group alone, as the top.
void look_at_groups(const std::string& top, std::string path, const Names& names,
                    MemoryRoom& room) {
  for (;;) {
    const std::string group = top + (path == "/" ? "" : path);
    const auto limit = number_of(group + names.limit);
    const auto taken = number_of(group + names.taken);
    if (limit && taken) {
      const std::uint64_t cache = number_of(group + "/memory.stat", names.cache).value_or(0);
      const std::uint64_t held = *taken - std::min(*taken, cache);
      take_least(room, *limit - std::min(*limit, held), group + names.limit);
    }
    const std::size_t slash = path.rfind('/');
    if (slash == std::string::npos || path == "/" || path.empty()) {
      return;
    }
    path.resize(slash);
  }
}

}  // namespace

MemoryRoom memory_room(const std::string& root) {
  MemoryRoom room{std::numeric_limits<std::uint64_t>::max(), "nothing"};
  if (const auto available = number_of(root + "/proc/meminfo", "MemAvailable:")) {
    constexpr std::uint64_t kMost = std::numeric_limits<std::uint64_t>::max() / 1024;
    take_least(room, std::min(*available, kMost) * 1024, "the machine");
  }
  const std::string groups = root + "/sys/fs/cgroup";
  std::ifstream in(root + "/proc/self/cgroup");
  for (std::string line; std::getline(in, line);) {
    // HIERARCHY:CONTROLLERS:PATH
    const std::size_t first = line.find(':');
    const std::size_t second = line.find(':', first + 1);
    if (first == std::string::npos || second == std::string::npos) {
      continue;
    }
    const std::string controllers = ',' + line.substr(first + 1, second - first - 1) + ',';
    const std::string path = line.substr(second + 1);
    if (line.starts_with("0::")) {
      look_at_groups(groups, path, kVersion2, room);
    } else if (controllers.find(",memory,") != std::string::npos) {
      look_at_groups(groups + "/memory", path, kVersion1, room);
    }
  }
  return room;
}

Result<void> check_memory(std::uint64_t bytes, const std::string& root) {
  const MemoryRoom room = memory_room(root);
  const std::uint64_t most = room.bytes - room.bytes / 4;
  if (bytes <= most) {
    return {};
  }
  const auto in_mib = [](std::uint64_t number) { return std::to_string(number >> 20) + " MiB"; };
  return refused("new files of the asset folder take " + in_mib(bytes) + ", and of the " +
                 in_mib(room.bytes) + " that " + room.limit + " has left " + in_mib(most) +
                 " may be taken; none of them is served, what was there before is: take files "
                 "out, or give more memory");
}

}  // namespace dialtone::assets
