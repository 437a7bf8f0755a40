// SPDX-License-Identifier: Apache-2.0
//
// What one shared row brings into a file: itself, and the rows that follow from it (a device pool
// its date/time group, its Unified CM group and their members). Hot; no allocation.
#pragma once

#include "generator/campus_tables.h"
#include "generator/render.h"

#include <cstddef>
#include <cstdint>
#include <optional>

namespace dialtone::generator {

// The scope whose row decides what stands in a row of `scope`: for the group, the pool. What all
// files have is the enterprise's; the model's own vendorConfig, which a device may change, is
// kTag's. Nothing: it is the device's, or belongs to it.
std::optional<Scope> owner_of(Scope scope) noexcept;
std::optional<Scope> owner_of(Collection collection) noexcept;

// Rows that an owner has in the campus, and one more where a device need not refer to any: the last
// number is that of no row.
std::size_t owner_rows(const CampusTables& tables, Scope owner) noexcept;

// Binds row `number` of an owner, which is there, and what follows from it.
void bind_owner(const CampusTables& tables, Scope owner, std::uint32_t number,
                RenderRows& rows) noexcept;

// What all files have.
void bind_common_rows(const CampusTables& tables, RenderRows& rows) noexcept;

}  // namespace dialtone::generator
