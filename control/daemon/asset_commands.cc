// SPDX-License-Identifier: Apache-2.0
//
// files put, rm, versions and restore: what changes the asset folder.
#include "control/assets/asset_place.h"
#include "control/build/asset_builder.h"
#include "control/daemon/upload.h"
#include "dataplane/abi/canonical_name.h"
#include "dataplane/base/printable.h"

#include <algorithm>
#include <limits>
#include <optional>

namespace dialtone::daemon {
namespace {

constexpr std::uint64_t kMaxText = 1000;  // bytes of a note or of the name of a set

Result<std::string> label_text(const Arguments& arguments, std::string_view key) {
  auto text = arguments.text_or(key, "");
  if (text && text->size() > kMaxText) {
    return refused("'" + std::string(key) + "' has more than " + std::to_string(kMaxText) +
                   " bytes; say it in short");
  }
  return text;
}

// Nothing of such a name can ever have been in the folder.
std::optional<Diagnostic> bad_name(const std::string& name) {
  auto bad = assets::bad_asset_name(name);
  if (bad) {
    bad->file = "'" + printable(excerpt(name)) + "'";  // an empty one is seen, and a long one ends
  }
  return bad;
}

// "name", which must be one that a file can have.
Result<std::string> file_name(const Arguments& arguments) {
  auto name = arguments.text("name");
  if (name) {
    if (const auto bad = bad_name(*name)) {
      return refused(bad->file + ": " + bad->text);
    }
  }
  return name;
}

Result<Answer> put(Service& service, const Request& request, Diagnostics& faults) {
  DIALTONE_TRY(request.arguments.only({"files", "note", "set", "wait"}));
  auto note = label_text(request.arguments, "note");
  auto set = label_text(request.arguments, "set");
  for (const auto* each : {&note, &set}) {
    if (!*each) {
      return each->error();
    }
  }
  const auto upload = read_upload(request);
  if (!upload) {
    return upload.error();
  }
  auto change = begin_folder_change(service, request.arguments);
  if (!change) {
    return change.error();
  }
  const auto done = change->store->put(upload->files, {*std::move(note), *std::move(set)},
                                       follow_folder(service, change->report), faults);
  if (!done) {
    return done.error();
  }
  return folder_answer(service, *done, *std::move(change));
}

// A file of the database is no file of the folder.
void explain_built(const Service& service, Diagnostics& faults) {
  for (Diagnostic& fault : faults) {
    abi::CanonicalName name;
    if (fault.code == "unknown-file" && abi::canonicalize(fault.file, name) &&
        build::is_built(service.builder().image().files(), name.view())) {
      fault.code = "built";
      fault.text = "it is built of the database; it goes with its device or row";
    }
  }
}

Result<Answer> remove(Service& service, const Request& request, Diagnostics& faults) {
  DIALTONE_TRY(request.arguments.only({"names", "wait"}));
  const auto names = request.arguments.texts("names");
  if (!names) {
    return names.error();
  }
  for (const std::string& name : *names) {
    if (auto bad = bad_name(name)) {
      faults.push_back(*std::move(bad));
    }
  }
  if (!faults.empty()) {
    return refused(std::to_string(faults.size()) + " of " + std::to_string(names->size()) +
                   " are no names of files; nothing was changed");
  }
  auto change = begin_folder_change(service, request.arguments);
  if (!change) {
    return change.error();
  }
  const auto done = change->store->remove(*names, follow_folder(service, change->report), faults);
  if (!done) {
    explain_built(service, faults);
    return done.error();
  }
  return folder_answer(service, *done, *std::move(change));
}

Result<Answer> versions(Service& service, const Request& request) {
  DIALTONE_TRY(request.arguments.only({"name"}));
  const auto name = file_name(request.arguments);
  if (!name) {
    return name.error();
  }
  const auto store = service.asset_store();
  if (!store) {
    return store.error();
  }
  const auto record = (*store)->versions(*name);
  if (!record) {
    return record.error();
  }
  Answer answer;
  answer.result["name"] = record->name;
  answer.result["current"] = record->current == 0 ? api::Json() : api::Json(record->current);
  answer.result["versions"] = api::Json::array();
  for (const assets::AssetVersion& version : record->versions) {
    answer.result["versions"].push_back({{"version", version.number},
                                         {"current", version.number == record->current},
                                         {"length", version.bytes},
                                         {"digest", version.digest},
                                         {"time", version.put_s},
                                         {"note", version.note},
                                         {"set", version.set},
                                         {"found", version.found},
                                         {"link", version.link}});
  }
  return answer;
}

Result<Answer> restore_version(Service& service, const Request& request) {
  DIALTONE_TRY(request.arguments.only({"name", "version", "wait"}));
  const auto name = file_name(request.arguments);
  if (!name) {
    return name.error();
  }
  const auto number =
      request.arguments.number_or("version", 0, std::numeric_limits<std::uint32_t>::max());
  if (!number) {
    return number.error();
  }
  auto change = begin_folder_change(service, request.arguments);
  if (!change) {
    return change.error();
  }
  const auto done = change->store->restore(*name, static_cast<std::uint32_t>(*number),
                                           follow_folder(service, change->report));
  if (!done) {
    return done.error();
  }
  return folder_answer(service, *done, *std::move(change));
}

}  // namespace

Outcome put_files(Service& service, const Request& request) {
  Diagnostics faults;
  auto answer = put(service, request, faults);
  return to_outcome(std::move(answer), std::move(faults));
}

Outcome remove_files(Service& service, const Request& request) {
  Diagnostics faults;
  auto answer = remove(service, request, faults);
  return to_outcome(std::move(answer), std::move(faults));
}

Outcome list_versions(Service& service, const Request& request) {
  return to_outcome(versions(service, request));
}

Outcome restore_file(Service& service, const Request& request) {
  return to_outcome(restore_version(service, request));
}

}  // namespace dialtone::daemon
