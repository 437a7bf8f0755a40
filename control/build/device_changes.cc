// SPDX-License-Identifier: Apache-2.0
//
// The few devices that a change touches.
#include "control/build/device_builder.h"
#include "control/build/device_faults.h"
#include "control/build/write_gateways.h"
#include "control/database/device_source.h"
#include "control/database/device_store.h"
#include "control/image/memfd_space.h"
#include "dataplane/abi/canonical_name.h"
#include "generator/device_files.h"
#include "generator/family.h"

#include <algorithm>
#include <set>
#include <utility>

namespace dialtone::build {
namespace {

using generator::DeviceFile;
using image_build::FileEntry;
using image_build::MemfdSpace;
using image_build::Pages;

constexpr std::size_t kSmallChunk = 64 * 1024;
// Above this share a new base costs less than a delta (generator facts, section 5), unless all of
// it is little.
constexpr std::size_t kFewDevices = 2'000;
constexpr std::size_t kDeltaShare = 20;

void add_names(std::string_view device, generator::DeviceFileSet files,
               std::vector<std::string>& names) {
  for (const DeviceFile form : generator::kAllDeviceFiles) {
    abi::CanonicalName name;
    if (files.has(form) && device_file_name(form, device, name)) {
      names.emplace_back(name.view());
    }
  }
}

Result<std::unique_ptr<MemfdSpace>> new_space(Pages pages) {
  return MemfdSpace::create(pages, pages == Pages::kHuge ? kLargeChunk : kSmallChunk);
}

// Ends the segment that `files` were written to, and says so in their entries.
Result<void> seal_into(NamedFiles& files, std::unique_ptr<MemfdSpace> space) {
  auto segment = MemfdSpace::finish(std::move(space));
  if (!segment) {
    return segment.error();
  }
  for (auto& [name, entry] : files) {
    entry.segment = *segment;
  }
  return {};
}

}  // namespace

FileFault device_fault(std::string_view device, const Error& error) {
  abi::CanonicalName name;
  const bool has_name = device_file_name(DeviceFile::kXml, device, name);
  return {has_name ? std::string(name.view()) : std::string(), error.text, std::string(device)};
}

// Every file is touched. Most service parameters are of the policy alone (docs/cli.md, `param`).
Result<bool> DeviceBuilder::wants_all(const database::ChangeSet& changes) const {
  if (changes.everything || campus_ == nullptr || !changes.parameters) {
    return changes.everything || campus_ == nullptr;
  }
  auto rows = database::load_parameters(database_);
  if (!rows) {
    return rows.error();
  }
  set_default_policy(*rows);
  return rows->campus.enterprise != campus_->rows.campus.enterprise;
}

Result<ChangedFiles> DeviceBuilder::build_changed() {
  built_.reset();
  const auto transaction = database::Transaction::begin_read(database_);
  if (!transaction) {
    return transaction.error();
  }
  auto changes = database::read_changes(database_, last_seq_);
  if (!changes) {
    return changes.error();
  }
  if (changes->last_seq == last_seq_) {
    return ChangedFiles{};
  }
  unbuilt_ = std::move(changes->span);
  unbuilt_seq_ = changes->last_seq;
  const auto all = wants_all(*changes);
  if (!all) {
    return all.error();
  }
  if (*all || changes->devices.size() > std::max(kFewDevices, device_count_ / kDeltaShare)) {
    return ChangedFiles{.everything = true};
  }
  // PostgreSQL's numbers move with whatever its server does; devices are not counted for that.
  if (!changes->shared && changes->devices.empty() && changes->gone.empty() &&
      changes->gateways.empty() && !changes->all_gateways) {
    built_ = Built{.last_seq = changes->last_seq};
    return ChangedFiles{};
  }
  Built built{.last_seq = changes->last_seq};
  auto changed = render_changed(*changes, built);
  if (!changed) {
    return changed.error();
  }
  for (const std::string& device : changes->gone) {
    add_names(device, generator::DeviceFileSet::all(), changed->gone);
    changed->settled.push_back(device);
  }
  // What a device of the name had that is no more; the new one keeps what is built of it.
  for (const std::string& device : changes->reused) {
    const auto& settled = changed->settled;
    if (std::find(settled.begin(), settled.end(), device) != settled.end()) {
      add_names(device, generator::DeviceFileSet::all(), changed->gone);
    }
  }
  if (!built.gateways.empty() || !changes->reused.empty()) {
    // Where a device has gone, the port of a gateway may have its name.
    std::set<std::string_view> there;
    for (const auto& [name, entry] : changed->files) {
      there.insert(name);
    }
    std::erase_if(changed->gone, [&](const std::string& name) { return there.contains(name); });
  }
  // PostgreSQL walks over all of them for it, which is more than the rest of a small change.
  if (changes->counts_anew) {
    const auto devices = database::DeviceStore(database_).count();
    if (!devices) {
      return devices.error();
    }
    built.devices = *devices;
  }
  built_ = std::move(built);
  return changed;
}

Result<ChangedFiles> DeviceBuilder::render_changed(const database::ChangeSet& changes,
                                                   Built& built) const {
  bool shared = changes.shared;
  if (!shared && !(changes.devices.empty() && changes.gone.empty())) {
    const auto differ = families_differ();
    if (!differ) {
      return differ.error();
    }
    shared = *differ;
  }
  CampusPtr campus = campus_;
  if (shared) {
    auto loaded = load_campus(database_);
    if (!loaded) {
      return loaded.error();
    }
    built.campus = campus = *std::move(loaded);
  }
  generator::DeviceBatch batch;
  if (!changes.devices.empty()) {
    DIALTONE_TRY(database::read_devices(database_, campus->rows, changes.devices, batch));
  }
  auto gateways = render_gateways(changes, *campus, batch);
  if (!gateways) {
    return gateways.error();
  }
  if (batch.devices().empty() && !shared && gateways->states.empty()) {
    return ChangedFiles{};
  }
  Result<ChangedFiles> few = failed("not built yet");
  if (huge_pages_ && batch.devices().size() * kBytesPerDevice >= kLargeChunk) {
    few = render_few(batch, *campus, shared, *gateways, Pages::kHuge, built);
  }
  if (!few) {
    // As in build_all(): not enough huge pages is the likely reason.
    few = render_few(batch, *campus, shared, *gateways, Pages::kSmall, built);
  }
  if (few) {
    for (const auto& [id, state] : gateways->states) {
      few->gateways.push_back(id);
    }
    built.set_gateways(std::move(gateways->states));
  }
  return few;
}

Result<GatewayFiles> DeviceBuilder::render_gateways(const database::ChangeSet& changes,
                                                    const LoadedCampus& campus,
                                                    const generator::DeviceBatch& batch) const {
  std::vector<std::string> devices = changes.gone;
  for (const generator::DeviceRecord& device : batch.devices()) {
    devices.emplace_back(device.name);
  }
  return gateways_.changed(database_, campus.rows, campus.prepared, changes, devices);
}

// A device that has another model than before, or under another policy, has other files.
void DeviceBuilder::note_files(const generator::DeviceRecord& device,
                               const generator::RenderedFiles& has, OtherFiles& other_files,
                               std::vector<std::string>& gone) const {
  generator::DeviceFileSet now;
  for (const generator::RenderedFile& file : has) {
    now = now.with(file.form);
  }
  const auto before = other_files_.find(device.id);
  if (before == other_files_.end() && now == kXmlAlone) {
    return;
  }
  // The file in XML may have been there too.
  const generator::DeviceFileSet had =
      before == other_files_.end() ? kXmlAlone : before->second.with(DeviceFile::kXml);
  add_names(device.name, had.without(now), gone);
  other_files.insert_or_assign(device.id, now);
}

// The first device of a family brings its default files, and the last one takes them away. Few
// models are of such a family: the index of devices by model answers for each of them.
Result<bool> DeviceBuilder::families_differ() const {
  std::set<generator::Family> now;
  DIALTONE_TRY(database_.for_each(
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

Result<ChangedFiles> DeviceBuilder::render_few(const generator::DeviceBatch& batch,
                                               const LoadedCampus& campus, bool with_shared,
                                               const GatewayFiles& gateways, Pages pages,
                                               Built& built) const {
  auto made = new_space(pages);
  if (!made) {
    return made.error();
  }
  std::unique_ptr<MemfdSpace> space = *std::move(made);
  ChangedFiles few;
  built.other_files.clear();  // an attempt before this one may have failed
  std::vector<EncoderSet::Text> texts;
  {
    abi::SegmentWriter writer(*space);
    for (const generator::DeviceRecord& device : batch.devices()) {
      const auto files =
          generator::render_device(templates_, campus.prepared, batch, device, writer);
      if (!files && files.error().code == ErrorCode::kRefused) {
        few.faults.push_back(device_fault(device.name, files.error()));
        continue;
      }
      if (!files) {
        return files.error();  // of the memory, not of the device
      }
      for (const generator::RenderedFile& file : *files) {
        if (encoders_.has(file.form)) {
          texts.push_back({few.files.size(), file.form, std::string(device.name)});
        }
        few.files.emplace_back(file.name.view(), FileEntry{nullptr, file.place});
      }
      note_files(device, *files, built.other_files, few.gone);
      few.settled.emplace_back(device.name);
      ++few.devices;
    }
    few.device_files = few.files.size();
    if (with_shared) {
      auto state = shared_.render(templates_, campus.prepared, campus.rows.campus, writer,
                                  few.files, few.faults);
      if (!state) {
        return state.error();
      }
      const std::vector<std::string> gone = shared_.gone(*state);
      few.gone.insert(few.gone.end(), gone.begin(), gone.end());
      built.shared = *std::move(state);
    }
    DIALTONE_TRY(
        write_gateways(gateways, templates_, campus.prepared, writer, few.files, few.faults));
    few.gone.insert(few.gone.end(), gateways.gone.begin(), gateways.gone.end());
  }
  const std::size_t shared = few.files.size() - few.device_files;
  DIALTONE_TRY(seal_into(few.files, std::move(space)));
  DIALTONE_TRY(encoders_.encode(texts, huge_pages_, few.files, few.faults));
  few.device_files = few.files.size() - shared;  // an encoder's failure leaves a device's file out
  return few;
}

}  // namespace dialtone::build
