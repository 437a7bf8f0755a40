// SPDX-License-Identifier: Apache-2.0
#include "control/assets/load_state.h"

#include "control/assets/md5.h"
#include "dataplane/base/check.h"
#include "dataplane/base/joined.h"

#include <algorithm>
#include <utility>

namespace dialtone::assets {

using image_build::FileEntry;
using image_build::FileTable;

namespace {

// Empty: the file of that name is as the list says.
std::string wrong_content(const LoadPart& part, const std::string& name, const Md5Of& md5) {
  if (part.md5.empty()) {
    return {};
  }
  const auto found = md5(name);
  if (!found) {
    return part.name + " cannot be held against the MD5 of the list: " + found.error().text;
  }
  return *found == part.md5 ? std::string()
                            : part.name + " has the MD5 " + *found + ", not " + part.md5;
}

const FileEntry* find_in(const image_build::SegmentStack::Files& files, const std::string& name) {
  const auto found = std::find_if(files.begin(), files.end(),
                                  [&](const auto& file) { return file.first == name; });
  return found == files.end() ? nullptr : &found->second;
}

}  // namespace

std::vector<std::string> missing_parts(std::string_view load, const std::vector<LoadPart>& parts,
                                       const FileStamps& files, const Md5Of& md5) {
  std::vector<std::string> missing;
  for (const LoadPart& part : parts) {
    auto file = files.end();
    for (const std::string& name : names_of_part(load, part)) {
      file = file == files.end() ? files.find(name) : file;
    }
    if (file == files.end()) {
      missing.push_back(part.name + " is not there");
    } else if (part.bytes && *part.bytes != file->second.size) {
      missing.push_back(part.name + " has " + std::to_string(file->second.size) + " bytes, not " +
                        std::to_string(*part.bytes));
    } else if (std::string wrong = wrong_content(part, file->first, md5); !wrong.empty()) {
      missing.push_back(std::move(wrong));
    }
  }
  return missing;
}

LoadStates Loads::judge(image_build::SegmentStack::Files& put, FileStamps& read,
                        const FileStamps& known, const FileTable& before,
                        Diagnostics& faults) const {
  LoadStates states;
  for (const auto& [name, entry] : put) {
    if (is_load_name(name)) {
      states[name] = {read.at(name).path,
                      read_load_list(entry.content()).value_or(std::vector<LoadPart>()),
                      {},
                      true};
    }
  }
  for (const auto& [name, parts] : served_) {
    if (const auto at = read.find(name); at != read.end()) {
      states.try_emplace(name, LoadState{at->second.path, parts, {}, true});
    }
  }
  // Of each file once, until it is another one; and of what is served, whatever lies there now.
  const Md5Of md5 = [&](const std::string& name) -> Result<std::string> {
    FileStamp& stamp = read.at(name);
    if (stamp.md5.empty()) {
      const auto old = known.find(name);
      const bool is_old = old != known.end() && old->second.same_as(stamp);
      const FileEntry* file = is_old ? before.find(name) : find_in(put, name);
      DIALTONE_CHECK(file != nullptr);
      auto found = md5_of(file->content());
      if (!found) {
        return found.error();
      }
      stamp.md5 = *std::move(found);
    }
    return stamp.md5;
  };
  for (auto& [name, state] : states) {
    state.missing = missing_parts(name, state.parts, read, md5);
    if (!state.missing.empty()) {
      hold(name, state, read, known, md5, faults);
    }
  }
  std::erase_if(put, [&](const auto& file) {
    const auto at = states.find(file.first);
    return at != states.end() && !at->second.served;
  });
  return states;
}

void Loads::hold(const std::string& name, LoadState& state, FileStamps& read,
                 const FileStamps& known, const Md5Of& md5, Diagnostics& faults) const {
  const std::string text = joined(state.missing, ", ");
  if (!hold_) {
    faults.push_back({state.path, 0, 0, "incomplete-load",
                      "served, though not all that it lists is there: " + text});
    return;
  }
  state.served = false;
  const auto before = served_.find(name);
  const auto stamp = known.find(name);
  const bool keeps = before != served_.end() && stamp != known.end() &&
                     !stamp->second.same_as(read.at(name)) &&
                     missing_parts(name, before->second, read, md5).empty();
  if (keeps) {
    read.insert_or_assign(name, stamp->second);
  } else {
    read.erase(name);
  }
  faults.push_back({state.path, 0, 0, "incomplete-load",
                    std::string(keeps ? "its last content is served" : "held back") +
                        " until all that it lists is there: " + text});
}

void Loads::adopt(LoadStates states) {
  for (auto at = served_.begin(); at != served_.end();) {
    at = states.contains(at->first) ? std::next(at) : served_.erase(at);
  }
  for (const auto& [name, state] : states) {
    if (state.served) {
      served_[name] = state.parts;
    }
  }
  states_ = std::move(states);
}

}  // namespace dialtone::assets
