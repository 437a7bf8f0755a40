// SPDX-License-Identifier: Apache-2.0
//
// Identifiers that nobody has to invent: the same input gives the same uuid, in every database, so
// that equal inputs give equal files. Pure, any thread; hot for the stamp of a device.
#pragma once

#include "control/database/campus_loader.h"
#include "control/database/stamp_text.h"
#include "generator/records.h"
#include "generator/uuid.h"

#include <string_view>

namespace dialtone::database {

// A uuid of version 8 (RFC 9562) out of the XXH3-128 of `input`.
generator::Uuid derived_uuid(std::string_view input) noexcept;

// Of everything that the device itself brings to its file but the time. Shared rows count by which
// they are, not by what they hold (but for line profiles). `scratch` is overwritten.
generator::Uuid device_stamp(const CampusRows& rows, const generator::DeviceBatch& batch,
                             const generator::DeviceRecord& device, StampText& scratch);

}  // namespace dialtone::database
