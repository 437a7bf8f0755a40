// SPDX-License-Identifier: Apache-2.0
#include "control/assets/watch_tree.h"

#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <string_view>
#include <utility>
#include <vector>

namespace dialtone::assets {
namespace {

namespace fs = std::filesystem;

// IN_MODIFY is left out: a file counts when its writer closes it.
constexpr std::uint32_t kEvents = IN_CLOSE_WRITE | IN_MOVED_FROM | IN_MOVED_TO | IN_DELETE |
                                  IN_CREATE | IN_ATTRIB | IN_DELETE_SELF | IN_MOVE_SELF;

// What a scan leaves out: half-written copies, and what the store keeps for itself.
bool is_hidden(std::string_view name) noexcept {
  return name.starts_with('.');
}

// What is there all at once, with nobody who would close it: a symlink, another link to a file.
bool is_link(const std::string& path) noexcept {
  struct stat status {};
  return ::lstat(path.c_str(), &status) == 0 &&
         (S_ISLNK(status.st_mode) || (S_ISREG(status.st_mode) && status.st_nlink > 1));
}

}  // namespace

Result<WatchTree> WatchTree::open(const std::string& folder) {
  UniqueFd fd(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC));
  if (!fd.valid()) {
    return errno_error("opening inotify", errno);
  }
  WatchTree tree(std::move(fd));
  // Asked first: when the folder is replaced between the two, is_of() finds another one.
  struct stat status {};
  if (::stat(folder.c_str(), &status) != 0) {
    return errno_error("watching " + folder, errno);
  }
  tree.device_ = status.st_dev;
  tree.inode_ = status.st_ino;
  const auto root = tree.add(folder);
  if (!root) {
    return root.error();
  }
  tree.root_ = *root;
  return tree;
}

// Watches a folder and all below it; the watch descriptor of the folder itself.
Result<int> WatchTree::add(const std::string& top) {
  int first = -1;
  std::vector<std::string> folders{top};
  while (!folders.empty()) {
    const std::string folder = std::move(folders.back());
    folders.pop_back();
    const int watch = ::inotify_add_watch(fd_.get(), folder.c_str(), kEvents | IN_ONLYDIR);
    if (watch < 0 && errno == ENOSPC) {
      return failed("too many folders to watch, at " + folder +
                    "; raise the sysctl fs.inotify.max_user_watches");
    }
    if (watch < 0 && first < 0) {
      return errno_error("watching " + folder, errno);
    }
    if (watch < 0) {
      continue;  // gone while we look, or it may not be read
    }
    first = first < 0 ? watch : first;
    folders_[watch] = folder;
    std::error_code error;
    fs::directory_iterator at(folder, error);
    for (; !error && at != fs::directory_iterator(); at.increment(error)) {
      std::error_code ignored;
      if (!is_hidden(at->path().filename().native()) && !at->is_symlink(ignored) &&
          at->is_directory(ignored)) {
        folders.push_back(at->path().string());
      }
    }
  }
  return first;
}

WatchTree::News WatchTree::read() {
  News news;
  alignas(inotify_event) char buffer[16 * 1024];
  for (;;) {
    const ssize_t got = ::read(fd_.get(), buffer, sizeof(buffer));
    if (got <= 0) {
      return news;
    }
    for (const char* at = buffer; at < buffer + got;) {
      const auto& event = *reinterpret_cast<const inotify_event*>(at);
      at += sizeof(inotify_event) + event.len;
      take(event, news);
    }
  }
}

void WatchTree::take(const inotify_event& event, News& news) {
  if ((event.mask & IN_IGNORED) != 0) {
    folders_.erase(event.wd);
    return;
  }
  // Folders may have come in the part of the events that was lost.
  if ((event.mask & IN_Q_OVERFLOW) != 0 ||
      (event.wd == root_ && (event.mask & (IN_MOVE_SELF | IN_DELETE_SELF | IN_UNMOUNT)) != 0)) {
    news.changed = news.lost = true;
    return;
  }
  const auto parent = folders_.find(event.wd);
  if (parent == folders_.end() || event.len == 0) {
    news.changed = true;
    return;
  }
  if (is_hidden(event.name)) {
    return;
  }
  const std::string path = parent->second + "/" + event.name;
  const bool is_new_file = (event.mask & IN_CREATE) != 0 && (event.mask & IN_ISDIR) == 0;
  news.changed |= !is_new_file || is_link(path);
  // IN_ATTRIB: a folder that could not be read may be readable now. What was put into a new one
  // before the watch is found by the scan that follows.
  if ((event.mask & IN_ISDIR) != 0 && (event.mask & (IN_CREATE | IN_MOVED_TO | IN_ATTRIB)) != 0 &&
      !add(path)) {
    news.lost |= ::access(path.c_str(), R_OK) == 0;  // neither gone nor closed to us: the limit
  }
}

}  // namespace dialtone::assets
