// SPDX-License-Identifier: Apache-2.0
//
// What --json writes: one object on one line. Pure functions; any thread; no errors.
#pragma once

#include "control/api/message.h"
#include "dataplane/base/error.h"

#include <string>

namespace dialtone::cli {

// Safe on a terminal: JSON itself escapes the control characters below U+0020 only, this also
// DEL and C1. It is the same document for every parser.
std::string json_line(const api::Json& document);

// A failure that no daemon told, in the form of a reply.
api::Json failure_document(const Error& error);

}  // namespace dialtone::cli
