// SPDX-License-Identifier: Apache-2.0
//
// Puts files into the asset folder, takes them away, and keeps what lay there before. A call makes
// its whole change or none of it, also when the process or the machine ends within it, and when
// `publish`, which it calls when everything is in its place, gives an Error. Files that people lay
// there by other means become versions when a call replaces them. One thread; blocks on the disk
// for as long as the bytes take.
//
//   auto store = AssetStore::open("assets", 5);
//   auto done = store->put(files, {.note = "new tone"}, publish, faults);
#pragma once

#include "control/assets/asset_change.h"
#include "control/assets/asset_limit.h"
#include "control/assets/asset_place.h"
#include "dataplane/base/diagnostic.h"
#include "dataplane/base/unique_fd.h"

#include <functional>
#include <span>
#include <string>
#include <vector>

namespace dialtone::assets {

struct NewFile {
  std::string name;  // from the asset folder, in any case; a new one is spelled so
  std::span<const std::byte> content;
};

struct PutLabel {
  std::string note;
  std::string set;
};

struct StoreReport {
  struct File {
    std::string name;           // canonical
    std::string path;           // from the asset folder
    std::uint32_t version = 0;  // that lies there now; 0: gone
  };
  std::vector<File> changed;
  std::size_t added = 0;
  std::size_t updated = 0;
  std::size_t removed = 0;
  std::size_t unchanged = 0;
};

class AssetStore {
 public:
  using Publish = std::function<Result<void>()>;

  // `kept`: versions of a name, beside the current one. `most`: bytes of a file; one that is larger
  // is never read, so of what people laid there the record has the size, and no digest. Ends or
  // removes what another process has left half done. An Error: the folder cannot be written, or
  // another process is at it.
  static Result<AssetStore> open(std::string folder, std::uint32_t kept,
                                 std::uint64_t most = kNoLimit, BeforeDiskStep before = {});

  // Each of `faults` is one file that cannot be put; then nothing is. With `check` nothing is in
  // any case.
  Result<StoreReport> put(std::span<const NewFile> files, const PutLabel& label,
                          const Publish& publish, Diagnostics& faults, bool check = false);
  Result<StoreReport> remove(std::span<const std::string> names, const Publish& publish,
                             Diagnostics& faults);
  // Puts the bytes of an older version again, as a new one.
  Result<StoreReport> restore(const std::string& name, std::uint32_t version,
                              const Publish& publish);

  // By number, those whose bytes are there; what lies there by other means is the last. Refused:
  // nobody knows the name.
  Result<VersionRecord> versions(const std::string& name) const;

  // Why what another process had left half done was set aside by open(), and where it is; empty: it
  // was not.
  const std::string& warning() const noexcept { return warning_; }

  // Files that an upload has left half done: none, but while a call runs or after one was killed.
  std::size_t partial() const;

 private:
  AssetStore(AssetDisk disk, std::uint32_t kept) : disk_(std::move(disk)), kept_(kept) {}

  // Another process that is at it is an Error.
  Result<UniqueFd> lock() const;
  Result<void> finish_last();
  Result<void> set_aside(const Error& why);
  Result<FileChange> plan_put(const AssetPlace& place, const NewFile& file, const PutLabel& label,
                              bool& same) const;
  Result<VersionRecord> look(const AssetPlace& place,
                             std::optional<VersionRecord>* before = nullptr) const;
  Result<void> find_current(const AssetPlace& place, VersionRecord& record) const;
  Result<void> stage(std::vector<FileChange>& changes, std::span<const NewFile* const> files) const;
  Result<void> commit(const std::vector<FileChange>& changes, const Publish& publish) const;
  void clear_staging() const;
  Error nothing_changed(const Error& why) const;  // once that is so; removes what was staged
  void forget_old(VersionRecord& record) const;

  AssetDisk disk_;
  std::uint32_t kept_;
  std::string warning_;
};

}  // namespace dialtone::assets
