// SPDX-License-Identifier: Apache-2.0
//
// `dialtone-emu phone` and `dialtone-emu gateway`. Cold.
#pragma once

#include <functional>

namespace CLI {
class App;
}

namespace dialtone::emu {

// Adds both; `run` is set to what is to be done when one of them is given, which returns the exit
// code.
void add_device_commands(CLI::App& app, std::function<int()>& run);

}  // namespace dialtone::emu
