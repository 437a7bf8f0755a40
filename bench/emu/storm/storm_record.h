// SPDX-License-Identifier: Apache-2.0
//
// What is kept of a storm: a line of JSON for each phone, and one object on the whole. Everything
// that is reported is made of these two. Cold; after the engine has ended.
#pragma once

#include "bench/emu/storm/campus_plan.h"
#include "bench/emu/storm/engine.h"

#include <nlohmann/json.hpp>

#include <string>

namespace dialtone::emu {

// docs/emulator.md lists the keys. `conditions` goes into it as it is.
nlohmann::json storm_document(const CampusPlan& plan, const Engine& engine,
                              const nlohmann::json& conditions);

// Makes the folder and its files, so that a storm is not run for a record that cannot be written.
Result<void> prepare_record(const std::string& folder);

// FOLDER/run.jsonl and FOLDER/meta.json.
Result<void> write_record(const std::string& folder, const CampusPlan& plan,
                          const nlohmann::json& document);

}  // namespace dialtone::emu
