// SPDX-License-Identifier: Apache-2.0
//
// Which file answers a request for a name: the name's own, and for the trust list of a device that
// has none of its own the cluster's. Phones ask for CTLSEP<mac>.tlv and ITLSEP<mac>.tlv; a cluster
// has one CTLFile.tlv and one ITLFile.tlv, and answers its own devices from these (facts:
// cisco-tftp 0, point 6, and 9.6). A device is known by its configuration in the same image. Hot:
// no allocation; any thread.
#pragma once

#include "dataplane/abi/canonical_name.h"
#include "dataplane/abi/image_view.h"

#include <cstring>
#include <optional>
#include <string_view>

namespace dialtone::abi {

// The trust list of a device, by its name.
struct DeviceTrustList {
  std::string_view device;   // "sep001122334455", in the name that was asked for
  std::string_view cluster;  // whose list may stand for it: "ctlfile.tlv" or "itlfile.tlv"
};
std::optional<DeviceTrustList> device_trust_list(std::string_view canonical_name) noexcept;

// `has` says of a canonical name whether there is such a file. Empty: none stands for this name.
template <typename Has>
std::string_view cluster_trust_list(std::string_view canonical_name, const Has& has) noexcept {
  const auto list = device_trust_list(canonical_name);
  if (!list || !has(list->cluster)) {
    return {};
  }
  const auto has_file = [&](std::string_view begin, std::string_view middle, std::string_view end) {
    CanonicalName name;
    for (const std::string_view part : {begin, middle, end}) {
      if (name.length + part.size() > kMaxNameLength) {
        return false;
      }
      std::memcpy(name.bytes + name.length, part.data(), part.size());
      name.length += part.size();
    }
    return has(name.view());
  };
  const std::string_view device = list->device;
  const bool is_ours =
      has_file("", device, ".cnf.xml") ||
      (device.starts_with("sep") && has_file("sip", device.substr(3), ".cnf"));  // 7940 and 7960
  return is_ours ? list->cluster : std::string_view();
}

// As ImageView::locate() and find().
const IndexEntry* locate_served(const ImageView& image, std::string_view canonical_name,
                                const NameKey& key) noexcept;
std::optional<FileRef> find_served(const ImageView& image, std::string_view canonical_name,
                                   const NameKey& key) noexcept;

}  // namespace dialtone::abi
