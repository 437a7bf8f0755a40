// SPDX-License-Identifier: Apache-2.0
//
// What a client gets that asks for a name, and why: the verdict of the code that workers use, over
// the very bytes that they serve, and what control knows of the name beside it. Cold; the thread of
// the Service.
#pragma once

#include "control/daemon/arguments.h"
#include "control/daemon/asked_file.h"
#include "control/daemon/service.h"
#include "control/database/device.h"
#include "control/image/profile.h"
#include "control/image/search_order.h"
#include "control/publish/served_image.h"
#include "dataplane/abi/name_verdict.h"
#include "dataplane/base/ip_address.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dialtone::daemon {

struct AskedName {
  std::string name;    // as a phone spells it
  std::string device;  // as device_name() gives it; empty: whose file it is
  std::optional<IpAddress> client;
  const image_build::Profile* profile;
};

struct Look {
  AskedName asked;
  publish::ServedImage served;
  abi::NameVerdict verdict;
  AskedFile file;                                 // of a name that has no canonical form: empty
  std::optional<database::Device> device;         // nothing: it is not in the database, or of none
  std::optional<image_build::FileSource> source;  // nothing: there is no such file
};

// Reads the arguments "name", "device", "client" and "profile". `warnings` gets what could not be
// looked at.
Result<Look> look_at_name(Service& service, const Arguments& arguments,
                          std::vector<std::string>& warnings);

// The same for a name that would be asked for next.
abi::NameVerdict judge_next(const Service& service, const Look& look, const std::string& name);

// As a newcomer finds it now.
struct Told {
  std::string_view
      answer;  // "data", "not-found", "busy", "waits", "rebuilding", "refused", "silence"
  std::string why;
  std::optional<abi::NameError> error = {};  // what is sent in place of data; nothing: no ERROR
};
Told tell(Service& service, const Look& look);

// Why nobody is answered, whatever is asked for; empty: clients are.
std::string why_silent(const Service& service);

// Of a file that is there: "device", "default", "shared", "asset", "home-cluster", "cluster".
std::string_view origin_word(const Look& look);

}  // namespace dialtone::daemon
