// SPDX-License-Identifier: Apache-2.0
//
// The commands about kept generations: what there is, what differs, what is in force.
#include "control/daemon/commands.h"
#include "control/daemon/map_page.h"
#include "dataplane/abi/counters_page.h"

#include <algorithm>
#include <limits>

namespace dialtone::daemon {
namespace {

using image_build::FileEntry;
using image_build::FileTable;

constexpr std::uint64_t kMaxNumber = std::numeric_limits<std::int64_t>::max();

api::Json rollback_json(const Service& service) {
  const auto& rollback = service.history().rollback();
  return rollback ? api::Json(rollback->generation) : api::Json();
}

api::Json side_json(std::uint64_t number, const FileTable& files) {
  return {{"generation", number == 0 ? api::Json() : api::Json(number)},
          {"files", files.size()},
          {"content_digest", to_hex(files.content_digest())}};
}

api::Json file_json(std::string_view name, const FileEntry* from, const FileEntry* to) {
  api::Json json{{"name", name}};
  for (const auto& [side, file] : {std::pair("from", from), std::pair("to", to)}) {
    if (file != nullptr) {
      json[side] = {{"length", file->record().length}, {"digest", to_hex(file->record().digest)}};
    }
  }
  return json;
}

api::Json sorted(std::vector<api::Json> files) {
  std::ranges::sort(files, {},
                    [](const api::Json& file) { return file["name"].get<std::string>(); });
  return files;
}

void put_differences(const FileTable& from, const FileTable& to, api::Json& json) {
  std::vector<api::Json> added;
  std::vector<api::Json> changed;
  std::vector<api::Json> gone;
  for (const auto& [name, entry] : to) {
    const FileEntry* old = from.find(name);
    if (old == nullptr) {
      added.push_back(file_json(name, nullptr, &entry));
    } else if (!old->same_content_as(entry)) {
      changed.push_back(file_json(name, old, &entry));
    }
  }
  for (const auto& [name, entry] : from) {
    if (to.find(name) == nullptr) {
      gone.push_back(file_json(name, &entry, nullptr));
    }
  }
  json["differs"] = added.size() + changed.size() + gone.size();
  json["added"] = sorted(std::move(added));
  json["changed"] = sorted(std::move(changed));
  json["gone"] = sorted(std::move(gone));
}

// What a build would give now.
Result<FileTable> next_files(Service& service) {
  auto rehearsal = service.rehearse();
  return rehearsal ? Result<FileTable>(std::move(rehearsal->files)) : rehearsal.error();
}

Result<Answer> compare(Service& service, const Arguments& arguments) {
  DIALTONE_TRY(arguments.only({"from", "to"}));
  const auto from = arguments.number_or("from", 0, kMaxNumber);
  const auto to = arguments.number_or("to", 0, kMaxNumber);
  if (!from || !to) {
    return !from ? from.error() : to.error();
  }
  // One generation against what is served; none: what is served against the next build.
  const auto old = service.files_of(*from);
  if (!old) {
    return old.error();
  }
  const auto next = *from == 0 && *to == 0 ? next_files(service) : service.files_of(*to);
  if (!next) {
    return next.error();
  }
  Answer answer;
  answer.result["from"] = side_json(*from, *old);
  answer.result["to"] = side_json(*to, *next);
  answer.result["with_build"] = *from == 0 && *to == 0;
  put_differences(*old, *next, answer.result);
  return answer;
}

Result<Answer> list_all(Service& service, const Arguments& arguments) {
  DIALTONE_TRY(arguments.only({}));
  const auto kept = service.history().list();
  if (!kept) {
    return kept.error();
  }
  const Digest& served = service.publisher().offered_image().files().content_digest();
  const bool is_served = service.publisher().offered_state() == publish::PublishState::kPublished;
  std::uint64_t newest_served = 0;
  for (const generations::Generation& each : kept->generations) {
    newest_served = is_served && each.content == served ? each.number : newest_served;
  }
  const auto& rollback = service.history().rollback();
  Answer answer;
  api::Json list = api::Json::array();
  for (const generations::Generation& each : kept->generations) {
    list.push_back({{"number", each.number},
                    {"time", each.time_s},
                    {"files", each.files},
                    {"bytes", each.bytes},
                    {"content_digest", to_hex(each.content)},
                    {"changed", each.changed},
                    {"why", each.why},
                    {"served", each.number == newest_served},
                    {"rollback", rollback && each.number == rollback->generation}});
  }
  answer.result["generations"] = std::move(list);
  answer.result["rollback"] = rollback_json(service);
  answer.result["disk_bytes"] = kept->disk_bytes;
  for (const Error& fault : kept->faults) {
    answer.warnings.push_back("a kept generation cannot be used: " + fault.text);
  }
  return answer;
}

struct ServeRequest {
  std::uint64_t number = 0;
  bool wait = true;
};

Result<ServeRequest> read_serve(const Arguments& arguments) {
  DIALTONE_TRY(arguments.only({"generation", "wait"}));
  const auto number = arguments.number_or("generation", 0, kMaxNumber);
  const auto wait = arguments.flag("wait", true);
  if (!number || !wait) {
    return !number ? number.error() : wait.error();
  }
  return ServeRequest{*number, *wait};
}

Result<Answer> serve_old(Service& service, const ServeRequest& serve) {
  Answer answer;
  answer.drained = drained_transfers(service);
  const auto number = service.roll_back(serve.number);
  if (!number) {
    return number.error();
  }
  build::BuildReport report;
  report.files = service.history().rollback()->changed;
  answer.result["rollback"] = *number;
  answer.result["changed"] = report.files;
  answer.publish = PendingPublish{0, report, serve.wait, /*rollback=*/true};
  return answer;
}

Result<Answer> serve_newest(Service& service, const ServeRequest& serve) {
  Answer answer;
  answer.drained = drained_transfers(service);
  const auto report = service.publish();
  if (!report) {
    return report.error();
  }
  answer.result["rollback"] = rollback_json(service);
  answer.result["changed"] = report->files;
  answer.publish = PendingPublish{service.builder().image().version(), *report, serve.wait};
  return answer;
}

}  // namespace

std::uint64_t drained_transfers(const Service& service) {
  const int fd = service.publisher().pages().counters_fd();
  if (fd < 0) {
    return 0;
  }
  const auto page = map_page(fd, "counters");
  const auto view = page ? abi::CountersView::open(page->bytes()) : page.error();
  const auto counter = view ? view->find("transfers_drained") : std::nullopt;
  return counter ? view->sum(*counter) : 0;
}

api::Json generations_json(const Service& service) {
  if (!service.history().is_open()) {
    return {};
  }
  const generations::KeeperState state = service.history().writing();
  return {{"folder", service.options().generations},
          {"most", service.options().generations_kept},
          {"rollback", rollback_json(service)},
          {"pending", state.pending},
          {"skipped", state.skipped},
          {"newest", state.kept},
          {"write_us", state.last_us},
          {"written_bytes", state.last_bytes},
          {"total_written_bytes", state.total_bytes}};
}

Outcome list_generations(Service& service, const Request& request) {
  return to_outcome(list_all(service, request.arguments));
}

Outcome diff(Service& service, const Request& request) {
  return to_outcome(compare(service, request.arguments));
}

Outcome roll_back(Service& service, const Request& request) {
  const auto serve = read_serve(request.arguments);
  return serve ? to_outcome(serve_old(service, *serve)) : Outcome(Refusal{serve.error(), {}});
}

Outcome publish(Service& service, const Request& request) {
  const auto serve = read_serve(request.arguments);
  if (!serve) {
    return Refusal{serve.error(), {}};
  }
  return to_outcome(serve->number == 0 ? serve_newest(service, *serve)
                                       : serve_old(service, *serve));
}

}  // namespace dialtone::daemon
