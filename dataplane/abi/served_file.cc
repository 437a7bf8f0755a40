// SPDX-License-Identifier: Apache-2.0
#include "dataplane/abi/served_file.h"

namespace dialtone::abi {
namespace {

constexpr std::string_view kEnding = ".tlv";

const IndexEntry* locate_cluster_list(const ImageView& image, std::string_view name) noexcept {
  const auto locate = [&](std::string_view other) {
    return image.locate(other, name_key(other, image.seed()));
  };
  const std::string_view list =
      cluster_trust_list(name, [&](std::string_view other) { return locate(other) != nullptr; });
  return list.empty() ? nullptr : locate(list);
}

}  // namespace

std::optional<DeviceTrustList> device_trust_list(std::string_view canonical_name) noexcept {
  constexpr std::size_t kPrefix = 3;
  if (!canonical_name.ends_with(kEnding) || canonical_name.size() <= kPrefix + kEnding.size()) {
    return std::nullopt;
  }
  const std::string_view prefix = canonical_name.substr(0, kPrefix);
  const std::string_view device =
      canonical_name.substr(kPrefix, canonical_name.size() - kPrefix - kEnding.size());
  if (prefix == "ctl") {
    return DeviceTrustList{device, "ctlfile.tlv"};
  }
  if (prefix == "itl") {
    return DeviceTrustList{device, "itlfile.tlv"};
  }
  return std::nullopt;
}

const IndexEntry* locate_served(const ImageView& image, std::string_view canonical_name,
                                const NameKey& key) noexcept {
  const IndexEntry* own = image.locate(canonical_name, key);
  return own != nullptr || !canonical_name.ends_with(kEnding)
             ? own
             : locate_cluster_list(image, canonical_name);
}

std::optional<FileRef> find_served(const ImageView& image, std::string_view canonical_name,
                                   const NameKey& key) noexcept {
  const IndexEntry* entry = locate_served(image, canonical_name, key);
  return entry == nullptr ? std::nullopt : std::optional(image.file_at(*entry));
}

}  // namespace dialtone::abi
