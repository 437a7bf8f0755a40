// SPDX-License-Identifier: Apache-2.0
//
// The files that a change touches: of its devices, and of shared rows and gateways where it touches
// those.
#include "control/build/device_builder.h"
#include "control/build/device_space.h"
#include "control/database/device_reader.h"
#include "generator/family.h"

#include <set>
#include <utility>

namespace dialtone::build {

using image_build::Pages;

// The first device of a family brings its default files, and the last one takes them away. Few
// models are of such a family: the index of devices by model answers for each of them.
Result<bool> DeviceBuilder::families_differ(database::Database& from) const {
  std::set<generator::Family> now;
  DIALTONE_TRY(from.for_each(
      "SELECT DISTINCT family FROM models WHERE family IN ('sip7960', 'ld', 'gk') AND "
      "EXISTS (SELECT 1 FROM devices WHERE model_id = models.id)",
      [&](const database::Query& row) {
        if (const auto family = generator::family_of(row.text(0))) {
          now.insert(*family);
        }
      }));
  std::set<generator::Family> before;
  for (const generator::PhoneModel& model : campus_->rows.campus.models) {
    if (model.in_use && !family_default_name(model.family).empty()) {
      before.insert(model.family);
    }
  }
  return now != before;
}

Result<ChangedFiles> DeviceBuilder::render_changed(database::Database& from,
                                                   database::Snapshot* snapshot,
                                                   const database::ChangeSet& changes,
                                                   Built& built) const {
  bool shared = changes.shared;
  if (!shared && !(changes.devices.empty() && changes.gone.empty())) {
    const auto differ = families_differ(from);
    if (!differ) {
      return differ.error();
    }
    shared = *differ;
  }
  CampusPtr campus = campus_;
  if (shared) {
    auto loaded = load_campus(from);
    if (!loaded) {
      return loaded.error();
    }
    built.campus = campus = *std::move(loaded);
  }
  const auto gateways = render_gateways(from, *campus, changes);
  if (!gateways) {
    return gateways.error();
  }
  if (changes.devices.empty() && !shared && gateways->states.empty()) {
    return ChangedFiles{};
  }
  const Beside beside{*campus, shared, *gateways};
  Result<ChangedFiles> changed = failed("not built yet");
  if (snapshot != nullptr) {
    changed = render_many(*snapshot, changes.devices, beside, built);
  } else {
    generator::DeviceBatch batch;
    DIALTONE_TRY(database::read_devices(from, campus->rows, changes.devices, batch));
    if (huge_pages_ && batch.devices().size() * kBytesPerDevice >= kLargeChunk) {
      changed = render_few(batch, beside, Pages::kHuge, built);
    }
    if (!changed) {
      // As in render_source(): not enough huge pages is the likely reason.
      changed = render_few(batch, beside, Pages::kSmall, built);
    }
  }
  if (!changed) {
    return changed.error();
  }
  if (built.shared) {
    changed->shared = true;
    const std::vector<std::string> gone = shared_.gone(*built.shared);
    changed->gone.insert(changed->gone.end(), gone.begin(), gone.end());
  }
  changed->gone.insert(changed->gone.end(), gateways->gone.begin(), gateways->gone.end());
  for (const auto& [id, state] : gateways->states) {
    changed->gateways.push_back(id);
  }
  built.set_gateways(gateways->states);
  return changed;
}

Result<GatewayFiles> DeviceBuilder::render_gateways(database::Database& from,
                                                    const LoadedCampus& campus,
                                                    const database::ChangeSet& changes) const {
  std::vector<std::string> devices = changes.gone;
  devices.insert(devices.end(), changes.named.begin(), changes.named.end());
  return gateways_.changed(from, campus.rows, campus.prepared, changes, devices);
}

}  // namespace dialtone::build
