// SPDX-License-Identifier: Apache-2.0
#include "dataplane/abi/client_prefixes.h"

#include "dataplane/abi/image_validate.h"

namespace dialtone::abi {

std::span<const ClientRange> client_ranges(const Manifest& manifest) noexcept {
  const Tombstone* end = tombstone_table(manifest).data() + manifest.tombstone_count;
  return {reinterpret_cast<const ClientRange*>(end), manifest.client_range_count};
}

}  // namespace dialtone::abi
