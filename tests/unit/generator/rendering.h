// SPDX-License-Identifier: Apache-2.0
//
// Renders one device of a batch, or a template of a test's own, into a string.
#pragma once

#include "generator/pipeline.h"
#include "generator/render.h"
#include "tests/support/test_campus.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace dialtone::test {

inline generator::PreparedCampus prepared(generator::Campus campus) {
  auto result = generator::PreparedCampus::prepare(std::move(campus));
  EXPECT_TRUE(result.ok());
  return *std::move(result);
}

inline const generator::TemplateSet& templates() {
  static const generator::TemplateSet set = [] {
    auto result = generator::built_in_templates();
    if (!result) {
      ADD_FAILURE() << result.error().text;
    }
    return *std::move(result);
  }();
  return set;
}

inline std::string render_text(const generator::Template& program,
                               const generator::RenderRows& rows) {
  std::vector<std::byte> out(generator::size_bound(program, rows), std::byte{0x55});
  const std::size_t length = generator::render(program, rows, out);
  return {reinterpret_cast<const char*>(out.data()), length};
}

// `position` in the batch.
inline std::string render_device_text(const generator::PreparedCampus& campus,
                                      const generator::DeviceBatch& batch,
                                      std::size_t position = 0) {
  generator::RowBinder binder(campus);
  const generator::DeviceRecord& device = batch.devices()[position];
  auto rows = binder.bind(batch, device);
  if (!rows) {
    ADD_FAILURE() << rows.error().text;
    return {};
  }
  const bool is_sip = binder.protocol(device) == generator::Protocol::kSip;
  return render_text(is_sip ? templates().sep_sip : templates().sep_sccp, **rows);
}

}  // namespace dialtone::test
