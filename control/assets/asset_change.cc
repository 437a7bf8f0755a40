// SPDX-License-Identifier: Apache-2.0
#include "control/assets/asset_change.h"

#include "dataplane/base/digest.h"

#include <algorithm>
#include <charconv>

namespace dialtone::assets {
namespace {

constexpr mode_t kMode = 0644;

std::string versions_of(std::string_view name) {
  return std::string(kVersions) + '/' + to_hex(digest_of(std::as_bytes(std::span(name))));
}

Result<void> write_record(const AssetDisk& disk, const VersionRecord& record) {
  const std::string text = to_text(record);
  return disk.write(record_path(record.name), std::as_bytes(std::span(text)), kMode);
}

}  // namespace

std::string record_path(std::string_view canonical_name) {
  return versions_of(canonical_name) + "/record";
}

std::string version_path(std::string_view canonical_name, std::uint32_t number) {
  return versions_of(canonical_name) + '/' + std::to_string(number);
}

KeptFile kept_file(std::string_view path) noexcept {
  constexpr std::size_t kDigest = 2 * sizeof(Digest);
  const auto is_hex = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
  if (path.size() < kDigest + 2 || path[kDigest] != '/' ||
      !std::all_of(path.begin(), path.begin() + kDigest, is_hex)) {
    return KeptFile::kNone;
  }
  const std::string_view leaf = path.substr(kDigest + 1);
  std::uint32_t number = 0;
  const auto read = std::from_chars(leaf.data(), leaf.data() + leaf.size(), number);
  const bool is_number = read.ec == std::errc() && read.ptr == leaf.data() + leaf.size() &&
                         number != 0 && leaf.front() != '0';
  return is_number ? KeptFile::kVersion : leaf == "record" ? KeptFile::kRecord : KeptFile::kNone;
}

Result<void> check_record(std::string_view path, std::string_view text) {
  const auto record = read_record(text);
  if (!record) {
    return record.error();
  }
  return record_path(record->name) == std::string(kVersions) + '/' + std::string(path)
             ? Result<void>()
             : refused("it is of another name");
}

Result<std::optional<VersionRecord>> read_record_of(const AssetDisk& disk,
                                                    std::string_view canonical_name) {
  const std::string path = record_path(canonical_name);
  if (!disk.exists(path)) {
    return std::optional<VersionRecord>();
  }
  const auto text = disk.read(path, kMaxRecord);
  if (!text) {
    return text.error();
  }
  auto record = read_record(*text);
  if (record && record->name != canonical_name) {
    record = refused("it is of another name");
  }
  if (!record) {
    return refused(disk.full(path) + " is no record of versions (" + record.error().text +
                   "); remove it to begin a new one");
  }
  return std::optional<VersionRecord>(*std::move(record));
}

Result<void> apply(const AssetDisk& disk, const FileChange& change) {
  const bool goes = change.staged.empty();
  const bool is_due = goes ? disk.exists(change.path) : disk.exists(change.staged);
  if (is_due && change.saved != 0 && disk.exists(change.path)) {
    DIALTONE_TRY(disk.link(change.path, version_path(change.after.name, change.saved)));
  }
  if (is_due) {
    DIALTONE_TRY(goes ? disk.remove(change.path) : disk.rename(change.staged, change.path));
  }
  return write_record(disk, change.after);
}

Result<void> undo(const AssetDisk& disk, const FileChange& change) {
  const std::string saved = version_path(change.after.name, change.saved);
  if (change.saved == 0) {
    DIALTONE_TRY(disk.remove(change.path));
  } else if (disk.exists(saved)) {
    DIALTONE_TRY(disk.rename(saved, change.path));
    DIALTONE_TRY(disk.remove(saved));  // rename() leaves both names of one file
  }
  return change.before ? write_record(disk, *change.before)
                       : disk.remove(record_path(change.after.name));
}

void prune(const AssetDisk& disk, const FileChange& change) {
  for (const std::string& name : disk.list(versions_of(change.after.name))) {
    std::uint32_t number = 0;
    const auto read = std::from_chars(name.data(), name.data() + name.size(), number);
    const bool is_version = read.ec == std::errc() && read.ptr == name.data() + name.size();
    if (is_version && (change.after.find(number) == nullptr || number == change.after.current)) {
      // What stays for now is removed with the next change of this name.
      (void)disk.remove(versions_of(change.after.name) + '/' + name);
    }
  }
}

}  // namespace dialtone::assets
