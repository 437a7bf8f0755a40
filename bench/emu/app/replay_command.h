// SPDX-License-Identifier: Apache-2.0
//
// `dialtone-emu replay`: a storm of the requests that a capture or a list of events has. Cold.
#pragma once

#include <functional>

namespace CLI {
class App;
}

namespace dialtone::emu {

// `run` is set to what the command does, when it is the one that was asked for.
void add_replay_command(CLI::App& app, std::function<int()>& run);

}  // namespace dialtone::emu
