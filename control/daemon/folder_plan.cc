// SPDX-License-Identifier: Apache-2.0
#include "control/daemon/folder_plan.h"

#include "control/assets/asset_place.h"
#include "control/assets/load_state.h"
#include "control/assets/md5.h"
#include "control/import/remap_sources.h"
#include "dataplane/abi/canonical_name.h"
#include "dataplane/base/printable.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <set>
#include <utility>

namespace dialtone::daemon {
namespace {

using assets::NewFile;

// The path from the folder of what the rules have made of a name.
std::string from_folder(std::string path, const std::vector<std::string>& roots,
                        const std::map<std::string, const NewFile*>& files) {
  const auto bare = [](const std::string& text) {
    return text.substr(std::min(text.find_first_not_of('/'), text.size()));
  };
  if (files.contains(bare(path))) {
    return bare(path);
  }
  for (const std::string& root : roots) {
    if (!root.empty() && path.starts_with(root + '/')) {
      return bare(path.substr(root.size()));
    }
  }
  return path;
}

bool same_bytes(std::span<const std::byte> one, std::span<const std::byte> other) {
  return std::equal(one.begin(), one.end(), other.begin(), other.end());
}

class Planner {
 public:
  Planner(const SourceFolder& folder, const importing::RemapRules& rules,
          importing::RuleBudget& budget, Diagnostics& faults)
      : files_(folder.files),
        path_(folder.path),
        roots_(folder.roots),
        rules_(rules),
        budget_(budget),
        faults_(faults),
        sources_(rules, faults, plan_.warnings, &budget) {
    for (const NewFile& file : files_) {
      by_path_.emplace(file.name, &file);
    }
  }

  FolderPlan plan() {
    const std::size_t wrong_rules = faults_.size();
    if (budget_.is_spent()) {
      say_spent("");
      return {};
    }
    for (const NewFile& file : files_) {
      place(file);
      if (budget_.is_spent()) {
        say_spent(" for the file " + shown(file));
        return {};
      }
      // Rules that never end would take their time anew for each file.
      const bool is_endless =
          faults_.size() != wrong_rules && faults_.back().code == "endless-rule";
      if (is_endless) {
        return {};
      }
    }
    compare_signed();
    return std::move(plan_);
  }

 private:
  void say_spent(const std::string& at_file) {
    if (budget_.is_given_up()) {
      return;
    }
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(budget_.most()).count();
    faults_.push_back({rules_.file(), budget_.line(), budget_.column(), "slow-rules",
                       "following the rules took more than " + std::to_string(seconds) +
                           " s, and was ended at this one" + at_file +
                           "; let its pattern fit less, or import the folder in parts"});
  }

  // Under its path, each end of it behind a slash, and what the rules can be turned back into.
  std::vector<std::string> candidates(const std::string& path) const {
    std::vector<std::string> seen{path, '/' + path};
    for (const std::string& root : roots_) {
      seen.push_back(root + '/' + path);
    }
    std::vector<std::string> names{path};
    for (std::size_t at = path.find('/'); at != std::string::npos; at = path.find('/', at + 1)) {
      names.push_back(path.substr(at + 1));
    }
    for (std::string& name : sources_.of(seen)) {
      names.push_back(std::move(name));
    }
    return names;
  }

  void place(const NewFile& file) {
    bool is_reached = false;
    bool is_placed = false;
    std::optional<Diagnostic> bad;
    for (const std::string& name : candidates(file.name)) {
      const auto path = rules_.apply(name, faults_, &budget_);
      if (!path || from_folder(*path, roots_, by_path_) != file.name) {
        continue;
      }
      is_reached = true;
      if (auto wrong = assets::bad_asset_name(name)) {
        bad = bad ? std::move(bad) : std::move(wrong);
        continue;
      }
      is_placed = true;
      put(name, file);
    }
    if (!is_reached) {
      plan_.left_out.push_back(shown(file));
    } else if (!is_placed && bad) {
      faults_.push_back({shown(file), 0, 0, bad->code, bad->text});
    }
    if (is_placed && file.content.empty()) {
      plan_.warnings.push_back(shown(file) + " is empty");
    }
  }

  void put(const std::string& spelled, const NewFile& file) {
    abi::CanonicalName name;
    if (!abi::canonicalize(spelled, name)) {
      return;  // bad_asset_name() has said so
    }
    const auto [other, is_new] = by_name_.emplace(name.view(), &file);
    if (is_new) {
      plan_.files.push_back({spelled, file.content});
      plan_.paths.push_back(shown(file));
    } else if (other->second != &file && !same_bytes(other->second->content, file.content)) {
      faults_.push_back({shown(file), 0, 0, "same-name",
                         "clients get " + shown(*other->second) + " too when they ask for '" +
                             printable(spelled) +
                             "' (upper and lower case are the same to them), and its content is "
                             "another one; rename one of the two, or remove it"});
    }
  }

  // Phones with a trust list ask for the signed form, others for the plain one.
  void compare_signed() {
    for (const auto& [name, file] : by_name_) {
      const std::string_view ending = ".sgn";
      const auto plain = name.ends_with(ending)
                             ? by_name_.find(name.substr(0, name.size() - ending.size()))
                             : by_name_.end();
      if (plain == by_name_.end()) {
        continue;
      }
      const auto inside = plain->second->content;
      const auto around = file->content;
      if (around.size() < inside.size() || !same_bytes(around.last(inside.size()), inside)) {
        plan_.warnings.push_back(shown(*file) + " does not hold what " + shown(*plain->second) +
                                 " does: phones that ask for signed files get other content");
      }
    }
  }

  // As a person finds it.
  std::string shown(const NewFile& file) const { return printable(path_ + '/' + file.name); }

  std::span<const NewFile> files_;
  const std::string& path_;
  const std::vector<std::string>& roots_;
  const importing::RemapRules& rules_;
  importing::RuleBudget& budget_;
  Diagnostics& faults_;
  FolderPlan plan_;
  importing::RemapSources sources_;
  std::map<std::string, const NewFile*> by_path_;
  std::map<std::string, const NewFile*> by_name_;  // canonical
};

}  // namespace

FolderPlan plan_folder(const SourceFolder& folder, const importing::RemapRules& rules,
                       importing::RuleBudget& budget, Diagnostics& faults) {
  return Planner(folder, rules, budget, faults).plan();
}

void check_loads(const FolderPlan& plan, const ServedContent& served, Diagnostics& faults) {
  std::map<std::string, std::size_t> by_name;
  for (std::size_t i = 0; i < plan.files.size(); ++i) {
    abi::CanonicalName name;
    if (abi::canonicalize(plan.files[i].name, name)) {
      by_name.emplace(name.view(), i);
    }
  }
  const auto content_of = [&](const std::string& name) {
    const auto coming = by_name.find(name);
    return coming == by_name.end()
               ? served(name)
               : std::optional<std::span<const std::byte>>(plan.files[coming->second].content);
  };
  const assets::Md5Of md5 = [&](const std::string& name) {
    return assets::md5_of(*content_of(name));  // there, or it would not be asked for
  };
  std::set<std::string> seen;  // one list may have several names
  for (const auto& [load, i] : by_name) {
    const std::string& path = plan.paths[i];
    if (!assets::is_load_name(load) || !seen.insert(path).second) {
      continue;
    }
    const auto parts = assets::read_load_list(plan.files[i].content);
    if (!parts) {
      faults.push_back({path, 0, 0, "unreadable-load",
                        "no list of files is in it; was it cut on its way? Copy it again, or "
                        "remove it"});
      continue;
    }
    assets::FileStamps there;
    for (const assets::LoadPart& part : *parts) {
      for (const std::string& name : assets::names_of_part(load, part)) {
        if (const auto content = content_of(name)) {
          there[name].size = content->size();
        }
      }
    }
    for (const std::string& missing : assets::missing_parts(load, *parts, there, md5)) {
      faults.push_back({path, 0, 0, "incomplete-load",
                        missing +
                            "; a phone that is told of this load would ask for it: add the file, "
                            "or remove this list"});
    }
  }
}

}  // namespace dialtone::daemon
