// SPDX-License-Identifier: Apache-2.0
#include "control/cli/folder_listing.h"

#include "dataplane/base/error.h"
#include "dataplane/base/printable.h"
#include "dataplane/base/utf8.h"

#include <unistd.h>

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <string_view>
#include <system_error>

namespace dialtone::cli {
namespace {

namespace fs = std::filesystem;

bool is_utf8(std::string_view text) noexcept {
  while (!text.empty()) {
    const std::size_t bytes = first_code_point(text).bytes;
    if (bytes == 0) {
      return false;
    }
    text.remove_prefix(bytes);
  }
  return true;
}

class Listing {
 public:
  Listing(const std::string& folder, Readers readers, Diagnostics& faults,
          std::vector<std::string>& hidden)
      : readers_(readers), faults_(faults), hidden_(hidden) {
    std::error_code error;
    real_ = fs::canonical(folder, error);
  }

  std::vector<ListedFile> list(const std::string& folder) {
    std::vector<ListedFile> folders{{folder, ""}};
    while (!folders.empty()) {
      const ListedFile each = std::move(folders.back());
      folders.pop_back();
      std::error_code error;
      fs::directory_iterator at(each.path, error);
      for (; !error && at != fs::directory_iterator(); at.increment(error)) {
        const std::string name = at->path().filename().string();
        look_at({at->path().string(), each.name.empty() ? name : each.name + '/' + name}, name,
                folders);
      }
      if (error) {
        fault(each.path, "unreadable", errno_error("reading the folder", error.value()).text);
      }
    }
    std::sort(files_.begin(), files_.end(),
              [](const ListedFile& a, const ListedFile& b) { return a.name < b.name; });
    return std::move(files_);
  }

 private:
  void look_at(ListedFile entry, const std::string& leaf, std::vector<ListedFile>& folders) {
    struct stat status {};
    if (leaf.starts_with('.')) {
      hidden_.push_back(printable(entry.path));
    } else if (::lstat(entry.path.c_str(), &status) != 0) {
      fault(entry.path, "unreadable", errno_error("looking at it", errno).text);
    } else if (S_ISDIR(status.st_mode)) {
      folders.push_back(std::move(entry));
    } else if (S_ISLNK(status.st_mode)) {
      look_at_link(std::move(entry));
    } else if (!S_ISREG(status.st_mode)) {
      fault(entry.path, "no-file", "it is a device, a pipe or a socket; move it away");
    } else {
      add(std::move(entry));
    }
  }

  void look_at_link(ListedFile entry) {
    std::error_code error;
    const fs::path real = fs::canonical(entry.path, error);
    if (error) {
      fault(entry.path, "symlink", "it is a symlink that leads nowhere; remove it");
    } else if (fs::is_directory(real, error)) {
      fault(entry.path, "symlink", "it is a symlink to a folder; put the files there themselves");
    } else if (!fs::is_regular_file(real, error) ||
               std::mismatch(real_.begin(), real_.end(), real.begin(), real.end()).first !=
                   real_.end()) {
      fault(entry.path, "symlink",
            "it is a symlink that leads out of the folder; put a copy of the file in its place");
    } else {
      add(std::move(entry));
    }
  }

  void add(ListedFile entry) {
    if (!is_utf8(entry.name)) {
      fault(entry.path, "bad-name", "its name is no UTF-8; rename it");
    } else if (::access(entry.path.c_str(), R_OK) != 0) {
      fault(entry.path, "unreadable", errno_error("reading it", errno).text);
    } else if (struct stat status{}; readers_ == Readers::kEverybody &&
                                     ::stat(entry.path.c_str(), &status) == 0 &&
                                     (status.st_mode & S_IROTH) == 0) {
      fault(entry.path, "not-public",
            "not everybody may read it, so tftpd-hpa serves it to nobody; chmod o+r it, or move it "
            "out of the folder");
    } else {
      files_.push_back(std::move(entry));
    }
  }

  void fault(const std::string& path, const char* code, std::string text) {
    faults_.push_back({printable(path), 0, 0, code, std::move(text)});
  }

  fs::path real_;
  Readers readers_;
  Diagnostics& faults_;
  std::vector<std::string>& hidden_;
  std::vector<ListedFile> files_;
};

}  // namespace

std::vector<ListedFile> list_source_folder(const std::string& folder, Readers readers,
                                           Diagnostics& faults, std::vector<std::string>& hidden) {
  return Listing(folder, readers, faults, hidden).list(folder);
}

}  // namespace dialtone::cli
