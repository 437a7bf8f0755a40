// SPDX-License-Identifier: Apache-2.0
#include "control/build/device_formats.h"
#include "control/daemon/build_warnings.h"
#include "control/daemon/commands.h"
#include "control/daemon/load_faults.h"
#include "control/daemon/mapped_events.h"
#include "control/daemon/sbd_mismatch.h"
#include "control/daemon/service_state.h"
#include "control/database/device_store.h"
#include "control/image/huge_page_pool.h"
#include "control/publish/faulty_text.h"

#include <unistd.h>

#include <string>
#include <string_view>
#include <vector>

namespace dialtone::daemon {
namespace {

api::Json path_or_null(const std::string& path) {
  return path.empty() ? api::Json() : api::Json(path);
}

void warn_of_faulty(std::uint64_t count, std::string_view what,
                    std::vector<std::string>& warnings) {
  if (count != 0) {
    warnings.push_back(publish::faulty_text(count, what));
  }
}

api::Json dataplane_json(const publish::Publisher& publisher, std::vector<std::string>& warnings) {
  api::Json json;
  json["socket"] = publisher.socket();
  const abi::HelloMessage* hello = publisher.hello();
  json["connected"] = hello != nullptr;
  if (hello != nullptr) {
    json["pid"] = hello->pid;
    json["workers"] = hello->worker_count;
    json["generation"] = publisher.generation();
    json["content_digest"] = to_hex(publisher.served_digest());
    json["private_map"] = hello->private_map != 0;
    const std::uint64_t misses = publisher.pages().faulty_misses();
    const auto shared = MappedEvents::open(publisher);
    const std::uint64_t events = shared ? shared->faulty() : 0;
    json["faulty_misses"] = misses;
    json["faulty_events"] = shared ? api::Json(events) : api::Json();
    warn_of_faulty(events, "newest records of its events page", warnings);
    warn_of_faulty(misses, "names that its workers asked for", warnings);
  }
  return json;
}

// Over what the dataplane answers; both null: none is connected.
api::Json listen_json(const abi::HelloMessage* hello) {
  const auto has = [&](std::uint32_t family) {
    return hello == nullptr ? api::Json() : api::Json((hello->families & family) != 0);
  };
  return {{"v4", has(abi::kServesIpv4)}, {"v6", has(abi::kServesIpv6)}};
}

// Null: this machine has none, or control is told to use none.
api::Json hugepages_json(const Service& service) {
  const auto pool = image_build::read_huge_page_pool();
  if (!pool || !service.options().huge_pages) {
    return {};
  }
  const image_build::HugePageNeed need = service.huge_page_need();
  return {{"total_bytes", pool->total_bytes},
          {"free_bytes", pool->free_bytes},
          {"live_bytes", need.live},
          {"next_build_bytes", need.next},
          {"peak_bytes", need.peak}};
}

api::Json last_build_json(const build::BuildReport& report) {
  api::Json json;
  json["kind"] = report.full ? "full" : "delta";
  json["devices"] = report.devices;
  json["files"] = report.files;
  json["build_us"] = report.build_us;
  return json;
}

// Null: there is no database.
api::Json gateways_json(const build::GatewayBuilder* gateways) {
  if (gateways == nullptr) {
    return {};
  }
  const build::GatewayCounts& counts = gateways->counts();
  return {{"count", counts.gateways}, {"files", counts.files}, {"unverified", counts.unverified}};
}

// Null: no file is signed.
api::Json signing_json(const Service& service) {
  const auto& options = service.options().signing;
  if (!options) {
    return {};
  }
  const build::SignedFiles& files = service.builder().signed_files();
  const build::SigningProgress progress = files.progress();
  api::Json json;
  json["key"] = options->key;
  json["certificate"] = options->certificate;
  json["digest"] = options->digest == signing::FileDigest::kSha1 ? "sha1" : "sha512";
  json["usable"] = files.key() != nullptr;
  if (files.key() != nullptr) {
    json["subject"] = files.key()->names().subject;
    json["bits"] = files.key()->bits();
    json["certificate_ends"] = files.key()->ends_s();
  }
  json["signed"] = progress.current;
  json["pending"] = progress.pending;
  json["made"] = progress.made;
  json["found_right"] = progress.kept;
  json["per_second"] = progress.per_second;
  return json;
}

api::Json policy_json(const Service& service) {
  const publish::PublishState state = service.publisher().policy_state();
  api::Json json;
  json["profile"] = service.options().policy.profile;
  json["state"] = publish::word_of(state);
  if (state != publish::PublishState::kPublished) {
    json["why"] = service.publisher().why(state);
  }
  return json;
}

}  // namespace

Outcome status(Service& service, const Request& request) {
  if (auto only = request.arguments.only({}); !only) {
    return Refusal{only.error(), {}};
  }
  const image_build::Image& image = service.builder().image();
  const publish::Publisher& publisher = service.publisher();
  Answer answer;
  api::Json& json = answer.result;
  json["version"] = DIALTONE_VERSION;
  json["pid"] = ::getpid();
  json["uptime_s"] = std::chrono::duration_cast<std::chrono::seconds>(
                         std::chrono::steady_clock::now() - service.started())
                         .count();
  // Not the option, which may hold a password.
  json["database"] =
      path_or_null(service.database() == nullptr ? std::string() : service.database()->name());
  json["assets"] = path_or_null(service.options().assets);
  json["devices"] = 0;
  if (service.database() == nullptr && !service.options().database.empty()) {
    json["devices"] = nullptr;  // a warning says why it is not open
  } else if (service.database() != nullptr) {
    // What is served is worth knowing most of all when the database cannot be read.
    const auto devices = database::DeviceStore(*service.database()).count();
    json["devices"] = devices ? api::Json(*devices) : api::Json();
    if (!devices) {
      answer.warnings.push_back("the devices cannot be counted: " + devices.error().text);
    } else if (const auto formats = build::count_missing(*service.database(), image.files(),
                                                         service.builder().build_cnf())) {
      json["cnf_missing"] = formats->cnf_missing;
      json["text_form"] = formats->text_form;
      add_format_warnings(service, *formats, answer);
      if (const auto unknown = service.unknown_parameters()) {
        answer.warnings.insert(answer.warnings.end(), unknown->begin(), unknown->end());
      }
    }
  }
  if (const auto run = service.import()) {
    json["import"] = {{"file", run->file},
                      {"done", run->progress.done()},
                      {"rows", run->progress.rows()},
                      {"check", run->check}};
  }
  json["gateways"] = gateways_json(service.builder().gateways());
  json["files"] = image.files().size();
  json["bytes"] = image.files().content_bytes();
  json["memory_bytes"] = image.memory_bytes();
  json["segments"] = image.segment_count();
  json["hugepage_bytes"] = image.huge_page_bytes();
  json["hugepages"] = hugepages_json(service);
  json["generation"] = publisher.generation();
  json["content_digest"] = to_hex(image.files().content_digest());
  json["last_build"] = last_build_json(service.builder().last());
  json["publish"] =
      publish_json(service, {image.version(), service.builder().last(), /*wait=*/false});
  json["policy"] = policy_json(service);
  json["generations"] = generations_json(service);
  json["signing"] = signing_json(service);
  json["dataplane"] = dataplane_json(publisher, answer.warnings);
  json["service"] = service_json(service);
  json["listen"] = listen_json(publisher.hello());
  if (std::string stopped = service_warning(service); !stopped.empty()) {
    answer.warnings.push_back(std::move(stopped));
  }
  if (std::string loads = load_warning(service); !loads.empty()) {
    answer.warnings.push_back(std::move(loads));
  }
  if (std::string sbd = sbd_mismatch(service); !sbd.empty()) {
    answer.warnings.push_back(std::move(sbd));
  }
  const auto warnings = service.warnings();
  answer.warnings.insert(answer.warnings.end(), warnings.begin(), warnings.end());
  return answer;
}

}  // namespace dialtone::daemon
