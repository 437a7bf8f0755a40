// SPDX-License-Identifier: Apache-2.0
//
// What is kept of a storm: a line of JSON for each phone, and one object on the whole. Everything
// that is reported is made of these two. Cold; after the engine has ended.
#pragma once

#include "bench/emu/storm/campus_plan.h"
#include "bench/emu/storm/fates.h"
#include "bench/emu/storm/generator_counts.h"

#include <nlohmann/json.hpp>

#include <string>

namespace dialtone::emu {

// What a storm has left, beside the phones of its plan.
struct StormOutcome {
  const GeneratorCounts& counts;
  const Fates& fates;
  StormEnd ended;
};

// docs/emulator.md lists the keys. `conditions` goes into it as it is.
nlohmann::json storm_document(const CampusPlan& plan, const StormOutcome& storm,
                              const nlohmann::json& conditions);

// Makes the folder, and sees that files can be made in it, so that a storm is not run for a record
// that cannot be written.
Result<void> prepare_record(const std::string& folder);

// FOLDER/run.jsonl and FOLDER/meta.json: both, in the place of those of an earlier storm, or on an
// Error neither.
Result<void> write_record(const std::string& folder, const CampusPlan& plan,
                          const nlohmann::json& document);

}  // namespace dialtone::emu
