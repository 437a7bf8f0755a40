// SPDX-License-Identifier: Apache-2.0
#include "control/assets/asset_folder.h"

#include "control/assets/memory_room.h"
#include "control/assets/read_file.h"
#include "control/image/segment_stack.h"

#include <filesystem>
#include <system_error>
#include <utility>

namespace dialtone::assets {
namespace {

Diagnostic fault(const std::string& path, std::string_view code, std::string text) {
  return {path, 0, 0, std::string(code), std::move(text)};
}

}  // namespace

Result<image_build::ImageChange> AssetFolder::scan(const image_build::FileTable& before,
                                                   Diagnostics& faults) {
  auto listed = list_folder(path_, known_, faults);
  if (!listed) {
    return listed.error();
  }
  std::uint64_t bytes = 0;
  for (const auto& [name, stamp] : *listed) {
    const auto old = known_.find(name);
    const bool is_read =
        stamp.size <= most_ && !(old != known_.end() && old->second.same_as(stamp));
    bytes += is_read ? stamp.size : 0;
  }
  if (bytes != 0) {  // what is more than there is would end some other process
    DIALTONE_TRY(check_memory(bytes));
  }
  std::error_code error;
  const std::filesystem::path folder = std::filesystem::canonical(path_, error);
  if (error) {
    return errno_error("reading the asset folder " + path_, error.value());
  }
  image_build::SegmentStack stack(bytes, huge_pages_);
  FileStamps read = known_;
  image_build::ImageChange change;
  for (const auto& [name, stamp] : *listed) {
    const auto old = read.find(name);
    if (old != read.end() && old->second.same_as(stamp)) {
      continue;
    }
    const std::string kept = old == read.end() ? "not served: " : "its last content is served: ";
    if (stamp.size > most_) {
      faults.push_back(fault(stamp.path, "too-large", kept + too_large(stamp.size, most_)));
      continue;
    }
    if (auto done = read_file(stamp.path, folder.native(), name, class_of(name), most_, stack);
        !done) {
      faults.push_back(fault(stamp.path, "unreadable", kept + done.error().text));
      continue;
    }
    read.insert_or_assign(name, stamp);
  }
  std::erase_if(read, [&](const auto& file) { return !listed->contains(file.first); });
  auto files = stack.finish();
  if (!files) {
    return files.error();
  }
  LoadStates loads = loads_.judge(*files, read, known_, before, faults);
  for (const auto& [name, stamp] : known_) {
    if (!read.contains(name)) {
      change.gone.push_back(name);
    }
  }
  change.put = *std::move(files);
  loads_.adopt(std::move(loads));
  known_ = std::move(read);
  return change;
}

std::string AssetFolder::spelled(const std::string& canonical_name) const {
  const auto found = known_.find(canonical_name);
  // Both are of the same length: the canonical form of a name differs in single bytes.
  return found == known_.end()
             ? std::string()
             : found->second.path.substr(found->second.path.size() - canonical_name.size());
}

}  // namespace dialtone::assets
