// SPDX-License-Identifier: Apache-2.0
//
// `dialtone-emu cluster`: plays remote clusters. Cold.
#pragma once

#include <functional>

namespace CLI {
class App;
}

namespace dialtone::emu {

// `run` is set to what is to be done when it is given, which returns the exit code.
void add_cluster_command(CLI::App& app, std::function<int()>& run);

}  // namespace dialtone::emu
