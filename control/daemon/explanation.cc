// SPDX-License-Identifier: Apache-2.0
#include "control/daemon/explanation.h"

#include "control/daemon/absence.h"
#include "control/daemon/service_state.h"
#include "control/database/device_name.h"
#include "control/database/device_store.h"
#include "dataplane/base/printable.h"
#include "dataplane/config/address_text.h"

#include <chrono>
#include <utility>

namespace dialtone::daemon {
namespace {

using abi::NameAnswer;
using abi::NameClass;
using image_build::FileSource;

Result<AskedName> read_asked(const Service& service, const Arguments& arguments) {
  DIALTONE_TRY(arguments.only({"name", "device", "client", "profile"}));
  const auto name = arguments.text("name");
  const auto device = arguments.name_or("device", "");
  const auto client = arguments.name_or("client", "");
  const auto profile = arguments.text_or("profile", service.options().policy.profile);
  for (const auto* each : {&name, &device, &client, &profile}) {
    if (!*each) {
      return each->error();
    }
  }
  AskedName asked{*name, "", config::parse_ip(*client), image_build::find_profile(*profile)};
  if (!device->empty()) {
    const auto spelled = database::device_name(*device);
    if (!spelled) {
      return spelled.error();
    }
    asked.device = *spelled;
  }
  if (!client->empty() && !asked.client) {
    return usage("'" + excerpt(*client) + "' is no address");
  }
  if (asked.profile == nullptr) {
    return usage("there is no profile '" + *profile + "'");
  }
  return asked;
}

abi::NameVerdict judge(const Service& service, const publish::ServedImage& served,
                       const std::string& name, const std::optional<IpAddress>& client) {
  return judge_name(served.view(),
                    {.name = name,
                     .client = client,
                     .age = std::chrono::duration_cast<std::chrono::milliseconds>(served.age()),
                     .is_listening = service.publisher().hello() != nullptr});
}

std::string why_served(const Service& service, const Look& look) {
  const std::string form = look.file.is_signed_form() ? "the signed form; " : "";
  switch (*look.source) {
    case FileSource::kDevice:
      return form + "it is built of the rows of " +
             (look.file.device.empty() ? "a device" : look.file.device);
    case FileSource::kDefault:
      return form + "it is built for phones that have no file of their own";
    case FileSource::kShared:
      return form + "it is built of rows that phones share";
    case FileSource::kAsset: {
      const std::string_view name = look.verdict.file->name();
      const std::string path = service.builder().asset_of(name);
      const std::string lies =
          path.empty() ? "has lain in the asset folder" : "lies in the asset folder as " + path;
      return name == look.file.name
                 ? form + "it " + lies
                 : look.file.device + " has none of its own, and that of the cluster " + lies;
    }
    case FileSource::kCluster:
      break;
  }
  return "another cluster has it";
}

Told told_of_file(const Service& service, const Look& look) {
  const std::string why = why_served(service, look);
  if (!service.is_full()) {
    return {"data", why};
  }
  const abi::Policy& policy = look.served.view().policy();
  const std::string full =
      why + "; as many transfers are in flight as may be (maximum-serving-count)";
  return policy.answers_busy != 0
             ? Told{"busy", full, abi::NameError{policy.busy.code, policy.busy.text}}
             : Told{"waits", full + ", and the client gets the next session that is free"};
}

}  // namespace

Result<Look> look_at_name(Service& service, const Arguments& arguments,
                          std::vector<std::string>& warnings) {
  auto asked = read_asked(service, arguments);
  if (!asked) {
    return asked.error();
  }
  auto served = publish::ServedImage::open(service.publisher());
  if (!served) {
    return served.error();
  }
  const abi::NameVerdict verdict = judge(service, *served, asked->name, asked->client);
  Look look{*std::move(asked), *std::move(served), verdict, {}, {}, {}};
  if (verdict.name.length != 0) {
    look.file = read_asked_file(verdict.name.view());
  }
  if (look.asked.device.empty()) {
    look.asked.device = look.file.device;
  } else if (!look.file.device.empty() && look.file.device != look.asked.device) {
    warnings.push_back("the file is one of " + look.file.device + ", not of " + look.asked.device);
  }
  if (verdict.file) {
    look.source = image_build::source_of(*verdict.file->record);
  }
  if (service.database() != nullptr && !look.asked.device.empty()) {
    auto device = database::DeviceStore(*service.database()).find(look.asked.device);
    if (!device) {
      warnings.push_back("the device cannot be looked up: " + device.error().text);
    } else {
      look.device = *std::move(device);
    }
  }
  return look;
}

abi::NameVerdict judge_next(const Service& service, const Look& look, const std::string& name) {
  return judge(service, look.served, name, look.asked.client);
}

std::string why_silent(const Service& service) {
  return service.publisher().hello() == nullptr ? service.publisher().no_dataplane().text
                                                : service_warning(service);
}

Told tell(Service& service, const Look& look) {
  // Before anything else, as a worker does.
  if (std::string silent = why_silent(service); !silent.empty()) {
    return {"silence", std::move(silent), {}};
  }
  const auto error = error_of(look.verdict.answer, look.served.view().policy());
  switch (look.verdict.answer) {
    case NameAnswer::kData:
      return told_of_file(service, look);
    case NameAnswer::kNotFound:
      return {"not-found",
              look.verdict.name.length == 0 ? why_no_name(look.asked.name)
                                            : why_absent(service, look.file),
              error};
    case NameAnswer::kAsks:
      return {"not-found",
              why_absent(service, look.file) + "; the client waits for " +
                  std::to_string(service.options().miss_wait_ms) +
                  " ms, in which control looks for it",
              error_of(NameAnswer::kNotFound, look.served.view().policy())};
    case NameAnswer::kRebuilding:
      return {"rebuilding", "all files are built anew, and clients are told so meanwhile", error};
    case NameAnswer::kSilence:
      return {"silence", config::ip_text(*look.asked.client) +
                             " may not ask (allow and deny of [policy]), and hears nothing"};
    case NameAnswer::kDenied:
      return {"refused",
              config::ip_text(*look.asked.client) + " may not ask (allow and deny of [policy])",
              error};
    case NameAnswer::kComposed:
      break;
  }
  return {"refused", std::string(abi::kComposedText), error};
}

// A trust list that lies here for a phone of this cluster comes from the phone's home.
std::string_view origin_word(const Look& look) {
  const bool is_home = look.file.name_class == NameClass::kTrust &&
                       look.source == FileSource::kAsset && look.device &&
                       look.device->name == look.file.device;
  return is_home ? "home-cluster" : image_build::word_of(*look.source);
}

}  // namespace dialtone::daemon
