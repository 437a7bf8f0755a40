// SPDX-License-Identifier: Apache-2.0
#include "control/daemon/setup_steps.h"

#include "control/daemon/counter_reading.h"
#include "control/daemon/load_faults.h"
#include "control/daemon/service_state.h"
#include "control/database/device_store.h"
#include "control/database/remote_clusters.h"
#include "control/database/service_parameters.h"
#include "dataplane/base/counted.h"

#include <algorithm>

namespace dialtone::daemon {
namespace {

constexpr const char* kNoProxy = "this version asks no remote cluster for files";

SetupStep activate(const Service& service) {
  const api::Json state = service_json(service);
  const std::string word = state["state"];
  SetupStep step{"activate", "Activate and start the service", word == "running", false,
                 "the service is " + word};
  if (const auto why = state.find("why"); why != state.end()) {
    step.found += ": " + why->get<std::string>();
  }
  if (word == "no-dataplane") {
    step.cure = {"dialtone-dataplane --config " + service.options().config};
  } else if (word == "stopped" || word == "draining" || word == "stopping") {
    step.cure = {"dialtone service start"};
  } else if (word == "starting" && service.publisher().generation() == 0) {
    step.cure = {"dialtone build"};
  }
  return step;
}

SetupStep devices(Service& service) {
  SetupStep step{"devices", "Have devices to build files for", false, false, {}};
  if (service.options().database.empty()) {
    step.done = true;
    step.found = "no database is set: the folder of 'assets' is served alone";
    return step;
  }
  if (service.database() == nullptr) {
    step.found = service.database_error();
    step.cure = {"dialtone status"};
    return step;
  }
  const auto count = database::DeviceStore(*service.database()).count();
  step.done = count && *count != 0;
  step.found = count ? counted(*count, "device") + " in the database" : count.error().text;
  if (!step.done) {
    step.cure = {"dialtone import csv phones.csv", "dialtone device add NAME model=M"};
  }
  return step;
}

// All have defaults; a value that is not in force, or that nothing knows, is left to do.
SetupStep parameters(Service& service) {
  SetupStep step{"parameters", "Set the service parameters", true, false,
                 "profile " + service.options().policy.profile};
  const publish::PublishState state = service.publisher().policy_state();
  if (state != publish::PublishState::kPublished) {
    step.done = false;
    step.found += ", not in force: " + service.publisher().why(state);
    step.cure.emplace_back("dialtone status");
  }
  if (service.database() == nullptr) {
    return step;
  }
  const auto stored = database::stored_parameters(*service.database());
  const auto unknown = service.unknown_parameters();
  if (!stored || !unknown) {
    step.done = false;
    step.found += ", " + (stored ? unknown.error() : stored.error()).text;
    return step;
  }
  step.found += ", " + counted(stored->size(), "parameter") + " set, the others at their defaults";
  for (const std::string& each : *unknown) {
    step.done = false;
    step.found += "; " + each;
  }
  if (!unknown->empty()) {
    step.cure.emplace_back("dialtone param ls");
  }
  return step;
}

SetupStep alternate_locations() {
  return {"alternate-locations", "Name alternate file locations", false, true, kNoProxy};
}

SetupStep files(Service& service) {
  SetupStep step{"files", "Change loads, ring lists and other files", false, false, {}};
  if (service.options().assets.empty()) {
    step.optional = true;
    step.found = "no folder of files is set: what is built of the database is served alone";
    step.cure = {"set 'assets' in [control], and restart dialtone-control"};
    return step;
  }
  const image_build::FileTable& table = service.builder().image().files();
  const std::string trouble = load_warning(service);
  step.done = trouble.empty() && service.builder().faults().empty();
  step.found =
      counted(table.size(), "file") + " built, of devices and of " + service.options().assets;
  if (!trouble.empty()) {
    step.found += "; " + trouble;
    step.cure.emplace_back("dialtone loads ls");
    step.cure.emplace_back("dialtone files put FILE...");
  }
  if (const Diagnostics faults = service.builder().faults(); !faults.empty()) {
    step.found +=
        "; " + counted(faults.size(), "fault") + ", the first: " + to_string(faults.front());
    step.cure.emplace_back("dialtone check");
  }
  return step;
}

// What the chapters call to stop and start the service.
SetupStep serve_newest(const Service& service) {
  const std::string why = service.not_served();
  SetupStep step{"restart", "Have the changed files served", why.empty(), false,
                 why.empty() ? "generation " + std::to_string(service.publisher().generation()) +
                                   " has the newest files; no restart is needed for a change"
                             : why};
  if (!step.done) {
    step.cure = {"dialtone publish"};
  }
  return step;
}

struct ClusterCounts {
  std::uint64_t enabled = 0;  // for TFTP
  std::uint64_t secure = 0;   // of those
  std::uint64_t without_server = 0;
};

Result<ClusterCounts> count_clusters(database::Database& database) {
  const auto clusters = database::remote_clusters(database);
  if (!clusters) {
    return clusters.error();
  }
  ClusterCounts counts;
  for (const database::RemoteCluster& cluster : *clusters) {
    if (cluster.is_enabled) {
      ++counts.enabled;
      counts.secure += cluster.is_secure ? 1 : 0;
      counts.without_server += cluster.servers.empty() ? 1 : 0;
    }
  }
  return counts;
}

SetupStep clusters(Service& service) {
  SetupStep step{"addresses", "Name the remote clusters and their TFTP servers", false, false, {}};
  if (service.database() == nullptr) {
    step.found = "there is no database for them";
    step.cure = {"set 'database' in [control], and restart dialtone-control"};
    return step;
  }
  const auto found = count_clusters(*service.database());
  if (!found) {
    step.found = found.error().text;
    return step;
  }
  step.found = counted(found->enabled, "remote cluster") + " enabled for TFTP, " +
               std::to_string(found->without_server) + " of them without a server; " + kNoProxy;
  if (found->enabled == 0 || found->without_server != 0) {
    step.cure = {"dialtone import json FILE, with remote_clusters and their servers"};
  }
  return step;
}

SetupStep ctl(Service& service) {
  SetupStep step{"ctl", "Put this server into the CTL files of secure clusters", false, true, {}};
  const auto found = service.database() == nullptr ? Result<ClusterCounts>(ClusterCounts{})
                                                   : count_clusters(*service.database());
  if (!found) {
    step.found = found.error().text;
    return step;
  }
  step.optional = found->secure == 0;
  step.found = counted(found->secure, "secure remote cluster") +
               (found->secure == 0 ? ": nothing has to be"
                                   : "; what their CTL files have is not known here");
  if (found->secure != 0) {
    step.cure = {"update the CTL file of each secure cluster with its own CTL client"};
  }
  return step;
}

SetupStep tvl() {
  return {"tvl", "Put this server into the trust verification list of remote endpoints", false,
          true, "is kept on the endpoints, and not known here; their documentation says how"};
}

// Who is sent here by DHCP asks.
SetupStep dhcp(const Service& service) {
  SetupStep step{"dhcp", "Have DHCP send the phones here", false, false, {}};
  const auto reading = read_counters(service.publisher(), service.builder());
  if (!reading) {
    step.found = reading.error().text;
  } else {
    const auto requests =
        std::find_if(reading->own.begin(), reading->own.end(),
                     [](const CounterValue& each) { return each.name == "requests"; });
    const std::uint64_t count = requests == reading->own.end() ? 0 : requests->value;
    step.done = count != 0;
    step.found = count == 0 ? "nobody has asked since the dataplane was started"
                            : counted(count, "request") + " since the dataplane was started";
  }
  if (!step.done) {
    step.cure = {
        "option 150 with the served address (address of [dataplane]) in each scope, and "
        "never option 66 beside it"};
  }
  return step;
}

}  // namespace

std::vector<SetupStep> service_steps(Service& service) {
  return {activate(service),     devices(service), parameters(service),
          alternate_locations(), files(service),   serve_newest(service)};
}

std::vector<SetupStep> proxy_steps(Service& service) {
  return {clusters(service), ctl(service),          tvl(),
          files(service),    serve_newest(service), dhcp(service)};
}

}  // namespace dialtone::daemon
