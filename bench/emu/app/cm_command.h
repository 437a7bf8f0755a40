// SPDX-License-Identifier: Apache-2.0
//
// `dialtone-emu cm`: plays a Unified CM for devices that register, over the kernel's TCP.
#pragma once

#include <functional>

namespace CLI {
class App;
}

namespace dialtone::emu {

// Sets `run` when the command is given.
void add_cm_command(CLI::App& app, std::function<int()>& run);

}  // namespace dialtone::emu
