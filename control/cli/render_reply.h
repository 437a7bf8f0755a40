// SPDX-License-Identifier: Apache-2.0
//
// Which of render.h a command's reply is shown by. Pure; any thread.
#pragma once

#include "control/cli/render.h"

namespace dialtone::cli {

Rendered render_reply(const Invocation& asked, const api::Json& result, const Style& style);

}  // namespace dialtone::cli
