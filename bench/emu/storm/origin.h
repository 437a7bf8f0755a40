// SPDX-License-Identifier: Apache-2.0
//
// What the files of a storm should be: read from a folder, or the list that `dialtone --json files
// ls` prints. Names are of either case, as servers find them. Immutable; any thread.
#pragma once

#include "dataplane/base/digest.h"
#include "dataplane/base/result.h"

#include <cstddef>
#include <cstdint>
#include <optional>
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

class Origin {
 public:
  void add(std::string_view name, OriginFile file);
  // Null: it is not there, and a server that has it is wrong.
  const OriginFile* find(std::string_view name) const;
  std::size_t size() const noexcept { return files_.size(); }

 private:
  std::unordered_map<std::string, OriginFile> files_;
};

Result<Origin> read_origin_folder(const std::string& folder);
Result<Origin> read_origin_list(const std::string& path);

}  // namespace dialtone::emu
