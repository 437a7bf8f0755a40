// SPDX-License-Identifier: Apache-2.0
//
// The file that a person gives with a command, as it comes from a client. Blocks on memory alone.
#pragma once

#include "control/daemon/commands.h"
#include "dataplane/base/mapping.h"

#include <string>

namespace dialtone::daemon {

// The whole of the request's one attachment, a sealed memfd of at most api::kMaxImport bytes;
// `file` names it in messages.
Result<std::string> read_attachment(const Request& request, const std::string& file);

// The same without a copy, of at most api::kMaxUpload bytes. Not valid(): it has none.
Result<Mapping> map_attachment(const Request& request);

}  // namespace dialtone::daemon
