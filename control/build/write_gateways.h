// SPDX-License-Identifier: Apache-2.0
//
// The files of gateways into a segment. One thread.
#pragma once

#include "control/build/gateway_builder.h"
#include "dataplane/abi/segment_writer.h"
#include "generator/prepared_campus.h"
#include "generator/template_set.h"

#include <vector>

namespace dialtone::build {

// Writes them into a segment and adds them to `files`, whose segment the caller sets.
Result<void> write_gateways(const GatewayFiles& gateways, const generator::TemplateSet& templates,
                            const generator::PreparedCampus& prepared, abi::SegmentWriter& writer,
                            NamedFiles& files, std::vector<FileFault>& faults);

}  // namespace dialtone::build
