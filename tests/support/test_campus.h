// SPDX-License-Identifier: Apache-2.0
//
// A small campus with fixed rows, phones made from their number alone, and a DeviceSource over
// them, for tests and benchmarks of the generator.
#pragma once

#include "generator/campus.h"
#include "generator/device_source.h"
#include "generator/records.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace dialtone::test {

// Two nodes, three pools, the whole model catalogue; model positions as find_row() says.
generator::Campus test_campus();

std::uint32_t model_row(const generator::Campus& campus, std::uint32_t number,
                        generator::Protocol protocol);

// Adds phone number `id` with two lines (every fifth with speed dials, every seventh SCCP).
void add_test_phone(generator::DeviceBatch& batch, const generator::Campus& campus,
                    std::int64_t id);

// Phones 1..count, made beforehand; read() copies their records and may fail on purpose.
class MemorySource : public generator::DeviceSource {
 public:
  MemorySource(const generator::Campus& campus, std::size_t count);

  Result<std::vector<generator::IdRange>> ranges(std::size_t per_range) override;
  Result<void> read(const generator::IdRange& range, generator::DeviceBatch& batch) override;

  generator::DeviceRecord& device(std::int64_t id) {
    return phones_.devices()[static_cast<std::size_t>(id - 1)];
  }

 private:
  generator::DeviceBatch phones_;
};

}  // namespace dialtone::test
