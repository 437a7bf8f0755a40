// SPDX-License-Identifier: Apache-2.0
#include "control/image/file_table.h"

#include "dataplane/base/hash.h"

#include <cstring>

namespace dialtone::image_build {
namespace {

Uint128 file_digest(std::string_view name, const Digest& content) noexcept {
  std::byte both[abi::kMaxNameLength + sizeof(content)];
  std::memcpy(both, name.data(), name.size());
  std::memcpy(both + name.size(), &content, sizeof(content));
  const Digest digest = digest_of(std::span(both, name.size() + sizeof(content)));
  return static_cast<Uint128>(digest.high) << 64 | digest.low;
}

}  // namespace

const FileEntry* FileTable::find(std::string_view name) const noexcept {
  const auto found = files_.find(name);
  return found == files_.end() ? nullptr : &found->second;
}

void FileTable::account(std::string_view name, const FileEntry& entry, bool added) noexcept {
  const abi::FileRecord& record = entry.record();
  const Uint128 one = file_digest(name, record.digest);
  const Uint128 old = static_cast<Uint128>(digest_.high) << 64 | digest_.low;
  const Uint128 sum = added ? old + one : old - one;
  digest_ = {static_cast<std::uint64_t>(sum), static_cast<std::uint64_t>(sum >> 64)};
  content_bytes_ += added ? record.length : -record.length;
}

void FileTable::put(std::string_view name, FileEntry entry) {
  auto found = files_.find(name);
  if (found == files_.end()) {
    found = files_.emplace(name, FileEntry{}).first;
  } else {
    account(name, found->second, false);
  }
  found->second = std::move(entry);
  account(name, found->second, true);
}

bool FileTable::erase(std::string_view name) {
  const auto found = files_.find(name);
  if (found == files_.end()) {
    return false;
  }
  account(name, found->second, false);
  files_.erase(found);
  return true;
}

std::size_t FileTable::count_differences(const FileTable& other) const noexcept {
  std::size_t same = 0;
  std::size_t different = 0;
  for (const auto& [name, entry] : files_) {
    if (const FileEntry* their = other.find(name); their != nullptr) {
      ++(entry.same_content_as(*their) ? same : different);
    }
  }
  const std::size_t shared = same + different;
  return different + (size() - shared) + (other.size() - shared);
}

}  // namespace dialtone::image_build
