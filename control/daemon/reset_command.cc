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

constexpr build::FilterLimits kLimits{std::chrono::seconds(10), std::size_t{64} * 1024};

// Misses, publishes and other commands do not wait for it: it has a thread of its own.
Result<std::string> ask(const std::vector<std::string>& program, const std::string& name) {
  auto said = build::run_filter(program, name + "\n", kLimits);
  if (!said) {
    return Error{said.error().code, "'reset_command' " + program.front() + ", asked to reset " +
                                        name + ": " + said.error().text +
                                        "; the phone was not reset, or nobody knows"};
  }
  return said;
}

Result<Answer> reset(Service& service, const Arguments& arguments, Diagnostics& faults) {
  const auto asked = asked_row(service, arguments);
  if (!asked) {
    return asked.error();
  }
  database::DeviceStore store(*asked->database);
  const auto device = store.find(asked->name);
  if (!device) {
    return device.error();
  }
  if (!*device) {
    faults.push_back({asked->name, 0, 0, "unknown-device", store.no_such_device(asked->name).text});
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
  auto work = BackgroundWork::start(
      [program, name = (*device)->name](const std::stop_token&) { return ask(program, name); });
  if (!work) {
    return work.error();
  }
  answer.work = *std::move(work);
  return answer;
}

}  // namespace

Outcome reset_device(Service& service, const Request& request) {
  Diagnostics faults;
  auto answer = reset(service, request.arguments, faults);
  return to_outcome(std::move(answer), std::move(faults));
}

}  // namespace dialtone::daemon
