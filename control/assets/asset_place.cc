// SPDX-License-Identifier: Apache-2.0
#include "control/assets/asset_place.h"

#include "dataplane/abi/canonical_name.h"
#include "dataplane/base/printable.h"

#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

namespace dialtone::assets {
namespace {

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return out;
}

// As canonicalize() sees them, but for the case.
std::vector<std::string> parts_of(std::string_view spelled) {
  std::vector<std::string> parts(1);
  for (const char c : spelled) {
    if (c == '/' || c == '\\') {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  if (parts.size() > 1 && parts.front().empty()) {
    parts.erase(parts.begin());  // one slash before all
  }
  return parts;
}

std::string join(const std::string& folder, const std::string& name) {
  return folder.empty() ? name : folder + '/' + name;
}

}  // namespace

std::optional<Diagnostic> bad_asset_name(std::string_view spelled) {
  const auto fault = [&](std::string_view code, std::string text) {
    return Diagnostic{printable(spelled), 0, 0, std::string(code), std::move(text)};
  };
  const std::vector<std::string> parts = parts_of(spelled);
  const auto leads_out = [](const std::string& part) { return part == "." || part == ".."; };
  if (std::any_of(parts.begin(), parts.end(), leads_out)) {
    return fault("bad-name",
                 "no name has '.' or '..' between slashes; give the path from the "
                 "asset folder");
  }
  abi::CanonicalName name;
  if (!abi::canonicalize(spelled, name)) {
    return fault("bad-name",
                 "no client can ask for this name (it is empty, has control bytes or "
                 "two slashes side by side, or more than 255 bytes); rename it, or give "
                 "another name with --as");
  }
  const auto is_hidden = [](const std::string& part) { return part.starts_with('.'); };
  if (std::any_of(parts.begin(), parts.end(), is_hidden)) {
    return fault("hidden-name",
                 "names that begin with a dot are never served; rename it, or give another "
                 "name with --as");
  }
  return std::nullopt;
}

std::string canonical_asset_name(std::string_view spelled) {
  abi::CanonicalName name;
  return abi::canonicalize(spelled, name) ? std::string(name.view()) : std::string();
}

const PlaceFinder::Names& PlaceFinder::names_in(const std::string& folder) {
  const auto [at, is_new] = read_.try_emplace(folder);
  if (is_new) {
    namespace fs = std::filesystem;
    std::error_code error;
    fs::directory_iterator entry(folder.empty() ? folder_ : folder_ + '/' + folder, error);
    for (; !error && entry != fs::directory_iterator(); entry.increment(error)) {
      const std::string name = entry->path().filename().string();
      at->second.emplace(lower(name), name);
    }
  }
  return at->second;
}

void PlaceFinder::walk(const std::string& folder, std::size_t part, Walk& walk) {
  const bool is_last = part + 1 == walk.parts.size();
  const Names& names = names_in(folder);
  const auto [begin, end] = names.equal_range(lower(walk.parts[part]));
  for (auto at = begin; at != end; ++at) {
    const std::string path = join(folder, at->second);
    struct stat status {};
    if (::lstat((folder_ + '/' + path).c_str(), &status) != 0) {
      continue;
    }
    const bool is_file = S_ISREG(status.st_mode) || S_ISLNK(status.st_mode);
    if (is_last && is_file) {
      walk.files.push_back(path);
    } else if (!is_last && S_ISDIR(status.st_mode)) {
      this->walk(path, part + 1, walk);
    } else {
      walk.in_the_way = path;
    }
  }
}

// Behind the first folders that are there already.
std::string PlaceFinder::new_path(const Walk& walk) {
  std::string path;
  for (std::size_t i = 0; i < walk.parts.size(); ++i) {
    std::vector<std::string> there;
    if (i + 1 < walk.parts.size()) {
      const Names& names = names_in(path);
      const auto [begin, end] = names.equal_range(lower(walk.parts[i]));
      std::transform(begin, end, std::back_inserter(there),
                     [](const auto& name) { return name.second; });
    }
    path =
        join(path, there.empty() ? walk.parts[i] : *std::min_element(there.begin(), there.end()));
  }
  return path;
}

Result<AssetPlace> PlaceFinder::find(std::string_view spelled) {
  abi::CanonicalName name;
  if (auto bad = bad_asset_name(spelled); bad || !abi::canonicalize(spelled, name)) {
    return refused(bad ? to_string(*bad) : std::string(spelled));
  }
  Walk walk{parts_of(spelled), {}, {}};
  this->walk("", 0, walk);
  if (!walk.files.empty()) {
    return AssetPlace{std::string(name.view()),
                      *std::min_element(walk.files.begin(), walk.files.end()), true};
  }
  if (!walk.in_the_way.empty()) {
    return refused(folder_ + '/' + walk.in_the_way +
                   " is in the way: a file would have to be a folder, a folder a file, or it is a "
                   "symlink, which is not followed; move it away, or give another name");
  }
  return AssetPlace{std::string(name.view()), new_path(walk), false};
}

}  // namespace dialtone::assets
