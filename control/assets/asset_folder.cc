// SPDX-License-Identifier: Apache-2.0
#include "control/assets/asset_folder.h"

#include "control/assets/read_file.h"
#include "control/image/segment_stack.h"
#include "dataplane/abi/canonical_name.h"

#include <unistd.h>

#include <filesystem>
#include <system_error>

namespace dialtone::assets {
namespace {

namespace fs = std::filesystem;

Diagnostic fault(const std::string& path, std::string_view code, std::string text) {
  return {path, 0, 0, std::string(code), std::move(text)};
}

bool is_hidden(const fs::path& path) {
  const std::string name = path.filename().string();
  return !name.empty() && name.front() == '.';
}

// Reading more than the machine can hold would end some other process.
Result<void> check_memory(std::uint64_t bytes) {
  const auto available = static_cast<std::uint64_t>(::sysconf(_SC_AVPHYS_PAGES)) *
                         static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
  const auto total = static_cast<std::uint64_t>(::sysconf(_SC_PHYS_PAGES)) *
                     static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
  // Page cache counts as taken in _SC_AVPHYS_PAGES, though most of it could be had.
  if (bytes > available && bytes > total / 2) {
    return refused("the files take " + std::to_string(bytes >> 20) +
                   " MiB, more than half of the " + std::to_string(total >> 20) +
                   " MiB of this machine; serve a smaller folder");
  }
  return {};
}

}  // namespace

bool AssetFolder::Stamp::same_as(const Stamp& other) const noexcept {
  return path == other.path && size == other.size && inode == other.inode &&
         modified.tv_sec == other.modified.tv_sec && modified.tv_nsec == other.modified.tv_nsec;
}

Result<AssetFolder::Stamps> AssetFolder::list(Diagnostics& faults) const {
  Stamps stamps;
  std::error_code error;
  fs::recursive_directory_iterator at(path_, error);
  if (error) {
    return errno_error("reading the asset folder " + path_, error.value());
  }
  for (; at != fs::recursive_directory_iterator(); at.increment(error)) {
    if (error) {
      return errno_error("reading the asset folder " + path_, error.value());
    }
    const std::string path = at->path().string();
    if (is_hidden(at->path())) {
      at.disable_recursion_pending();
      continue;
    }
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0) {
      if (errno != ENOENT || at->is_symlink(error)) {  // gone since it was listed: no fault
        faults.push_back(fault(path, "unreadable", errno_error("not served", errno).text));
      }
      continue;
    }
    if (!S_ISREG(status.st_mode)) {
      continue;
    }
    abi::CanonicalName name;
    if (!abi::canonicalize(at->path().lexically_relative(path_).string(), name)) {
      faults.push_back(fault(path, "bad-name",
                             "not served: no client can ask for this name (control bytes, or more "
                             "than 255 bytes); rename it"));
      continue;
    }
    Stamp stamp{path, static_cast<std::uint64_t>(status.st_size), status.st_mtim, status.st_ino};
    const auto [other, is_new] = stamps.emplace(name.view(), stamp);
    if (!is_new) {
      // The same one on every machine, whatever the order of the listing.
      const std::string& loser = std::max(other->second.path, path);
      faults.push_back(fault(loser, "same-name",
                             "not served: " + std::min(other->second.path, path) +
                                 " has the same name but for upper and lower case; rename one"));
      if (path < other->second.path) {
        other->second = std::move(stamp);
      }
    }
  }
  return stamps;
}

Result<image_build::ImageChange> AssetFolder::scan(Diagnostics& faults) {
  auto listed = list(faults);
  if (!listed) {
    return listed.error();
  }
  std::uint64_t bytes = 0;
  for (const auto& [name, stamp] : *listed) {
    const auto old = known_.find(name);
    bytes += old != known_.end() && old->second.same_as(stamp) ? 0 : stamp.size;
  }
  DIALTONE_TRY(check_memory(bytes));
  image_build::SegmentStack stack(bytes, huge_pages_);
  Stamps read = known_;
  image_build::ImageChange change;
  for (const auto& [name, stamp] : *listed) {
    const auto old = read.find(name);
    if (old != read.end() && old->second.same_as(stamp)) {
      continue;
    }
    if (auto done = read_file(stamp.path, name, class_of(name), stack); !done) {
      const std::string kept = old == read.end() ? "not served: " : "its last content is served: ";
      faults.push_back(fault(stamp.path, "unreadable", kept + done.error().text));
      continue;
    }
    read.insert_or_assign(name, stamp);
  }
  for (auto at = read.begin(); at != read.end();) {
    if (listed->contains(at->first)) {
      ++at;
    } else {
      change.gone.push_back(at->first);
      at = read.erase(at);
    }
  }
  auto files = stack.finish();
  if (!files) {
    return files.error();
  }
  change.put = *std::move(files);
  known_ = std::move(read);
  return change;
}

}  // namespace dialtone::assets
