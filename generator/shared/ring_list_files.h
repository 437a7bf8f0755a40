// SPDX-License-Identifier: Apache-2.0
//
// What a phone's menu of ring tones offers: Ringlist.xml, Ringlist-wb.xml for wide-band phones, and
// DistinctiveRingList.xml (cisco-tftp 8.1). A list without rows is no file, so that the asset
// folder's own is served. Cold; pure; any thread.
#pragma once

#include "dataplane/base/result.h"
#include "generator/shared/shared_files.h"

#include <string_view>

namespace dialtone::generator {

void add_ring_list_files(const Campus& campus, SharedFiles& all);

// A file that a phone takes in the list of that name: .rwb in ring-wb, .raw in the others.
Result<void> check_ring_file(std::string_view list, std::string_view file);

}  // namespace dialtone::generator
