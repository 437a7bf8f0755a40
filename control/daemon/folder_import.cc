// SPDX-License-Identifier: Apache-2.0
//
// import dir: the files of another server's folder, under the names by which its clients get them.
#include "control/daemon/folder_plan.h"
#include "control/daemon/upload.h"
#include "dataplane/base/counted.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

namespace dialtone::daemon {
namespace {

// What people call the folder of a TFTP server, wherever a copy of it lies.
constexpr auto kUsualRoots =
    std::to_array<const char*>({"/tftpboot", "/srv/tftp", "/var/lib/tftpboot"});
constexpr std::size_t kMostWarnings = 20;
// No other command is answered meanwhile, and no change is followed.
constexpr std::chrono::seconds kMostRuleTime{10};

struct FolderRequest {
  std::string folder;  // for messages
  std::string root;
  std::string rules;
  std::string rules_file;  // for messages
  bool check = false;
};

Result<FolderRequest> read_request(const Arguments& arguments) {
  DIALTONE_TRY(
      arguments.only({"file", "root", "files", "faults", "remap", "remap_file", "check", "wait"}));
  auto folder = arguments.text("file");
  auto root = arguments.text_or("root", "");
  auto rules = arguments.text_or("remap", "");
  auto rules_file = arguments.text_or("remap_file", "remap");
  for (const auto* each : {&folder, &root, &rules, &rules_file}) {
    if (!*each) {
      return each->error();
    }
  }
  const auto check = arguments.flag("check", false);
  if (!check) {
    return check.error();
  }
  return FolderRequest{*std::move(folder), *std::move(root), *std::move(rules),
                       *std::move(rules_file), *check};
}

FolderPlan plan_of(Service& service, const FolderRequest& asked, const Upload& upload,
                   importing::RuleBudget& budget, Diagnostics& faults) {
  const auto rules = importing::RemapRules::read(asked.rules, asked.rules_file, faults, &budget);
  std::vector<std::string> roots(kUsualRoots.begin(), kUsualRoots.end());
  if (!asked.root.empty()) {
    roots.insert(roots.begin(), asked.root);
  }
  FolderPlan plan =
      plan_folder({asked.folder, std::move(roots), upload.files}, rules, budget, faults);
  if (service.options().hold_loads && !budget.is_spent()) {
    const image_build::FileTable& served = service.builder().image().files();
    check_loads(
        plan,
        [&](std::string_view name) -> std::optional<std::span<const std::byte>> {
          const image_build::FileEntry* file = served.find(name);
          return file == nullptr ? std::nullopt : std::optional(file->content());
        },
        faults);
  }
  return plan;
}

void add_warnings(const FolderPlan& plan, Answer& answer) {
  std::vector<std::string> all = plan.warnings;
  for (const std::string& path : plan.left_out) {
    all.push_back(path + " is left out: the rules lead no name to it");
  }
  const std::size_t shown = std::min(all.size(), kMostWarnings);
  answer.warnings.insert(answer.warnings.end(), all.begin(),
                         all.begin() + static_cast<std::ptrdiff_t>(shown));
  if (shown != all.size()) {
    answer.warnings.push_back("and " + counted(all.size() - shown, "warning") +
                              " more; left_out of --json lists what is left out");
  }
}

Result<Answer> import(Service& service, const Request& request, Diagnostics& faults) {
  const auto asked = read_request(request.arguments);
  if (!asked) {
    return asked.error();
  }
  auto unsent = request.arguments.faults("faults");
  if (!unsent) {
    return unsent.error();
  }
  const auto upload = read_upload(request);
  if (!upload) {
    return upload.error();
  }
  auto change = begin_folder_change(service, request.arguments);
  if (!change) {
    return change.error();
  }
  faults = *std::move(unsent);
  importing::RuleBudget budget(kMostRuleTime, request.client_has_gone);
  const FolderPlan plan = plan_of(service, *asked, *upload, budget, faults);
  if (budget.is_given_up()) {
    return refused("nothing was imported: the client has gone");
  }
  const bool is_wrong = !faults.empty();
  const auto done =
      change->store->put(plan.files, {"imported from " + asked->folder, asked->folder},
                         follow_folder(service, change->report), faults, asked->check || is_wrong);
  if (!faults.empty()) {
    return refused("nothing was imported: " + counted(faults.size(), "fault") + " in " +
                   asked->folder + "; correct them and import again");
  }
  if (!done) {
    return done.error();
  }
  Answer answer = folder_answer(service, *done, *std::move(change));
  answer.result["rows"] = upload->files.size();
  answer.result["names"] = plan.files.size();
  answer.result["left_out"] = plan.left_out;
  add_warnings(plan, answer);
  if (asked->check) {
    answer.publish.reset();
  }
  return answer;
}

}  // namespace

Outcome import_folder(Service& service, const Request& request) {
  Diagnostics faults;
  auto answer = import(service, request, faults);
  return to_outcome(std::move(answer), std::move(faults));
}

}  // namespace dialtone::daemon
