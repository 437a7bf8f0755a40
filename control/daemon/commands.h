// SPDX-License-Identifier: Apache-2.0
//
// The commands of the control socket, by name (docs/control-api.md). Each reads its arguments,
// acts on the service, and answers; none waits for the dataplane. One thread.
#pragma once

#include "control/daemon/answer.h"
#include "control/daemon/arguments.h"
#include "control/daemon/service.h"

#include <span>
#include <string>

namespace dialtone::daemon {

struct Request {
  Arguments arguments;
  std::span<UniqueFd> attachments;
};

// Runs a request as it came from a client. Never throws.
Outcome run_command(Service& service, api::Document& document);

// The commands themselves.
Outcome status(Service& service, const Request& request);
Outcome build(Service& service, const Request& request);
Outcome counters(Service& service, const Request& request);
Outcome events(Service& service, const Request& request);
Outcome list_devices(Service& service, const Request& request);
Outcome show_device(Service& service, const Request& request);
Outcome set_device(Service& service, const Request& request);
Outcome add_device(Service& service, const Request& request);
Outcome remove_devices(Service& service, const Request& request);
Outcome import_csv_file(Service& service, const Request& request);
Outcome import_json_file(Service& service, const Request& request);
Outcome list_files(Service& service, const Request& request);
Outcome show_file(Service& service, const Request& request);

// What a client reads in "publish".
api::Json publish_json(const Service& service, const PendingPublish& pending);

// After a commit: builds what it touched, and says that its publish is pending.
Result<PendingPublish> follow(Service& service, bool wait);

// The database, or the reason why there is none.
Result<database::Database*> need_database(Service& service);

}  // namespace dialtone::daemon
