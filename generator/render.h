// SPDX-License-Identifier: Apache-2.0
//
// Runs a compiled template over rows. Hot: no allocation, no lock, noexcept. One rule keeps it in
// its buffer: size_bound() is never less than what render() writes, so the caller compares once.
#pragma once

#include "dataplane/base/result.h"
#include "generator/campus_tables.h"
#include "generator/fields.h"
#include "generator/prepared_campus.h"
#include "generator/records.h"
#include "generator/template.h"

#include <array>
#include <cstddef>
#include <span>

namespace dialtone::generator {

// The rows that the slots of one file read. Points into the campus and the batch.
struct RenderRows {
  RenderRows() noexcept { numbers.fill(kNoRow); }

  template <typename Row>
  void bind(Scope scope, const Row& row, std::size_t weight) noexcept {
    rows[static_cast<std::size_t>(scope)] = reinterpret_cast<const std::byte*>(&row);
    weights[static_cast<std::size_t>(scope)] = weight;
  }
  ItemList& list(Collection collection) noexcept {
    return items[static_cast<std::size_t>(collection)];
  }

  std::array<const std::byte*, kScopeCount> rows{};
  std::array<std::size_t, kScopeCount> weights{};  // row_weight() of each
  std::array<ItemList, kCollectionCount> items{};
  // Of the rows that own fragments (fold.h). kTag: that of the model whose vendorConfig it is, and
  // kNoRow when the device has changed it.
  std::array<std::uint32_t, kScopeCount> numbers;
};

// Bytes that render() can write at most.
std::size_t size_bound(const Template& program, const RenderRows& rows) noexcept;

// Writes the file to `out`, which has room for size_bound(); returns its length.
std::size_t render(const Template& program, RenderRows rows, std::span<std::byte> out) noexcept;

inline constexpr std::size_t kMaxVendorTags = 256;  // of one device, its model's included

// Finds the rows of devices; one for each task, used again for each device.
class RowBinder {
 public:
  explicit RowBinder(const PreparedCampus& campus, Syntax syntax = Syntax::kXml) noexcept;

  // The rows of `device`; good until the next call. An Error does not name the device.
  Result<const RenderRows*> bind(const DeviceBatch& batch, const DeviceRecord& device);

  // Null: the device refers to no model that is there.
  const PhoneModel* model(const DeviceRecord& device) const noexcept {
    const auto& models = tables_.rows.models;
    return device.model < models.size() ? &models[device.model] : nullptr;
  }
  // Of a device that has a model.
  DeviceFileSet files(const DeviceRecord& device) const noexcept {
    return tables_.files[device.model];
  }
  Protocol protocol(const DeviceRecord& device) const noexcept {
    return tables_.rows.models[device.model].protocol;
  }

  // The whole of its file is encrypted, and made elsewhere: in the clear there is the short form
  // (cisco-tftp 9.6). Of a device that bind() takes.
  bool has_short_form(const DeviceRecord& device) const noexcept {
    return !device.cert_hash.empty() &&
           tables_.rows.security_profiles[device.security_profile].encrypted_config;
  }

  // The rows of XMLDefault.cnf.xml, and with a family those of its default file.
  Result<const RenderRows*> bind_default(Family family = Family::kSep);

 private:
  Result<void> bind_shared(const DeviceRecord& device);
  Result<void> check_plan(const DeviceRecord& device) const;
  Result<void> bind_vendor_config(std::span<const TagOverride> overrides, const PhoneModel& model,
                                  std::uint32_t position);

  const CampusTables& tables_;
  const Syntax syntax_;
  RenderRows rows_;
  std::array<TagOverride, kMaxVendorTags> merged_;
};

}  // namespace dialtone::generator
