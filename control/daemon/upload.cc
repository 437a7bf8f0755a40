// SPDX-License-Identifier: Apache-2.0
#include "control/daemon/upload.h"

#include "control/daemon/attachment.h"
#include "dataplane/abi/canonical_name.h"

#include <algorithm>
#include <set>
#include <string_view>
#include <utility>

namespace dialtone::daemon {
namespace {

Error not_whole(std::uint64_t announced, std::uint64_t came) {
  return refused("the upload is not whole: " + std::to_string(came) + " bytes came of " +
                 std::to_string(announced) + "; nothing was changed");
}

// The canonical name of a file that a fault is of; empty: of something else.
std::string name_in(const std::string& folder, const std::string& path) {
  abi::CanonicalName name;
  return path.starts_with(folder + '/') && abi::canonicalize(path.substr(folder.size()), name)
             ? std::string(name.view())
             : std::string();
}

}  // namespace

Result<Upload> read_upload(const Request& request) {
  auto listed = request.arguments.files("files");
  if (!listed) {
    return listed.error();
  }
  auto bytes = map_attachment(request);
  if (!bytes) {
    return bytes.error();
  }
  Upload upload{*std::move(bytes), {}};
  const std::span<const std::byte> all = upload.bytes.bytes();
  std::uint64_t at = 0;
  for (auto& [name, length] : *listed) {
    at += length;
    if (length > all.size() || at > all.size()) {
      break;
    }
    upload.files.push_back({std::move(name), all.subspan(at - length, length)});
  }
  if (at != all.size() || upload.files.size() != listed->size()) {
    std::uint64_t announced = 0;
    for (const auto& [name, length] : *listed) {
      announced += length;
    }
    return not_whole(announced, all.size());
  }
  return upload;
}

Result<FolderChange> begin_folder_change(Service& service, const Arguments& arguments) {
  const auto wait = arguments.flag("wait", true);
  if (!wait) {
    return wait.error();
  }
  const auto store = service.asset_store();
  if (!store) {
    return store.error();
  }
  return FolderChange{*store, *wait, service.publisher().generation()};
}

assets::AssetStore::Publish follow_folder(Service& service, build::BuildReport& report) {
  return [&]() -> Result<void> {
    auto built = service.follow_folder();
    if (!built) {
      return built.error();
    }
    report = *std::move(built);
    // A full build goes on without a folder that it cannot read: this change would be lost.
    const auto unread =
        std::find_if(report.faults.begin(), report.faults.end(),
                     [](const Diagnostic& fault) { return fault.code == build::kUnreadFolder; });
    return unread == report.faults.end() ? Result<void>() : failed(unread->text);
  };
}

Answer folder_answer(Service& service, const assets::StoreReport& done, FolderChange change) {
  Answer answer;
  answer.result["added"] = done.added;
  answer.result["updated"] = done.updated;
  answer.result["removed"] = done.removed;
  answer.result["unchanged"] = done.unchanged;
  answer.result["files"] = api::Json::array();
  std::set<std::string, std::less<>> names;
  for (const assets::StoreReport::File& file : done.changed) {
    answer.result["files"].push_back(
        {{"name", file.name}, {"path", file.path}, {"version", file.version}});
    names.insert(file.name);
  }
  std::erase_if(change.report.faults, [&](const Diagnostic& fault) {
    return !names.contains(name_in(service.options().assets, fault.file));
  });
  answer.previous = change.previous;
  answer.publish =
      PendingPublish{service.builder().image().version(), std::move(change.report), change.wait};
  return answer;
}

}  // namespace dialtone::daemon
