// SPDX-License-Identifier: Apache-2.0
#include "control/image/search_order.h"

namespace dialtone::image_build {

FileSource source_of(const abi::FileRecord& record) noexcept {
  switch (record.origin) {
    case abi::Origin::kAsset:
      return FileSource::kAsset;
    case abi::Origin::kProxied:
      return FileSource::kCluster;
    case abi::Origin::kBuilt:
      break;
  }
  switch (record.file_class) {
    case abi::FileClass::kDeviceConfig:
    case abi::FileClass::kGateway:
      return FileSource::kDevice;
    case abi::FileClass::kDefaultConfig:
      return FileSource::kDefault;
    default:
      return FileSource::kShared;
  }
}

std::string_view word_of(FileSource source) noexcept {
  constexpr std::string_view kWords[kFileSourceCount] = {"device", "default", "shared", "asset",
                                                         "cluster"};
  return kWords[static_cast<std::size_t>(source)];
}

}  // namespace dialtone::image_build
