// SPDX-License-Identifier: Apache-2.0
//
// `device reset`: has a phone boot again, so that it fetches its files. Only the call manager that
// a phone is registered with can tell it to: the administrator's own program asks that (over AXL,
// say).
#include "control/build/child_process.h"
#include "control/daemon/commands.h"
#include "control/daemon/unix_time.h"
#include "control/database/device_store.h"

namespace dialtone::daemon {
namespace {

// Other commands wait meanwhile; clients do not.
constexpr build::FilterLimits kLimits{std::chrono::seconds(10), std::size_t{64} * 1024};

Result<Answer> reset(Service& service, const Arguments& arguments, Diagnostics& faults) {
  DIALTONE_TRY(arguments.only({"name"}));
  const auto name = arguments.text("name");
  if (!name) {
    return name.error();
  }
  auto database = need_database(service);
  if (!database) {
    return database.error();
  }
  database::DeviceStore store(**database);
  const auto device = store.find(*name);
  if (!device) {
    return device.error();
  }
  if (!*device) {
    faults.push_back({*name, 0, 0, "unknown-device", store.no_such_device(*name).text});
    return refused(faults.front().text);
  }
  const std::vector<std::string>& program = service.options().reset_command;
  if (program.empty()) {
    const std::string text =
        "nothing here can reset a phone: its call manager does; set 'reset_command' in [control] "
        "to a program that asks it to, and restart dialtone-control";
    faults.push_back({(*device)->name, 0, 0, "no-reset-command", text});
    return refused(text);
  }
  Answer answer;
  answer.result["device"] = (*device)->name;
  answer.result["asked_us"] = unix_us();
  const auto said = build::run_filter(program, (*device)->name + "\n", kLimits);
  if (!said) {
    return Error{said.error().code, "'reset_command' " + program.front() + ", asked to reset " +
                                        (*device)->name + ": " + said.error().text +
                                        "; the phone was not reset, or nobody knows"};
  }
  answer.result["said"] = *said;
  return answer;
}

}  // namespace

Outcome reset_device(Service& service, const Request& request) {
  Diagnostics faults;
  auto answer = reset(service, request.arguments, faults);
  return to_outcome(std::move(answer), std::move(faults));
}

}  // namespace dialtone::daemon
