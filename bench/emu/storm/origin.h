// SPDX-License-Identifier: Apache-2.0
//
// What the files of a storm should be: read from folders, or the lists that `dialtone --json files
// ls` prints. More than one of them are states of the server that follow one another while the
// storm goes on. Names are of either case, as servers find them. Once read immutable; any thread.
#pragma once

#include "dataplane/base/digest.h"
#include "dataplane/base/result.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace dialtone::emu {

struct OriginFile {
  std::uint64_t bytes = 0;
  Digest digest{};
  std::vector<std::byte> content{};  // empty when only the digest is known
};

// Of one name.
struct Expected {
  std::span<const OriginFile> states{};  // any of them; none: a server that has the file is wrong
  bool may_be_missing = true;            // in a state at least
};

class Origin {
 public:
  static constexpr std::size_t kMostStates = 16;

  // What is added from now on is of one more state.
  void begin_state() noexcept { ++states_; }
  void add(std::string_view name, OriginFile file);
  // The trust list of a device that has none here may be that of its cluster, or missing.
  Expected find(std::string_view name) const;
  std::size_t size() const noexcept { return files_.size(); }

 private:
  std::size_t states_ = 0;
  std::unordered_map<std::string, std::vector<OriginFile>> files_;
};

// Each adds a state. Errors name the file and what is wrong in it.
Result<void> read_origin_folder(const std::string& folder, Origin& origin);
Result<void> read_origin_list(const std::string& path, Origin& origin);

}  // namespace dialtone::emu
