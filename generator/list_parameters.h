// SPDX-License-Identifier: Apache-2.0
//
// The parameters of the families whose files are lists of names and values: 7940 and 7960 with SIP
// (cisco-tftp 3.2), 7905, 7912 and ATA 18x (5.2). Cold but for what says otherwise; pure.
#pragma once

#include "generator/campus_tables.h"

#include <string>
#include <string_view>

namespace dialtone::generator {

// True for the families that have parameters at all.
bool has_parameters(Family family) noexcept;

// The right spelling of a name that is known under another one ("timer_registry_delta"); the name
// itself for all others.
std::string_view parameter_name(Family family, std::string_view name) noexcept;

// True for a name that some firmware of the family reads. Names are compared byte by byte.
bool is_known_parameter(Family family, std::string_view name);

// "'timer_t3' is no parameter of 7940 and 7960 with SIP that we know; did you mean 'timer_t1'?"
std::string unknown_parameter(Family family, std::string_view name);

// Of the names that the phone's own lines and its pool give: what to set instead. Empty for others.
std::string_view set_elsewhere(Family family, std::string_view name) noexcept;

// Why no device of the family and the protocol can have this parameter; empty: it can.
std::string parameter_fault(Family family, Protocol protocol, std::string_view name,
                            std::string_view value);
// The same of a parameter of the whole family, whatever its devices speak.
std::string family_parameter_fault(Family family, std::string_view name, std::string_view value);

// Puts the family's parameters before those of its models, and into tables.family.
void add_list_parameters(CampusTables& tables);

// Time zone and date as 7940 and 7960 with SIP take them; an unknown zone has none.
void set_short_forms(DateTimeGroup& group);

}  // namespace dialtone::generator
