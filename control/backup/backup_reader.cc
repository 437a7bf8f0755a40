// SPDX-License-Identifier: Apache-2.0
#include "control/backup/backup_reader.h"

#include "control/assets/asset_change.h"
#include "control/backup/entry_rules.h"
#include "control/backup/sha256.h"
#include "dataplane/base/json_depth.h"
#include "dataplane/base/printable.h"
#include "dataplane/base/unique_fd.h"

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <map>

namespace dialtone::backup {
namespace {

using Json = nlohmann::json;

// Of what is kept in memory: a database of a million phones.
constexpr std::uint64_t kMaxText = std::uint64_t{1} << 30;
// As of other imports: what a person can still read.
constexpr std::size_t kMostFaults = 1000;

struct ReadEntry {
  std::uint64_t bytes = 0;
  std::string sha256;
};

struct Closed {
  void operator()(archive* reader) const noexcept { archive_read_free(reader); }
};

class Reader {
 public:
  Reader(const std::string& file, const std::string& staging, Diagnostics& faults)
      : file_(file), staging_(staging), faults_(faults), archive_(archive_read_new()) {}

  Result<Backup> run(int fd) {
    archive_read_support_format_tar(archive_.get());
    ::lseek(fd, 0, SEEK_SET);
    if (archive_read_open_fd(archive_.get(), fd, 1 << 18) != ARCHIVE_OK) {
      broken();
      return std::move(backup_);
    }
    for (;;) {
      archive_entry* entry = nullptr;
      const int outcome = archive_read_next_header(archive_.get(), &entry);
      if (outcome == ARCHIVE_EOF) {
        break;
      }
      if (outcome != ARCHIVE_OK) {
        broken();
        return std::move(backup_);
      }
      DIALTONE_TRY(read(entry));
      if (is_broken_ || full()) {
        return std::move(backup_);
      }
    }
    compare();
    return std::move(backup_);
  }

 private:
  void fault(const char* code, const std::string& text) { add({file_, 0, 0, code, text}); }

  void add(Diagnostic fault) {
    if (full()) {
      return;
    }
    faults_.push_back(std::move(fault));
    if (full()) {
      faults_.push_back({file_, 0, 0, "too-many-faults",
                         "nothing behind this was looked at; there may be more faults"});
    }
  }

  bool full() const noexcept { return faults_.size() >= kMostFaults; }

  void broken() {
    const char* why = archive_error_string(archive_.get());
    fault("broken-archive",
          std::string("it is no whole archive: ") + (why == nullptr ? "it ends too early" : why));
    is_broken_ = true;
  }

  static bool leads_out(const std::string& name) {
    const std::filesystem::path path(name);
    return name.empty() || name.find('\0') != name.npos || path.is_absolute() ||
           path.lexically_normal().string() != name ||
           std::ranges::any_of(path,
                               [](const auto& part) { return part.string().starts_with('.'); });
  }

  std::string* text_of(const std::string& name) {
    std::optional<std::string>* const texts[] = {&backup_.shared_rows, &backup_.devices,
                                                 &backup_.configuration};
    constexpr std::string_view kNames[] = {kSharedRows, kDevices, kConfiguration};
    for (std::size_t i = 0; i < std::size(texts); ++i) {
      if (name == kNames[i]) {
        return &texts[i]->emplace();
      }
    }
    return name == kManifest ? &manifest_ : nullptr;
  }

  Result<void> read(archive_entry* entry) {
    const char* raw = archive_entry_pathname(entry);
    const std::string name = raw == nullptr ? std::string() : std::string(raw);
    const std::uint64_t size = static_cast<std::uint64_t>(archive_entry_size(entry));
    if (archive_entry_filetype(entry) != AE_IFREG || leads_out(name)) {
      fault("bad-entry",
            "'" + printable(name) + "' is no plain file with a path below the archive");
      return {};
    }
    if (read_.contains(name)) {
      fault("duplicate-entry", "'" + printable(name) + "' is there twice");
      return {};
    }
    std::string* text = text_of(name);
    const std::string path = path_of(name);
    if (text == nullptr && path.empty()) {
      fault("unknown-entry", "'" + printable(name) + "' is no part of a backup");
      return {};
    }
    const bool is_asset = name.starts_with(kAssets);
    const std::string_view kept = name.starts_with(kVersions)
                                      ? std::string_view(name).substr(kVersions.size())
                                      : std::string_view();
    auto bad = is_asset        ? rules_.bad_asset(file_, path)
               : !kept.empty() ? EntryRules::bad_version(file_, kept)
                               : std::nullopt;
    if (bad) {
      add(*std::move(bad));
    }
    std::string record;
    const bool is_record = EntryRules::is_record(kept);
    if (is_record) {
      text = &record;
    }
    const std::uint64_t most = is_record ? assets::kMaxRecord : kMaxText;
    if (text != nullptr && size > most) {
      fault("too-large", "'" + name + "' has more than " + std::to_string(most >> 20) + " MiB");
      return {};
    }
    UniqueFd out;
    if (!path.empty() && !staging_.empty()) {
      auto opened = stage(path);
      if (!opened) {
        return opened.error();
      }
      out = *std::move(opened);
    }
    DIALTONE_TRY(copy(name, text, out.get()));
    if (auto unsound =
            is_record && !is_broken_ ? EntryRules::bad_record(file_, kept, record) : std::nullopt) {
      add(*std::move(unsound));
    }
    if (!path.empty() && !is_broken_) {
      (name.starts_with(kAssets) ? backup_.assets : versions_).push_back(path);
    }
    return {};
  }

  // Where the entry lies below the asset folder; empty: nowhere.
  static std::string path_of(const std::string& name) {
    return name.starts_with(kAssets) ? name.substr(kAssets.size())
           : name.starts_with(kVersions)
               ? std::string(assets::kVersions) + '/' + name.substr(kVersions.size())
               : std::string();
  }

  Result<UniqueFd> stage(const std::string& path) {
    const auto target = std::filesystem::path(staging_) / path;
    std::error_code error;
    std::filesystem::create_directories(target.parent_path(), error);
    UniqueFd fd(::open(target.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644));
    return fd.valid() ? Result<UniqueFd>(std::move(fd))
                      : errno_error("writing " + target.string(), errno);
  }

  Result<void> copy(const std::string& name, std::string* text, int out) {
    Sha256 digest;
    ReadEntry& seen = read_[name];
    for (;;) {
      const void* data = nullptr;
      std::size_t size = 0;
      la_int64_t offset = 0;
      const int outcome = archive_read_data_block(archive_.get(), &data, &size, &offset);
      if (outcome == ARCHIVE_EOF) {
        break;
      }
      if (outcome != ARCHIVE_OK) {
        broken();
        return {};
      }
      const std::string_view part(static_cast<const char*>(data), size);
      digest.add(part);
      seen.bytes += size;
      if (text != nullptr) {
        *text += part;
      }
      for (std::string_view left = part; out >= 0 && !left.empty();) {
        const ssize_t put = ::write(out, left.data(), left.size());
        if (put < 0 && errno != EINTR) {
          return errno_error("writing below " + staging_, errno);
        }
        left.remove_prefix(put < 0 ? 0 : static_cast<std::size_t>(put));
      }
    }
    if (out >= 0 && ::fsync(out) != 0) {
      return errno_error("writing below " + staging_, errno);
    }
    seen.sha256 = digest.hex();
    return {};
  }

  void compare() {
    if (!read_.contains(std::string(kManifest))) {
      fault("no-manifest", "it has no manifest: it is no backup, or its copy was cut off");
      return;
    }
    const Json manifest =
        find_deep_json(manifest_) ? Json() : Json::parse(manifest_, nullptr, false);
    try {
      const int format = manifest.at("format").get<int>();
      if (format < 1 || format > kFormat) {
        fault("unknown-format", "it is of format " + manifest.at("format").dump() +
                                    ", this program knows " + std::to_string(kFormat) +
                                    "; use the version of Dialtone that made it");
        return;
      }
      if (format >= 2) {
        backup_.versions = std::move(versions_);
      }
      backup_.about = {manifest.at("program").get<std::string>(),
                       manifest.at("schema").get<std::int64_t>(),
                       manifest.at("made_s").get<std::int64_t>(),
                       manifest.at("content_digest").get<std::string>()};
      for (const Json& entry : manifest.at("entries")) {
        if (full()) {
          return;
        }
        compare(entry.at("name").get<std::string>(), entry.at("bytes").get<std::uint64_t>(),
                entry.at("sha256").get<std::string>());
      }
    } catch (const Json::exception&) {
      fault("bad-manifest", "its manifest is not that of a backup");
      return;
    }
    for (const auto& [name, entry] : read_) {
      if (full()) {
        return;
      }
      if (name != kManifest) {
        fault("unknown-entry", "'" + printable(name) + "' is not in the manifest");
      }
    }
  }

  void compare(const std::string& name, std::uint64_t bytes, const std::string& sha256) {
    const auto found = read_.find(name);
    if (found == read_.end()) {
      fault("missing-entry",
            "'" + printable(name) + "' is in the manifest, and not in the archive");
      return;
    }
    if (found->second.bytes != bytes || found->second.sha256 != sha256) {
      fault("wrong-digest",
            "'" + printable(name) + "' has other bytes than when the backup was made");
    }
    read_.erase(found);
  }

  const std::string& file_;
  const std::string& staging_;
  Diagnostics& faults_;
  std::unique_ptr<archive, Closed> archive_;
  std::map<std::string, ReadEntry> read_;
  EntryRules rules_;
  std::string manifest_;
  Backup backup_;
  std::vector<std::string> versions_;
  bool is_broken_ = false;
};

}  // namespace

Result<Backup> read_backup(int fd, const std::string& file, const std::string& staging,
                           Diagnostics& faults) {
  return Reader(file, staging, faults).run(fd);
}

}  // namespace dialtone::backup
