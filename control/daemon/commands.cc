// SPDX-License-Identifier: Apache-2.0
#include "control/daemon/commands.h"

#include "control/build/device_formats.h"
#include "control/build/hidden_asset.h"
#include "control/daemon/build_warnings.h"
#include "control/daemon/key_warnings.h"
#include "control/daemon/phone_file_kinds.h"
#include "dataplane/base/counted.h"
#include "dataplane/base/diagnostic.h"

#include <algorithm>
#include <array>
#include <exception>
#include <vector>

namespace dialtone::daemon {
namespace {

struct Command {
  std::string_view name;
  Outcome (*run)(Service&, const Request&);
};

constexpr auto kCommands = std::to_array<Command>({
    {"status", status},
    {"doctor", doctor},
    {"build", build},
    {"check", check},
    {"publish", publish},
    {"rollback", roll_back},
    {"generations", list_generations},
    {"diff", diff},
    {"counters", counters},
    {"events", events},
    {"change trace", trace_change},
    {"change ls", list_changes},
    {"served", served},
    {"explain", explain},
    {"device ls", list_devices},
    {"device show", show_device},
    {"device set", set_device},
    {"device add", add_device},
    {"device rm", remove_devices},
    {"device reset", reset_device},
    {"dialplan ls", list_phone_files<kDialPlanKind>},
    {"dialplan show", show_phone_file<kDialPlanKind>},
    {"dialplan set", set_phone_file<kDialPlanKind>},
    {"dialplan rm", remove_phone_file<kDialPlanKind>},
    {"softkey ls", list_phone_files<kSoftkeyKind>},
    {"softkey show", show_phone_file<kSoftkeyKind>},
    {"softkey set", set_phone_file<kSoftkeyKind>},
    {"softkey rm", remove_phone_file<kSoftkeyKind>},
    {"featurepolicy ls", list_phone_files<kFeaturePolicyKind>},
    {"featurepolicy show", show_phone_file<kFeaturePolicyKind>},
    {"featurepolicy set", set_phone_file<kFeaturePolicyKind>},
    {"featurepolicy rm", remove_phone_file<kFeaturePolicyKind>},
    {"model ls", list_models},
    {"gateway ls", list_gateways},
    {"gateway show", show_gateway},
    {"gateway set", set_gateway},
    {"gateway add", add_gateway},
    {"gateway rm", remove_gateways},
    {"gatewaytemplate ls", list_gateway_templates},
    {"gatewaytemplate show", show_gateway_template},
    {"gatewaytemplate set", set_gateway_template},
    {"gatewaytemplate rm", remove_gateway_template},
    {"import csv", import_csv_file},
    {"import dir", import_folder},
    {"import json", import_json_file},
    {"em ls", list_logins},
    {"em login", log_in},
    {"em logout", log_out},
    {"export csv", export_csv_file},
    {"export json", export_json_file},
    {"backup", back_up},
    {"restore", restore},
    {"param ls", list_parameters},
    {"param set", set_parameter},
    {"param unset", unset_parameter},
    {"service status", show_service},
    {"service start", start_service},
    {"service stop", stop_service},
    {"setup", show_setup},
    {"loads ls", list_loads},
    {"loads check", check_loads},
    {"files ls", list_files},
    {"files cat", show_file},
    {"files put", put_files},
    {"files rm", remove_files},
    {"files versions", list_versions},
    {"files restore", restore_file},
});

Refusal unknown_command(const std::string& name) {
  std::vector<std::string_view> names;
  for (const Command& command : kCommands) {
    names.push_back(command.name);
  }
  const std::string near = nearest_word(name, names);
  return {usage("unknown command '" + name + "'" +
                (near.empty() ? std::string() : "; did you mean '" + near + "'?")),
          {}};
}

}  // namespace

Outcome run_command(Service& service, api::Document& document, ClientHasGone client_has_gone) {
  const api::Json& json = document.json;
  const auto command = json.is_object() ? json.find("command") : json.end();
  if (!json.is_object() || command == json.end() || !command->is_string()) {
    return Refusal{usage("a request is an object with a text 'command'"), {}};
  }
  const auto name = command->get<std::string>();
  const auto found = std::find_if(kCommands.begin(), kCommands.end(),
                                  [&](const Command& each) { return each.name == name; });
  if (found == kCommands.end()) {
    return unknown_command(name);
  }
  static const api::Json kNone;
  const auto arguments = json.find("arguments");
  try {
    return found->run(service, {Arguments(arguments == json.end() ? kNone : *arguments),
                                document.attachments, std::move(client_has_gone)});
  } catch (const std::exception& exception) {
    // Libraries throw when memory is short; nothing of ours does.
    return Refusal{failed(name + ": " + exception.what()), {}};
  }
}

publish::PublishState publish_state(const Service& service, const PendingPublish& pending) {
  const publish::Publisher& publisher = service.publisher();
  if (pending.policy && publisher.policy_state() != publish::PublishState::kPublished) {
    return publisher.policy_state();
  }
  return pending.rollback ? publisher.offered_state() : publisher.state(pending.version);
}

api::Json publish_json(const Service& service, const PendingPublish& pending) {
  const publish::Publisher& publisher = service.publisher();
  api::Json json;
  const publish::PublishState state = publish_state(service, pending);
  if (pending.report.files == 0 && !pending.policy && state == publish::PublishState::kPublished) {
    json["state"] = "unchanged";
    json["generation"] = publisher.generation();
    if (!pending.report.change.empty()) {
      json["change"] = pending.report.change;
    }
    return json;
  }
  json["state"] = publish::word_of(state);
  if (state == publish::PublishState::kPublished) {
    json["publish_us"] = publisher.publish_us();
  } else if (state != publish::PublishState::kPending || pending.wait ||
             publisher.hello() == nullptr) {
    // Nobody has waited for a dataplane that is there: that it has not answered is no news.
    json["why"] = publisher.why(state);
  }
  json["generation"] = publisher.generation();
  if (!pending.report.change.empty()) {
    json["change"] = pending.report.change;
  }
  json["files"] = pending.report.files;
  json["build_us"] = pending.report.build_us;
  return json;
}

Result<PendingPublish> follow(Service& service, bool wait) {
  const Diagnostics before = service.builder().database_faults();
  auto report = service.follow_database();
  // The row is saved; what is served is what was good before.
  if (!report) {
    return failed("saved, but the files could not be built: " + report.error().text);
  }
  // What was wrong before is a warning of the reply, and nothing that this change has done.
  const auto added =
      std::find_if(report->faults.begin(), report->faults.end(), [&](const Diagnostic& fault) {
        return std::none_of(before.begin(), before.end(),
                            [&](const Diagnostic& old) { return old.text == fault.text; });
      });
  if (report->devices == 0 && report->files == 0 && added != report->faults.end()) {
    return failed("saved, but no file could be built: " + to_string(*added));
  }
  return PendingPublish{
      .version = service.builder().image().version(), .report = *report, .wait = wait};
}

Result<database::Database*> need_database(Service& service) {
  if (auto open = service.open_database(); !open) {
    return open.error();
  }
  if (service.database() == nullptr) {
    return refused(
        "this control serves a folder and has no device database; set 'database' in [control]");
  }
  if (auto in_place = service.check_database_file(); !in_place) {
    return in_place.error();
  }
  service.database()->hurry();
  return service.database();
}

Result<AskedRow> asked_row(Service& service, const Arguments& arguments) {
  DIALTONE_TRY(arguments.only({"name"}));
  auto name = arguments.text("name");
  if (!name) {
    return name.error();
  }
  auto database = need_database(service);
  if (!database) {
    return database.error();
  }
  return AskedRow{*std::move(name), *database};
}

Result<database::Database*> need_database_to_change(Service& service) {
  DIALTONE_TRY(service.check_import());
  auto database = need_database(service);
  if (database) {
    DIALTONE_TRY(service.check_server_schema());
  }
  return database;
}

Result<Change> begin_change(Service& service) {
  auto database = need_database_to_change(service);
  if (!database) {
    return database.error();
  }
  auto transaction = database::Transaction::begin(**database);
  if (!transaction) {
    return transaction.error();
  }
  return Change{*database, *std::move(transaction)};
}

namespace {

Outcome rehearse(Service& service) {
  const auto rehearsal = service.rehearse();
  if (!rehearsal) {
    return Refusal{rehearsal.error(), {}};
  }
  Answer answer;
  Diagnostics faults = rehearsal->faults;
  std::erase_if(faults, [&](const Diagnostic& fault) {
    const bool is_hidden = fault.code == build::kHidden;
    if (is_hidden) {
      answer.warnings.push_back(to_string(fault));
    }
    return is_hidden;
  });
  if (!faults.empty()) {
    return Refusal{refused("a build would have " + counted(faults.size(), "fault") +
                           "; nothing was published"),
                   std::move(faults)};
  }
  const image_build::FileTable& served = service.publisher().offered_image().files();
  answer.result["devices"] = rehearsal->devices;
  answer.result["files"] = rehearsal->files.size();
  answer.result["bytes"] = rehearsal->files.content_bytes();
  answer.result["content_digest"] = to_hex(rehearsal->files.content_digest());
  answer.result["differs"] = rehearsal->files.count_differences(served);
  answer.result["build_us"] = rehearsal->build_us;
  add_key_warnings(service, answer.warnings);
  return answer;
}

}  // namespace

Outcome check(Service& service, const Request& request) {
  if (auto only = request.arguments.only({}); !only) {
    return Refusal{only.error(), {}};
  }
  return rehearse(service);
}

Outcome build(Service& service, const Request& request) {
  if (auto only = request.arguments.only({"dialplan", "wait", "check"}); !only) {
    return Refusal{only.error(), {}};
  }
  const auto wait = request.arguments.flag("wait", true);
  if (!wait) {
    return Refusal{wait.error(), {}};
  }
  const auto only_check = request.arguments.flag("check", false);
  if (!only_check) {
    return Refusal{only_check.error(), {}};
  }
  if (*only_check) {
    return rehearse(service);
  }
  const auto plan = request.arguments.name_or("dialplan", "");
  if (!plan) {
    return Refusal{plan.error(), {}};
  }
  if (!plan->empty()) {
    return build_dial_plan(service, *plan, *wait);
  }
  const auto report = service.build_all();
  if (!report) {
    return Refusal{report.error(), {}};
  }
  const image_build::Image& image = service.builder().image();
  Answer answer;
  answer.result["devices"] = report->devices;
  answer.result["files"] = image.files().size();
  answer.result["bytes"] = image.files().content_bytes();
  answer.result["build_us"] = report->build_us;
  if (service.database() != nullptr) {
    const auto formats =
        build::count_formats(*service.database(), image.files(), service.builder().build_cnf());
    if (!formats) {
      return Refusal{formats.error(), {}};
    }
    answer.result["devices_selective"] = formats->devices_selective;
    answer.result["cnf"] = formats->cnf;
    answer.result["cnf_xml"] = formats->cnf_xml;
    answer.result["cnf_missing"] = formats->cnf_missing;
    answer.result["text_form"] = formats->text_form;
    add_format_warnings(service, *formats, answer);
  }
  answer.publish = PendingPublish{image.version(), *report, *wait};
  add_key_warnings(service, answer.warnings);
  return answer;
}

}  // namespace dialtone::daemon
