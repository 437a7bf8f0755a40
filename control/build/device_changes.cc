// SPDX-License-Identifier: Apache-2.0
//
// The devices that a change touches.
#include "control/build/device_builder.h"
#include "control/build/device_faults.h"
#include "control/build/write_gateways.h"
#include "control/database/device_reader.h"
#include "control/database/device_source.h"
#include "control/database/device_store.h"
#include "control/image/memfd_space.h"
#include "dataplane/abi/canonical_name.h"
#include "generator/device_files.h"
#include "generator/family.h"

#include <algorithm>
#include <set>
#include <string_view>
#include <unordered_set>
#include <utility>

namespace dialtone::build {
namespace {

using generator::DeviceFile;
using image_build::FileEntry;
using image_build::MemfdSpace;
using image_build::Pages;

constexpr std::size_t kSmallChunk = 64 * 1024;
// More are read and rendered by several threads, each with a connection of its own, which cost some
// milliseconds to open.
constexpr std::size_t kFewDevices = 2'000;
// Above this share all are built anew: to pick many of the rows is dearer than to read them all,
// and what is replaced would stay in memory beside what replaces it.
constexpr std::size_t kMostShare = 2;

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

// Every file is touched, or so many.
bool DeviceBuilder::is_of_most(const database::ChangeSet& changes) const noexcept {
  return changes.everything || campus_ == nullptr ||
         changes.devices.size() > std::max(kFewDevices, device_count_ / kMostShare);
}

// Most service parameters are of the policy alone (docs/cli.md, `param`).
Result<bool> DeviceBuilder::wants_all(database::Database& from,
                                      const database::ChangeSet& changes) const {
  if (is_of_most(changes) || !changes.parameters) {
    return is_of_most(changes);
  }
  auto rows = database::load_parameters(from);
  if (!rows) {
    return rows.error();
  }
  set_default_policy(*rows);
  return rows->campus.enterprise != campus_->rows.campus.enterprise;
}

Result<database::ChangeSet> DeviceBuilder::read_changes(database::Database& from) {
  auto changes = database::read_changes(from, last_seq_);
  if (changes && changes->last_seq != last_seq_) {
    unbuilt_ = changes->span;
    unbuilt_seq_ = changes->last_seq;
  }
  return changes;
}

Result<ChangedFiles> DeviceBuilder::build_changed() {
  built_.reset();
  {
    const auto transaction = database::Transaction::begin_read(database_);
    if (!transaction) {
      return transaction.error();
    }
    const auto changes = read_changes(database_);
    if (!changes) {
      return changes.error();
    }
    if (changes->devices.size() <= kFewDevices || is_of_most(*changes)) {
      return build_changes(database_, nullptr, *changes);
    }
  }
  // Of one moment for all threads, which may be a later one.
  const auto snapshot = database::Snapshot::take(path_, threads_);
  if (!snapshot) {
    return snapshot.error();
  }
  database::Database& from = (*snapshot)->database();
  const auto changes = read_changes(from);
  return changes ? build_changes(from, snapshot->get(), *changes)
                 : Result<ChangedFiles>(changes.error());
}

// `snapshot`: of `from`; null: it is the connection of this thread alone.
Result<ChangedFiles> DeviceBuilder::build_changes(database::Database& from,
                                                  database::Snapshot* snapshot,
                                                  const database::ChangeSet& changes) {
  if (changes.last_seq == last_seq_) {
    return ChangedFiles{};
  }
  const auto all = wants_all(from, changes);
  if (!all) {
    return all.error();
  }
  if (*all) {
    return ChangedFiles{.everything = true};
  }
  Built built{.last_seq = changes.last_seq};
  // PostgreSQL's numbers move with whatever its server does; devices are not counted for that.
  if (!changes.shared && changes.devices.empty() && changes.gone.empty() &&
      changes.gateways.empty() && !changes.all_gateways) {
    built_ = std::move(built);
    return ChangedFiles{};
  }
  auto changed = render_changed(from, snapshot, changes, built);
  if (!changed) {
    return changed.error();
  }
  for (const std::string& device : changes.gone) {
    add_names(device, generator::DeviceFileSet::all(), changed->gone);
    changed->settled.push_back(device);
  }
  // What a device of the name had that is no more; the new one keeps what is built of it.
  if (!changes.reused.empty()) {
    const std::unordered_set<std::string_view> settled(changed->settled.begin(),
                                                       changed->settled.end());
    for (const std::string& device : changes.reused) {
      if (settled.contains(device)) {
        add_names(device, generator::DeviceFileSet::all(), changed->gone);
      }
    }
  }
  if (!built.gateways.empty() || !changes.reused.empty()) {
    // Where a device has gone, the port of a gateway may have its name.
    std::set<std::string_view> there;
    for (const auto& [name, entry] : changed->files) {
      there.insert(name);
    }
    std::erase_if(changed->gone, [&](const std::string& name) { return there.contains(name); });
  }
  // PostgreSQL walks over all of them for it, which is more than the rest of a small change.
  if (changes.counts_anew) {
    const auto devices = database::DeviceStore(from).count();
    if (!devices) {
      return devices.error();
    }
    built.devices = *devices;
  }
  built_ = std::move(built);
  return changed;
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

// A device that has another model than before, or under another policy, has other files.
void DeviceBuilder::note_files(std::int64_t id, std::string_view device,
                               generator::DeviceFileSet now, OtherFiles& other_files,
                               std::vector<std::string>& gone) const {
  const auto before = other_files_.find(id);
  if (before == other_files_.end() && now == kXmlAlone) {
    return;
  }
  // The file in XML may have been there too.
  const generator::DeviceFileSet had =
      before == other_files_.end() ? kXmlAlone : before->second.with(DeviceFile::kXml);
  add_names(device, had.without(now), gone);
  other_files.insert_or_assign(id, now);
}

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

Result<ChangedFiles> DeviceBuilder::render_few(const generator::DeviceBatch& batch,
                                               const Beside& beside, Pages pages,
                                               Built& built) const {
  const LoadedCampus& campus = beside.campus;
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
      generator::DeviceFileSet now;
      for (const generator::RenderedFile& file : *files) {
        now = now.with(file.form);
        if (encoders_.has(file.form)) {
          texts.push_back({few.files.size(), file.form, std::string(device.name)});
        }
        few.files.emplace_back(file.name.view(), FileEntry{nullptr, file.place});
      }
      note_files(device.id, device.name, now, built.other_files, few.gone);
      few.settled.emplace_back(device.name);
      ++few.devices;
    }
    few.device_files = few.files.size();
    if (beside.shared) {
      auto state = shared_.render(templates_, campus.prepared, campus.rows.campus, writer,
                                  few.files, few.faults);
      if (!state) {
        return state.error();
      }
      built.shared = *std::move(state);
    }
    DIALTONE_TRY(write_gateways(beside.gateways, templates_, campus.prepared, writer, few.files,
                                few.faults));
  }
  const std::size_t others = few.files.size() - few.device_files;
  DIALTONE_TRY(seal_into(few.files, std::move(space)));
  DIALTONE_TRY(encoders_.encode(texts, huge_pages_, few.files, few.faults));
  few.device_files = few.files.size() - others;  // an encoder's failure leaves a device's file out
  return few;
}

Result<ChangedFiles> DeviceBuilder::render_many(database::Snapshot& snapshot,
                                                const std::vector<std::int64_t>& devices,
                                                const Beside& beside, Built& built) const {
  ChangedFiles many;
  const auto note = [&](const generator::BuildOutput& output) {
    built.other_files.clear();
    many.gone.clear();
    many.settled.clear();
    for (auto file = output.files.begin(); file != output.files.end();) {
      const generator::BuiltFile& first = *file;
      generator::DeviceFileSet now;
      for (; file != output.files.end() && file->device_id == first.device_id; ++file) {
        now = now.with(file->form);
      }
      note_files(first.device_id, first.device, now, built.other_files, many.gone);
      many.settled.emplace_back(first.device);
    }
  };
  database::ChosenDeviceSource source(snapshot, beside.campus.rows, devices);
  auto rendered = render_source(source, beside, /*names_devices=*/true, devices.size(), note);
  if (!rendered) {
    return rendered.error();
  }
  many.devices = rendered->devices;
  many.files = std::move(rendered->files);
  many.device_files = rendered->device_files;
  many.faults = std::move(rendered->faults);
  built.shared = std::move(rendered->shared);
  return many;
}

}  // namespace dialtone::build
