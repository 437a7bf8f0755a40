// SPDX-License-Identifier: Apache-2.0
#include "control/daemon/sbd_mismatch.h"

#include "control/database/cm_releases.h"
#include "dataplane/base/counted.h"

#include <algorithm>
#include <vector>

namespace dialtone::daemon {
namespace {

constexpr std::string_view kOfAll = "itlfile.tlv";
constexpr std::string_view kBegin = "itl";
constexpr std::string_view kEnd = ".tlv";
constexpr std::size_t kMostNamed = 3;

// "ITLFile.tlv and 2 ITLs of phones"; empty: none is served.
std::string served_itls(const image_build::FileTable& files) {
  const bool has_common = files.find(kOfAll) != nullptr;
  const auto own =
      static_cast<std::uint64_t>(std::count_if(files.begin(), files.end(), [](const auto& file) {
        return file.first.starts_with(kBegin) && file.first.ends_with(kEnd) && file.first != kOfAll;
      }));
  std::string text = has_common ? "ITLFile.tlv" : "";
  if (own != 0) {
    text += (has_common ? " and " : "") + counted(own, "ITL") +
            (own == 1 ? " of a phone" : " of phones");
  }
  return text;
}

std::string named(const std::vector<database::CmRelease>& releases) {
  std::string text;
  for (std::size_t i = 0; i < std::min(releases.size(), kMostNamed); ++i) {
    text += (i == 0 ? "" : ", ") + releases[i].who + " is " + releases[i].version;
  }
  return releases.size() <= kMostNamed
             ? text
             : text + ", and " + std::to_string(releases.size() - kMostNamed) + " more";
}

}  // namespace

std::string sbd_mismatch(Service& service) {
  if (service.database() == nullptr) {
    return {};
  }
  // A database that cannot be read has a warning of its own. The files are many: they come last.
  const auto old = database::releases_without_sbd(*service.database());
  if (!old || old->empty()) {
    return {};
  }
  const std::string itls = served_itls(service.builder().image().files());
  if (itls.empty()) {
    return {};
  }
  return "sbd-mismatch: this server gives phones a trust list of security by default (" + itls +
         "), and they register with a Unified CM from before 8.0, which has none (" + named(*old) +
         "): such a phone boots for ever and never registers; take the ITL out of the "
         "asset folder (dialtone files rm NAME) and delete it on the phones that have it, or bring "
         "that Unified CM to 8.0 or later and then change its version here (dialtone import json)";
}

}  // namespace dialtone::daemon
