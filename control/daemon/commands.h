// SPDX-License-Identifier: Apache-2.0
//
// The commands of the control socket, by name (docs/control-api.md). Each reads its arguments,
// acts on the service, and answers; none waits for the dataplane. One thread.
#pragma once

#include "control/daemon/answer.h"
#include "control/daemon/arguments.h"
#include "control/daemon/service.h"
#include "control/publish/served_image.h"

#include <cstddef>
#include <functional>
#include <span>
#include <string>

namespace dialtone::daemon {

// Whether nobody waits for the answer any more; empty: that is not known.
using ClientHasGone = std::function<bool()>;

struct Request {
  Arguments arguments;
  std::span<UniqueFd> attachments;
  ClientHasGone client_has_gone{};
};

// Runs a request as it came from a client. Never throws.
Outcome run_command(Service& service, api::Document& document, ClientHasGone client_has_gone = {});

// The commands themselves.
Outcome status(Service& service, const Request& request);
Outcome build(Service& service, const Request& request);
Outcome check(Service& service, const Request& request);
Outcome publish(Service& service, const Request& request);
Outcome roll_back(Service& service, const Request& request);
Outcome list_generations(Service& service, const Request& request);
Outcome diff(Service& service, const Request& request);
Outcome counters(Service& service, const Request& request);
Outcome events(Service& service, const Request& request);
Outcome trace_change(Service& service, const Request& request);
Outcome list_changes(Service& service, const Request& request);
Outcome served(Service& service, const Request& request);
Outcome explain(Service& service, const Request& request);
Outcome list_devices(Service& service, const Request& request);
Outcome show_device(Service& service, const Request& request);
Outcome set_device(Service& service, const Request& request);
Outcome add_device(Service& service, const Request& request);
Outcome remove_devices(Service& service, const Request& request);
Outcome reset_device(Service& service, const Request& request);
Outcome import_csv_file(Service& service, const Request& request);
Outcome import_folder(Service& service, const Request& request);
Outcome import_json_file(Service& service, const Request& request);
Outcome log_in(Service& service, const Request& request);
Outcome log_out(Service& service, const Request& request);
Outcome list_logins(Service& service, const Request& request);
Outcome export_csv_file(Service& service, const Request& request);
Outcome export_json_file(Service& service, const Request& request);
Outcome back_up(Service& service, const Request& request);
Outcome restore(Service& service, const Request& request);
// Of the kind of that number in phone_file_kinds.h.
template <std::size_t kind>
Outcome list_phone_files(Service& service, const Request& request);
template <std::size_t kind>
Outcome show_phone_file(Service& service, const Request& request);
template <std::size_t kind>
Outcome set_phone_file(Service& service, const Request& request);
template <std::size_t kind>
Outcome remove_phone_file(Service& service, const Request& request);
Outcome list_models(Service& service, const Request& request);
Outcome list_gateways(Service& service, const Request& request);
Outcome show_gateway(Service& service, const Request& request);
Outcome set_gateway(Service& service, const Request& request);
Outcome add_gateway(Service& service, const Request& request);
Outcome remove_gateways(Service& service, const Request& request);
Outcome list_gateway_templates(Service& service, const Request& request);
Outcome show_gateway_template(Service& service, const Request& request);
Outcome set_gateway_template(Service& service, const Request& request);
Outcome remove_gateway_template(Service& service, const Request& request);
Outcome list_parameters(Service& service, const Request& request);
Outcome set_parameter(Service& service, const Request& request);
Outcome unset_parameter(Service& service, const Request& request);
Outcome show_service(Service& service, const Request& request);
Outcome start_service(Service& service, const Request& request);
Outcome stop_service(Service& service, const Request& request);
Outcome doctor(Service& service, const Request& request);
Outcome show_setup(Service& service, const Request& request);
Outcome list_loads(Service& service, const Request& request);
Outcome check_loads(Service& service, const Request& request);
Outcome list_files(Service& service, const Request& request);
Outcome show_file(Service& service, const Request& request);
Outcome put_files(Service& service, const Request& request);
Outcome remove_files(Service& service, const Request& request);
Outcome list_versions(Service& service, const Request& request);
Outcome restore_file(Service& service, const Request& request);

// The part of `build` that is of one dial plan: its own files, and what else has changed.
Outcome build_dial_plan(Service& service, const std::string& name, bool wait);

// What became of it.
publish::PublishState publish_state(const Service& service, const PendingPublish& pending);
// Transfers that the dataplane has ended, since it started, so that an old generation could go.
std::uint64_t drained_transfers(const Service& service);

// What a client reads in "generations" of `status`; null: none are kept.
api::Json generations_json(const Service& service);

// What a client reads in "publish".
api::Json publish_json(const Service& service, const PendingPublish& pending);

// Why clients do not get what the database says now of a file that is in `served`, or not; empty:
// they do.
std::string why_stale(const Service& service, const std::string& file,
                      const publish::ServedImage& served);

// After a commit: builds what it touched, and says that its publish is pending. Refused when it
// could build nothing, and a fault is new.
Result<PendingPublish> follow(Service& service, bool wait);

// The database, or the reason why there is none.
Result<database::Database*> need_database(Service& service);

// The same for a command that changes rows; refused at once while an import goes on.
Result<database::Database*> need_database_to_change(Service& service);

// The one argument of a command that shows a row, and where to look for it.
struct AskedRow {
  std::string name;
  database::Database* database;
};
Result<AskedRow> asked_row(Service& service, const Arguments& arguments);

// That database, and a transaction on it that may write; it rolls back unless it is committed.
struct Change {
  database::Database* database;
  database::Transaction transaction;
};
Result<Change> begin_change(Service& service);

}  // namespace dialtone::daemon
