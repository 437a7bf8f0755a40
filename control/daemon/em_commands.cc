// SPDX-License-Identifier: Apache-2.0
//
// Extension Mobility: a user's device profile on a phone. The phone's file has the lines, speed
// dials and names of the profile until the user logs out.
#include "control/daemon/commands.h"
#include "control/daemon/row_change.h"
#include "control/database/device_store.h"
#include "dataplane/abi/canonical_name.h"

namespace dialtone::daemon {
namespace {

using database::Device;
using database::DeviceStore;

// What stands in an element of the phone's file; empty: there is no such file or element.
std::string element_of(const Service& service, const std::string& device,
                       const std::string& element) {
  abi::CanonicalName name;
  const image_build::FileEntry* file = abi::canonicalize(device + ".cnf.xml", name)
                                           ? service.builder().image().files().find(name.view())
                                           : nullptr;
  if (file == nullptr) {
    return {};
  }
  const auto bytes = file->content();
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  const std::string open = "<" + element + ">";
  const std::size_t begin = text.find(open);
  const std::size_t end = begin == text.npos ? begin : text.find("</" + element + ">", begin);
  return end == text.npos
             ? std::string()
             : std::string(text.substr(begin + open.size(), end - begin - open.size()));
}

struct Login {
  std::string device;
  std::string before;  // who was logged in; empty: nobody
};

// `profile`: empty logs out.
Result<Login> store_login(database::Database& database, const std::string& name,
                          const std::string& profile, Diagnostics& faults) {
  const auto fault = [&](const char* code, const std::string& text) {
    faults.push_back({name, 0, 0, code, text});
    return refused(text);
  };
  DeviceStore store(database);
  auto device = store.find(name, database::Purpose::kChange);
  if (!device) {
    return device.error();
  }
  if (!*device) {
    return fault("unknown-device", store.no_such_device(name).text);
  }
  Device changed = **device;
  if (!profile.empty() && !changed.em_profile.empty() && changed.em_profile != profile) {
    return fault("logged-in", "'" + changed.em_profile + "' is logged in on " + changed.name +
                                  "; 'dialtone em logout " + changed.name + "' first");
  }
  Login login{changed.name, changed.em_profile};
  changed.em_profile = profile;
  std::vector<database::Fault> wrong;
  const auto outcome = store.write(changed, &wrong);
  for (database::Fault& each : wrong) {
    faults.push_back({changed.name, 0, 0, std::move(each.code), std::move(each.text)});
  }
  if (!outcome) {
    return outcome.error();
  }
  return login;
}

Result<Answer> change_login(Service& service, const Arguments& arguments, bool logs_in,
                            Diagnostics& faults) {
  DIALTONE_TRY(logs_in ? arguments.only({"name", "profile", "wait"})
                       : arguments.only({"name", "wait"}));
  const auto name = arguments.text("name");
  const auto profile = logs_in ? arguments.text("profile") : Result<std::string>(std::string());
  const auto wait = arguments.flag("wait", true);
  if (!name || !profile || !wait) {
    return !name ? name.error() : !profile ? profile.error() : wait.error();
  }
  if (logs_in && profile->empty()) {
    return usage("'profile' is the name of a device profile; 'dialtone em ls' lists them");
  }
  auto change = begin_change(service);
  if (!change) {
    return change.error();
  }
  const auto login = store_login(*change->database, *name, *profile, faults);
  if (!login) {
    return login.error();
  }
  Answer answer;
  answer.result["device"] = login->device;
  answer.result["profile"] = logs_in ? *profile : login->before;
  answer.result["changed"] = logs_in ? login->before != *profile : !login->before.empty();
  auto built = finish_change(service, *change, *wait, std::move(answer));
  if (built) {
    built->result["dial_template"] = element_of(service, login->device, "dialTemplate");
    built->result["softkeys"] = element_of(service, login->device, "softKeyFile");
  }
  return built;
}

Result<Answer> list(Service& service, const Arguments& arguments) {
  DIALTONE_TRY(arguments.only({}));
  auto database = need_database(service);
  if (!database) {
    return database.error();
  }
  Answer answer;
  api::Json profiles = api::Json::array();
  std::size_t logged_in = 0;
  DIALTONE_TRY((*database)->for_each(
      "SELECT e.name, e.user_id, e.description, d.name, (SELECT count(*) FROM em_lines l WHERE "
      "l.profile_id = e.id) FROM em_profiles e LEFT JOIN devices d ON d.em_profile_id = e.id "
      "ORDER BY e.name",
      [&](const database::Query& row) {
        profiles.push_back({{"name", row.text(0)},
                            {"user_id", row.text(1)},
                            {"description", row.text(2)},
                            {"device", row.text(3)},
                            {"lines", row.integer(4)}});
        logged_in += row.text(3).empty() ? 0 : 1;
      }));
  answer.result["profiles"] = std::move(profiles);
  answer.result["logged_in"] = logged_in;
  return answer;
}

Outcome change(Service& service, const Request& request, bool logs_in) {
  Diagnostics faults;
  auto answer = change_login(service, request.arguments, logs_in, faults);
  return to_outcome(std::move(answer), std::move(faults));
}

}  // namespace

Outcome log_in(Service& service, const Request& request) {
  return change(service, request, /*logs_in=*/true);
}

Outcome log_out(Service& service, const Request& request) {
  return change(service, request, /*logs_in=*/false);
}

Outcome list_logins(Service& service, const Request& request) {
  return to_outcome(list(service, request.arguments));
}

}  // namespace dialtone::daemon
