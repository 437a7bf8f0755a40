// SPDX-License-Identifier: Apache-2.0
//
// Which files a device gets: a property of its model under one protocol. Facts: cisco-tftp 2.3, 3,
// 5 and 6. Pure; any thread.
#pragma once

#include "generator/campus.h"

#include <cstdint>
#include <optional>
#include <string_view>

namespace dialtone::generator {

// In the words of the database's column `models.family`: "sep", "sip7960", "ld", "gk", "ata",
// "cnf".
std::string_view family_name(Family family) noexcept;
std::optional<Family> family_of(std::string_view name) noexcept;

// What a model of Unified CM's own numbers is, unless an administrator says otherwise.
Family default_family(std::uint32_t model_number, Protocol protocol) noexcept;

// SIPDefault.cnf, lddefault.cfg, gkdefault.cfg; empty where there is none.
std::string_view family_default_name(Family family) noexcept;

// "all", "none", "selective": the service parameter build-cnf.
std::optional<BuildCnf> build_cnf_of(std::string_view name) noexcept;

// A device is of it, or a parameter is set for it: then its default files are made.
bool is_in_use(const Campus& campus, Family family) noexcept;

// The dial plan stands inside of the device's own file: 7905, 7912 and ATA 18x (cisco-tftp 5).
bool has_inner_dial_plan(Family family) noexcept;

// Softkeys come in a file of their own: not on 7940, 7960, 7905, 7912 and older (cisco-tftp 4.1).
bool has_softkey_file(Family family) noexcept;

}  // namespace dialtone::generator
