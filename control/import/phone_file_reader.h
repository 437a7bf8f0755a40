// SPDX-License-Identifier: Apache-2.0
//
// The XML of a dial plan, of softkeys or of a feature policy, as phones get it, into a row of an
// import: for files that people have from elsewhere (cisco-tftp 3.3, 4.2 to 4.4). Names of elements
// and attributes are taken in any case of letters, since hand-made files have all. Private to this
// folder, since it shows nlohmann. Pure; any thread; cold.
#pragma once

#include "control/import/fault_list.h"
#include "control/import/json_reader.h"

#include <optional>
#include <string_view>

namespace dialtone::importing {

// Nothing, with faults, for what is no such file, or one of another table. Version stamps and
// definitions of keys are left out: they are made anew.
std::optional<Json> read_phone_file(std::string_view text, std::string_view table,
                                    FaultList& faults);

}  // namespace dialtone::importing
