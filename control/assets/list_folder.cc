// SPDX-License-Identifier: Apache-2.0
#include "control/assets/list_folder.h"

#include "dataplane/abi/canonical_name.h"

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>
#include <vector>

namespace dialtone::assets {
namespace {

namespace fs = std::filesystem;

// Taken away, or replaced by something else, since its name was read: no fault.
bool is_gone(int error) noexcept {
  return error == ENOENT || error == ENOTDIR;
}

bool same_time(const timespec& one, const timespec& other) noexcept {
  return one.tv_sec == other.tv_sec && one.tv_nsec == other.tv_nsec;
}

class Listing {
 public:
  Listing(const FileStamps& known, Diagnostics& faults) : known_(known), faults_(faults) {}

  Result<FileStamps> list(const std::string& top) {
    // Not by recursion: a tree may be as deep as it likes, and takes one descriptor at a time.
    std::vector<Entry> folders{{top, ""}};
    while (!folders.empty()) {
      const Entry folder = std::move(folders.back());
      folders.pop_back();
      const std::error_code error = list_one(folder, folders);
      if (error && folder.name.empty()) {
        return errno_error("reading the asset folder " + top, error.value());
      }
      if (error && !is_gone(error.value())) {
        keep_known(folder, error.value());
      }
    }
    return std::move(stamps_);
  }

 private:
  struct Entry {
    std::string path;
    std::string name;  // from the top; the top's own is empty
  };

  std::error_code list_one(const Entry& folder, std::vector<Entry>& folders) {
    std::error_code error;
    fs::directory_iterator at(folder.path, error);
    // increment() makes it the end when it fails: only `error` says that there was more.
    for (; !error && at != fs::directory_iterator(); at.increment(error)) {
      const std::string name = at->path().filename().string();
      if (!name.starts_with('.')) {
        look_at({at->path().string(), folder.name.empty() ? name : folder.name + "/" + name},
                folders);
      }
    }
    return error;
  }

  void look_at(Entry entry, std::vector<Entry>& folders) {
    struct stat status {};
    if (::lstat(entry.path.c_str(), &status) != 0) {
      if (const int error = errno; !is_gone(error)) {
        keep_known(entry, error);
      }
      return;
    }
    if (S_ISDIR(status.st_mode)) {
      folders.push_back(std::move(entry));
      return;
    }
    if (S_ISLNK(status.st_mode) && ::stat(entry.path.c_str(), &status) != 0) {
      const int error = errno;
      if (is_gone(error)) {
        add_fault(entry.path, "unreadable", errno_error("not served", error).text);
      } else {
        keep_known(entry, error);
      }
      return;
    }
    if (S_ISREG(status.st_mode)) {
      add_file(entry.path, entry.name, status);
    }
  }

  void add_file(const std::string& path, const std::string& name, const struct stat& status) {
    abi::CanonicalName canonical;
    if (!abi::canonicalize(name, canonical)) {
      add_fault(path, "bad-name",
                "not served: no client can ask for this name (control bytes, or more than 255 "
                "bytes); rename it");
      return;
    }
    add(std::string(canonical.view()), {path, static_cast<std::uint64_t>(status.st_size),
                                        status.st_mtim, status.st_ctim, status.st_ino});
  }

  void add(const std::string& name, FileStamp stamp) {
    const auto [other, is_new] = stamps_.emplace(name, stamp);
    if (is_new || other->second.path == stamp.path) {
      return;
    }
    // The same one on every machine, whatever the order of the listing.
    const auto& [winner, loser] = std::minmax(other->second.path, stamp.path);
    add_fault(
        loser, "same-name",
        "not served: " + winner + " has the same name but for upper and lower case; rename one");
    if (stamp.path < other->second.path) {
      other->second = std::move(stamp);
    }
  }

  // Of a path that cannot be looked at: a file, or a folder with all that is below it.
  void keep_known(const Entry& at, int error) {
    bool kept = false;
    abi::CanonicalName canonical;
    if (abi::canonicalize(at.name, canonical)) {  // nothing is known below any other name
      const std::string_view name = canonical.view();
      for (auto known = known_.lower_bound(std::string(name));
           known != known_.end() && known->first.starts_with(name); ++known) {
        const std::string& path = known->second.path;
        if (path == at.path || path.starts_with(at.path + "/")) {
          add(known->first, known->second);
          kept = true;
        }
      }
    }
    const std::string what = kept ? "what was read there before is served: " : "not served: ";
    const std::string cure = error == EACCES
                                 ? "; let the user of dialtone-control read it (chmod, chown)"
                                 : "; when that is mended, `dialtone build` reads it";
    add_fault(at.path, "unreadable", errno_error(what + "reading it", error).text + cure);
  }

  void add_fault(const std::string& path, std::string_view code, std::string text) {
    faults_.push_back({path, 0, 0, std::string(code), std::move(text)});
  }

  const FileStamps& known_;
  Diagnostics& faults_;
  FileStamps stamps_;
};

}  // namespace

bool FileStamp::same_as(const FileStamp& other) const noexcept {
  return path == other.path && size == other.size && inode == other.inode &&
         same_time(modified, other.modified) && same_time(changed, other.changed);
}

Result<FileStamps> list_folder(const std::string& folder, const FileStamps& known,
                               Diagnostics& faults) {
  return Listing(known, faults).list(folder);
}

}  // namespace dialtone::assets
