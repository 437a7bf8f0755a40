// SPDX-License-Identifier: Apache-2.0
//
// Folds shared rows into a template: a stretch of it that names one pool, profile or model alone is
// rendered once for each such row, and copied from then on. Two thirds of a phone's file are such
// stretches. By row and not by combination of rows, so that the texts are few and stay in a cache
// (generator facts, section 1). What is rendered is the same, byte for byte. Cold to make, for a
// build of many devices; immutable.
#pragma once

#include "generator/prepared_campus.h"
#include "generator/template.h"
#include "generator/template_set.h"

#include <cstddef>

namespace dialtone::generator {

Template fold(const Template& program, const PreparedCampus& campus);

// False when the campus has so many rows that a build of that many devices would not gain.
bool is_worth_folding(const PreparedCampus& campus, std::size_t devices);

// Those of devices.
TemplateSet fold(const TemplateSet& templates, const PreparedCampus& campus);

}  // namespace dialtone::generator
