// SPDX-License-Identifier: Apache-2.0
#include "control/daemon/build_warnings.h"
#include "control/daemon/commands.h"
#include "control/daemon/policy_parameters.h"
#include "control/daemon/row_change.h"
#include "control/database/known_parameters.h"
#include "control/database/service_parameters.h"
#include "control/image/profile.h"

#include <algorithm>

namespace dialtone::daemon {
namespace {

using database::NamedValue;

struct Asked {
  std::string name;
  std::string value;
  std::string profile;
  bool dry_run = false;
  bool wait = true;
};

Result<Asked> read_asked(const Service& service, const Arguments& arguments, bool with_value) {
  DIALTONE_TRY(arguments.only({"name", "value", "profile", "dry_run", "wait"}));
  auto name = arguments.text("name");
  auto value = with_value ? arguments.text("value") : Result<std::string>(std::string());
  auto profile = arguments.text_or("profile", service.options().policy.profile);
  for (const auto* each : {&name, &value, &profile}) {
    if (!*each) {
      return each->error();
    }
  }
  const auto dry_run = arguments.flag("dry_run", false);
  const auto wait = arguments.flag("wait", true);
  if (!dry_run || !wait) {
    return dry_run ? wait.error() : dry_run.error();
  }
  return Asked{*std::move(name), *std::move(value), *std::move(profile), *dry_run, *wait};
}

// What a parameter is when no row says otherwise.
std::string default_text(const Service& service, std::string_view name,
                         const std::string& profile) {
  const database::KnownParameter* known = database::find_known_parameter(name);
  if (known == nullptr || !known->is_of_policy) {
    return known == nullptr ? std::string() : std::string(default_value(*known, profile));
  }
  abi::Policy policy = service.configured_policy();
  const image_build::Profile* other = image_build::find_profile(profile);
  if (other != nullptr && profile != service.options().policy.profile) {
    image_build::apply(*other, policy);
  }
  return parameter_text(name, policy);
}

// Without .cnf, phones that read nothing else get no configuration.
Result<void> warn_of_old_phones(database::Database& database, std::string_view policy,
                                Answer& answer) {
  if (policy != "none") {
    return {};
  }
  const auto phones = database::count_cnf_phones(database);
  if (!phones) {
    return phones.error();
  }
  if (*phones != 0) {
    answer.warnings.push_back(
        *phones == 1 ? "1 device is of a model that reads .cnf alone, and gets none"
                     : std::to_string(*phones) +
                           " devices are of models that read .cnf alone, and get none");
  }
  return {};
}

// The change is made, looked at, and with `dry_run` forgotten again.
Result<Answer> change(Service& service, const Asked& asked, const std::string& name,
                      const std::optional<std::string>& value) {
  auto change = begin_change(service);
  if (!change) {
    return change.error();
  }
  const auto before = database::read_parameter(*change->database, name);
  if (!before) {
    return before.error();
  }
  // What another program has stored under any name can be taken away.
  if (!value && !before->has_value() && database::find_known_parameter(name) == nullptr) {
    return database::unknown_service_parameter(name);  // it would seem to be at its default
  }
  const auto changed = value ? database::write_parameter(*change->database, {name, *value})
                             : database::remove_parameter(*change->database, name);
  if (!changed) {
    return changed.error();
  }
  const std::string fallback = default_text(service, name, asked.profile);
  Answer answer;
  answer.result["name"] = name;
  answer.result["value"] = value.value_or(fallback);
  answer.result["was"] = before->value_or(fallback);
  answer.result["changed"] = *changed;
  answer.result["dry_run"] = asked.dry_run;
  if (name == "build-cnf") {
    DIALTONE_TRY(warn_of_old_phones(*change->database, value.value_or(fallback), answer));
  }
  if (name == "maximum-serving-count" && asked.profile == "cm3" && value) {
    answer.warnings.emplace_back(
        "a CallManager of profile cm3 serves 30, and cannot be told another");
  }
  if (asked.dry_run) {
    return answer;
  }
  auto built = finish_change(service, *change, asked.wait, std::move(answer));
  if (built) {
    const auto* known = database::find_known_parameter(name);
    built->publish->policy = *changed && known != nullptr && known->is_of_policy;
    if (name == "build-cnf") {
      const auto formats = build::count_missing(
          *change->database, service.builder().image().files(), service.builder().build_cnf());
      if (!formats) {
        return formats.error();
      }
      build::DeviceFormats of_cnf;
      of_cnf.cnf_missing = formats->cnf_missing;
      add_format_warnings(service, of_cnf, *built);
    }
  }
  return built;
}

Result<Answer> set(Service& service, const Arguments& arguments) {
  const auto asked = read_asked(service, arguments, /*with_value=*/true);
  if (!asked) {
    return asked.error();
  }
  const auto parameter = database::service_parameter(asked->name, asked->value, asked->profile);
  return parameter ? change(service, *asked, parameter->name, parameter->value) : parameter.error();
}

Result<Answer> unset(Service& service, const Arguments& arguments) {
  const auto asked = read_asked(service, arguments, /*with_value=*/false);
  if (!asked) {
    return asked.error();
  }
  const auto name = database::service_parameter_name(asked->name, asked->profile);
  if (!name) {
    return name.error();
  }
  return change(service, *asked, *name, std::nullopt);
}

Result<Answer> list(Service& service, const Arguments& arguments) {
  DIALTONE_TRY(arguments.only({"profile"}));
  const auto profile = arguments.text_or("profile", service.options().policy.profile);
  if (!profile) {
    return profile.error();
  }
  auto database = need_database(service);
  if (!database) {
    return database.error();
  }
  const auto stored = database::stored_parameters(**database);
  if (!stored) {
    return stored.error();
  }
  api::Json all = api::Json::array();
  for (const database::KnownParameter& known : database::known_parameters()) {
    const std::string fallback = default_text(service, known.name, *profile);
    all.push_back({{"name", known.name},
                   {"value", fallback},
                   {"default", fallback},
                   {"takes", known.takes},
                   {"description", known.description},
                   {"set", false}});
  }
  for (const database::StoredParameter& each : *stored) {
    const auto same = std::find_if(
        all.begin(), all.end(), [&](const api::Json& known) { return known["name"] == each.name; });
    api::Json& row = same == all.end() ? all.emplace_back(api::Json{{"name", each.name}}) : *same;
    row["value"] = each.value;
    row["set"] = true;
  }
  Answer answer;
  answer.result["parameters"] = std::move(all);
  return answer;
}

}  // namespace

Outcome set_parameter(Service& service, const Request& request) {
  return to_outcome(set(service, request.arguments));
}

Outcome unset_parameter(Service& service, const Request& request) {
  return to_outcome(unset(service, request.arguments));
}

Outcome list_parameters(Service& service, const Request& request) {
  return to_outcome(list(service, request.arguments));
}

}  // namespace dialtone::daemon
