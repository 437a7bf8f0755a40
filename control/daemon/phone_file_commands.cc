// SPDX-License-Identifier: Apache-2.0
//
// ls, show, set and rm of dial plans, softkey templates and feature policies: one implementation
// for the three kinds.
#include "control/build/asset_builder.h"
#include "control/build/row_files.h"
#include "control/daemon/attachment.h"
#include "control/daemon/phone_file_kinds.h"
#include "control/daemon/row_change.h"
#include "control/import/row_import.h"
#include "control/signing/signable.h"
#include "dataplane/abi/canonical_name.h"

#include <algorithm>
#include <set>

namespace dialtone::daemon {
namespace {

std::string canonical(const std::string& spelled) {
  abi::CanonicalName name;
  return abi::canonicalize(spelled, name) ? std::string(name.view()) : std::string();
}

struct StoredRow {
  std::int64_t id = 0;
  std::string name;
};

Result<StoredRow> need_row(database::Database& database, const PhoneFileKind& kind,
                           const std::string& name) {
  const auto id = database::find_row(database, kind.row, name);
  if (!id) {
    return id.error();
  }
  if (!id->has_value()) {
    auto text = database::unknown_row(database, kind.row, name);
    return text ? refused(*text) : text.error();
  }
  return StoredRow{**id, name};
}

// Rows whose files are not built, and files that no row accounts for: the list and the files agree
// when there are none.
Result<Answer> list(Service& service, const Request& request, const PhoneFileKind& kind) {
  DIALTONE_TRY(request.arguments.only({}));
  auto database = need_database(service);
  if (!database) {
    return database.error();
  }
  std::vector<StoredRow> stored;
  DIALTONE_TRY(
      (*database)->for_each("SELECT id, name FROM " + std::string(kind.table) + " ORDER BY name",
                            [&](const database::Query& row) {
                              stored.push_back({row.integer(0), std::string(row.text(1))});
                            }));
  const image_build::FileTable& files = service.builder().image().files();
  api::Json rows = api::Json::array();
  api::Json orphans = api::Json::array();
  std::set<std::string> expected;
  for (const StoredRow& row : stored) {
    const auto uses = uses_of(**database, kind, row.id, row.name);
    if (!uses) {
      return uses.error();
    }
    const std::vector<std::string> names = kind.files_of(row.name);
    for (const std::string& name : names) {
      const std::string file = canonical(name);
      expected.insert(file);
      expected.insert(signing::signed_name(file));
      if (!build::is_built(files, file)) {
        orphans.push_back({{"name", row.name}, {"why", name + " is not built"}});
      }
    }
    rows.push_back({{"name", row.name},
                    {"files", names},
                    {"devices", uses->devices.size()},
                    {"others", uses->others}});
  }
  std::vector<std::string> unknown;
  for (const auto& [name, entry] : files) {
    if (kind.is_one(name, entry.record()) && !expected.contains(name)) {
      unknown.push_back(name);
    }
  }
  std::sort(unknown.begin(), unknown.end());
  for (const std::string& name : unknown) {
    orphans.push_back({{"name", name}, {"why", "no " + std::string(kind.what) + " has this file"}});
  }
  Answer answer;
  answer.result[std::string(kind.table)] = std::move(rows);
  answer.result["orphans"] = std::move(orphans);
  return answer;
}

Result<Answer> show(Service& service, const Request& request, const PhoneFileKind& kind) {
  const auto asked = asked_row(service, request.arguments);
  if (!asked) {
    return asked.error();
  }
  const auto row = need_row(*asked->database, kind, asked->name);
  if (!row) {
    return row.error();
  }
  const auto text = importing::export_row(*asked->database, kind.table, row->id);
  if (!text) {
    return text.error();
  }
  const auto uses = uses_of(*asked->database, kind, row->id, row->name);
  if (!uses) {
    return uses.error();
  }
  Answer answer;
  answer.result["row"] = api::Json::parse(*text, nullptr, false);
  answer.result["files"] = kind.files_of(row->name);
  answer.result["devices"] = uses->devices;
  answer.result["others"] = uses->others;
  return answer;
}

struct SetRequest {
  std::string name;
  std::string file;
  std::string text;
  bool dry_run = false;
  bool wait = true;
};

Result<SetRequest> read_set(const Request& request) {
  DIALTONE_TRY(request.arguments.only({"name", "file", "dry_run", "wait"}));
  auto name = request.arguments.text("name");
  auto file = request.arguments.text("file");
  for (const auto* each : {&name, &file}) {
    if (!*each) {
      return each->error();
    }
  }
  const auto dry_run = request.arguments.flag("dry_run", false);
  const auto wait = request.arguments.flag("wait", true);
  for (const auto* each : {&dry_run, &wait}) {
    if (!*each) {
      return each->error();
    }
  }
  auto text = read_attachment(request, *file);
  if (!text) {
    return text.error();
  }
  return SetRequest{*std::move(name), *std::move(file), *std::move(text), *dry_run, *wait};
}

// The names of all files that the open transaction would build.
Result<void> put_preview(Service& service, Answer& answer) {
  auto preview = service.preview();
  if (!preview) {
    return preview.error();
  }
  answer.result["everything"] = preview->everything;
  answer.result["files"] = std::move(preview->files);
  for (const build::FileFault& fault : preview->faults) {
    answer.warnings.push_back(fault.why);
  }
  return {};
}

Result<Answer> set(Service& service, const SetRequest& request, const PhoneFileKind& kind,
                   Diagnostics& faults) {
  auto change = begin_change(service);
  if (!change) {
    return change.error();
  }
  const auto report = importing::import_row(*change->database, kind.table, request.name,
                                            request.text, request.file, faults);
  if (!report) {
    return report.error();
  }
  DIALTONE_TRY(build::check_row_files(*change->database, kind.files_of(request.name)));
  Answer answer;
  answer.result["name"] = request.name;
  answer.result["change"] = report->added != 0     ? "added"
                            : report->updated != 0 ? "updated"
                                                   : "unchanged";
  if (request.dry_run) {
    DIALTONE_TRY(put_preview(service, answer));
    return answer;  // and nothing is committed
  }
  return finish_change(service, *change, request.wait, std::move(answer));
}

Result<Answer> remove(Service& service, const Request& request, const PhoneFileKind& kind,
                      Diagnostics& faults) {
  const auto asked = read_named_row(request.arguments);
  if (!asked) {
    return asked.error();
  }
  auto change = begin_change(service);
  if (!change) {
    return change.error();
  }
  const auto row = need_row(*change->database, kind, asked->name);
  if (!row) {
    return row.error();
  }
  const auto uses = uses_of(*change->database, kind, row->id, row->name);
  if (!uses) {
    return uses.error();
  }
  if (const std::string users = to_text(*uses); !users.empty()) {
    Error error = refused(std::string(kind.what) + " '" + asked->name + "' is used by " + users +
                          "; give them another one first");
    faults.push_back({asked->name, 0, 0, "in-use", error.text});
    return error;
  }
  DIALTONE_TRY(
      change->database->run("DELETE FROM " + std::string(kind.table) + " WHERE id = ?1", row->id));
  Answer answer;
  answer.result["removed"] = 1;
  return finish_change(service, *change, asked->wait, std::move(answer));
}

}  // namespace

template <std::size_t kind>
Outcome list_phone_files(Service& service, const Request& request) {
  return to_outcome(list(service, request, phone_file_kind(kind)));
}

template <std::size_t kind>
Outcome show_phone_file(Service& service, const Request& request) {
  return to_outcome(show(service, request, phone_file_kind(kind)));
}

template <std::size_t kind>
Outcome set_phone_file(Service& service, const Request& request) {
  const auto change = read_set(request);
  if (!change) {
    return Refusal{change.error(), {}};
  }
  Diagnostics faults;
  auto answer = set(service, *change, phone_file_kind(kind), faults);
  return to_outcome(std::move(answer), std::move(faults));
}

template <std::size_t kind>
Outcome remove_phone_file(Service& service, const Request& request) {
  Diagnostics faults;
  auto answer = remove(service, request, phone_file_kind(kind), faults);
  return to_outcome(std::move(answer), std::move(faults));
}

#define DIALTONE_PHONE_FILE_KIND(kind)                               \
  template Outcome list_phone_files<kind>(Service&, const Request&); \
  template Outcome show_phone_file<kind>(Service&, const Request&);  \
  template Outcome set_phone_file<kind>(Service&, const Request&);   \
  template Outcome remove_phone_file<kind>(Service&, const Request&)
DIALTONE_PHONE_FILE_KIND(kDialPlanKind);
DIALTONE_PHONE_FILE_KIND(kSoftkeyKind);
DIALTONE_PHONE_FILE_KIND(kFeaturePolicyKind);
#undef DIALTONE_PHONE_FILE_KIND

Outcome build_dial_plan(Service& service, const std::string& name, bool wait) {
  const PhoneFileKind& kind = phone_file_kind(kDialPlanKind);
  auto database = need_database_to_change(service);
  if (!database) {
    return Refusal{database.error(), {}};
  }
  if (auto row = need_row(**database, kind, name); !row) {
    return Refusal{row.error(), {}};
  }
  if (auto checked = build::check_row_files(**database, kind.files_of(name)); !checked) {
    return Refusal{checked.error(), {}};
  }
  auto pending = follow(service, wait);
  if (!pending) {
    return Refusal{pending.error(), {}};
  }
  Answer answer;
  answer.result["devices"] = pending->report.devices;
  answer.result["built"] = kind.files_of(name);
  answer.result["build_us"] = pending->report.build_us;
  answer.publish = *pending;
  return answer;
}

}  // namespace dialtone::daemon
