// SPDX-License-Identifier: Apache-2.0
#include "control/build/device_builder.h"

#include "control/build/spelled_names.h"
#include "control/build/write_gateways.h"
#include "control/database/device_source.h"
#include "control/database/device_store.h"
#include "control/image/memfd_space.h"
#include "control/image/segment_set.h"
#include "dataplane/abi/canonical_name.h"
#include "generator/device_files.h"
#include "generator/family.h"

#include <algorithm>
#include <set>
#include <span>
#include <utility>

namespace dialtone::build {
namespace {

using generator::DeviceFile;
using image_build::FileEntry;
using image_build::MemfdSpace;
using image_build::Pages;

constexpr std::size_t kSmallChunk = 64 * 1024;
constexpr std::size_t kLargeChunk = std::size_t{2} << 20;
// Of a full build: what a core's second cache holds beside the rows; of its end, where no further
// file fits, little is lost.
constexpr std::size_t kBuildChunk = std::size_t{1} << 20;
// A file of 10 KB, with record, name and sums.
constexpr std::size_t kBytesPerDevice = 10'500;

// Above this share a new base costs less than a delta (generator facts, section 5), unless all of
// it is little.
constexpr std::size_t kFewDevices = 2'000;
constexpr std::size_t kDeltaShare = 20;

// The log of changes keeps this many that are built, for whoever looks back.
constexpr std::int64_t kKeptChanges = 10'000;

FileFault device_fault(std::string_view device, const Error& error) {
  abi::CanonicalName name;
  const bool has_name = device_file_name(DeviceFile::kXml, device, name);
  return {has_name ? std::string(name.view()) : std::string(), error.text, std::string(device)};
}

void add_names(std::string_view device, generator::DeviceFileSet files,
               std::vector<std::string>& names) {
  for (const DeviceFile form : generator::kAllDeviceFiles) {
    abi::CanonicalName name;
    if (files.has(form) && device_file_name(form, device, name)) {
      names.emplace_back(name.view());
    }
  }
}

constexpr generator::DeviceFileSet kXmlAlone = generator::DeviceFileSet().with(DeviceFile::kXml);

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

Result<std::unique_ptr<DeviceBuilder>> DeviceBuilder::create(std::string path,
                                                             database::Database& database,
                                                             int threads, bool huge_pages) {
  auto templates = generator::built_in_templates();
  if (!templates) {
    return templates.error();
  }
  return std::unique_ptr<DeviceBuilder>(
      new DeviceBuilder(std::move(path), database, threads, huge_pages, *std::move(templates)));
}

Result<void> DeviceBuilder::load_shared(database::Database& from) {
  auto rows = database::load_campus(from);
  if (!rows) {
    return rows.error();
  }
  rows->campus.encodes_cnf = encoders_.has(DeviceFile::kCnf);
  if (!rows->has_build_cnf) {
    rows->campus.enterprise.build_cnf = default_policy_;
  }
  auto campus = generator::PreparedCampus::prepare(rows->campus);
  if (!campus) {
    return campus.error();
  }
  rows_ = *std::move(rows);
  campus_.emplace(*std::move(campus));
  return {};
}

// Behind what build_changed() has read. Nothing was followed before the first build.
Result<void> DeviceBuilder::read_rest_of_log(database::Snapshot& snapshot) {
  if (!campus_) {
    return {};
  }
  const std::int64_t since = std::max(last_seq_, unbuilt_seq_);
  auto rest = database::read_span(snapshot.database(), since, snapshot.last_change());
  if (!rest) {
    return rest.error();
  }
  unbuilt_.append(*rest);
  unbuilt_seq_ = snapshot.last_change();
  return {};
}

Result<AllFiles> DeviceBuilder::build_all() {
  auto snapshot = database::Snapshot::take(path_, threads_);
  if (!snapshot) {
    return snapshot.error();
  }
  database::Database& reader = (*snapshot)->database();
  const auto devices = database::DeviceStore(reader).count();
  if (!devices) {
    return devices.error();
  }
  DIALTONE_TRY(read_rest_of_log(**snapshot));
  DIALTONE_TRY(load_shared(reader));
  const auto gateways = gateways_.all(reader, rows_, *campus_);
  if (!gateways) {
    return gateways.error();
  }
  Result<AllFiles> all = failed("not built yet");
  if (huge_pages_ && *devices * kBytesPerDevice >= kLargeChunk) {
    all = build_segment(**snapshot, *gateways, Pages::kHuge);
  }
  if (!all) {
    // Not enough huge pages is the likely reason; any other one shows again.
    all = build_segment(**snapshot, *gateways, Pages::kSmall);
  }
  if (all) {
    gateways_.adopt(*gateways);
    last_seq_ = (*snapshot)->last_change();
    device_count_ = *devices;
    all->span = std::exchange(unbuilt_, {});
  }
  return all;
}

Result<AllFiles> DeviceBuilder::build_segment(database::Snapshot& snapshot,
                                              const GatewayFiles& gateways, Pages pages) {
  image_build::SegmentSet space(pages, pages == Pages::kHuge ? kLargeChunk : kBuildChunk);
  database::SqliteDeviceSource source(snapshot, rows_);
  generator::BuildOptions options;
  options.threads = threads_;
  options.leave_out_faulty = true;
  auto built = generator::build_devices(templates_, *campus_, source, space, options);
  if (!built) {
    return built.error();
  }
  AllFiles all{.devices = built->devices};
  other_files_.clear();
  NamedFiles& files = all.files;
  files.reserve(built->files.size() + 1);
  std::vector<EncoderSet::Text> texts;
  for (const generator::BuiltFile& file : built->files) {
    if (file.form != DeviceFile::kXml) {
      generator::DeviceFileSet& files_of_it = other_files_[file.device_id];
      files_of_it = files_of_it.with(file.form);
      if (encoders_.has(file.form)) {
        texts.push_back({files.size(), file.form, std::string(file.device)});
      }
    }
    files.emplace_back(file.name, FileEntry{nullptr, file.place});
  }
  for (const generator::BuildFault& fault : built->faults) {
    all.faults.push_back(device_fault(fault.device, fault.error));
  }
  const std::size_t of_devices = files.size();
  {
    abi::SegmentWriter writer(space);
    if (auto gone = shared_.render(templates_, *campus_, rows_.campus, writer, files, all.faults);
        !gone) {
      return gone.error();
    }
    DIALTONE_TRY(write_gateways(gateways, templates_, *campus_, writer, files, all.faults));
  }
  const auto segments = space.finish();
  if (!segments) {
    return segments.error();
  }
  for (auto& [name, entry] : files) {
    entry.segment = (*segments)[entry.place.segment];
  }
  const std::size_t of_others = files.size() - of_devices;
  DIALTONE_TRY(encoders_.encode(texts, huge_pages_, files, all.faults));
  // An encoder's failure leaves a device's file out. No look at the records of so many.
  all.counts.add(abi::FileClass::kDeviceConfig, files.size() - of_others);
  for (auto file = files.end() - static_cast<std::ptrdiff_t>(of_others); file != files.end();
       ++file) {
    all.counts.add(file->first, file->second);
  }
  return all;
}

Result<ChangedFiles> DeviceBuilder::build_changed() {
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
  if (changes->everything || !campus_ ||
      changes->devices.size() > std::max(kFewDevices, device_count_ / kDeltaShare)) {
    return ChangedFiles{.everything = true};
  }
  // PostgreSQL's numbers move with whatever its server does; devices are not counted for that.
  if (!changes->shared && changes->devices.empty() && changes->gone.empty() &&
      changes->gateways.empty() && !changes->all_gateways) {
    last_seq_ = changes->last_seq;
    return ChangedFiles{.span = std::exchange(unbuilt_, {})};
  }
  auto changed = render_changed(*changes);
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
  if (!changed->gateways.states.empty() || !changes->reused.empty()) {
    // Where a device has gone, the port of a gateway may have its name.
    std::set<std::string_view> built;
    for (const auto& [name, entry] : changed->files) {
      built.insert(name);
    }
    std::erase_if(changed->gone, [&](const std::string& name) { return built.contains(name); });
  }
  const auto devices = database::DeviceStore(database_).count();
  if (!devices) {
    return devices.error();
  }
  device_count_ = *devices;
  gateways_.adopt(changed->gateways);
  last_seq_ = changes->last_seq;
  changed->span = std::exchange(unbuilt_, {});
  return changed;
}

Result<ChangedFiles> DeviceBuilder::render_changed(const database::ChangeSet& changes) {
  bool shared = changes.shared;
  if (shared) {
    DIALTONE_TRY(load_shared(database_));
  }
  generator::DeviceBatch batch;
  if (!changes.devices.empty()) {
    DIALTONE_TRY(database::read_devices(database_, rows_, changes.devices, batch));
  }
  if (!shared && !(changes.devices.empty() && changes.gone.empty())) {
    const auto differ = families_differ();
    if (!differ) {
      return differ.error();
    }
    shared = *differ;
    if (shared) {
      DIALTONE_TRY(load_shared(database_));
    }
  }
  auto gateways = render_gateways(changes, batch);
  if (!gateways) {
    return gateways.error();
  }
  if (batch.devices().empty() && !shared && gateways->states.empty()) {
    return ChangedFiles{};
  }
  Result<ChangedFiles> few = failed("not built yet");
  if (huge_pages_ && batch.devices().size() * kBytesPerDevice >= kLargeChunk) {
    few = render_few(batch, shared, *gateways, Pages::kHuge);
  }
  if (!few) {
    // As in build_all(): not enough huge pages is the likely reason.
    few = render_few(batch, shared, *gateways, Pages::kSmall);
  }
  if (few) {
    few->gateways = *std::move(gateways);
  }
  return few;
}

Result<GatewayFiles> DeviceBuilder::render_gateways(const database::ChangeSet& changes,
                                                    const generator::DeviceBatch& batch) const {
  std::vector<std::string> devices = changes.gone;
  for (const generator::DeviceRecord& device : batch.devices()) {
    devices.emplace_back(device.name);
  }
  return gateways_.changed(database_, rows_, *campus_, changes, devices);
}

// A device that has another model than before, or under another policy, has other files.
void DeviceBuilder::note_files(const generator::DeviceRecord& device,
                               const generator::RenderedFiles& has,
                               std::vector<std::string>& gone) {
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
  if (now == kXmlAlone) {
    other_files_.erase(device.id);
  } else {
    other_files_[device.id] = now;
  }
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
  for (const generator::PhoneModel& model : rows_.campus.models) {
    if (model.in_use && !family_default_name(model.family).empty()) {
      before.insert(model.family);
    }
  }
  return now != before;
}

Result<ChangedFiles> DeviceBuilder::render_few(const generator::DeviceBatch& batch,
                                               bool with_shared, const GatewayFiles& gateways,
                                               Pages pages) {
  auto made = new_space(pages);
  if (!made) {
    return made.error();
  }
  std::unique_ptr<MemfdSpace> space = *std::move(made);
  ChangedFiles few;
  std::vector<EncoderSet::Text> texts;
  {
    abi::SegmentWriter writer(*space);
    for (const generator::DeviceRecord& device : batch.devices()) {
      const auto files = generator::render_device(templates_, *campus_, batch, device, writer);
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
      note_files(device, *files, few.gone);
      few.settled.emplace_back(device.name);
      ++few.devices;
    }
    few.device_files = few.files.size();
    if (with_shared) {
      auto gone = shared_.render(templates_, *campus_, rows_.campus, writer, few.files, few.faults);
      if (!gone) {
        return gone.error();
      }
      few.gone.insert(few.gone.end(), gone->begin(), gone->end());
    }
    DIALTONE_TRY(write_gateways(gateways, templates_, *campus_, writer, few.files, few.faults));
    few.gone.insert(few.gone.end(), gateways.gone.begin(), gateways.gone.end());
  }
  const std::size_t shared = few.files.size() - few.device_files;
  DIALTONE_TRY(seal_into(few.files, std::move(space)));
  DIALTONE_TRY(encoders_.encode(texts, huge_pages_, few.files, few.faults));
  few.device_files = few.files.size() - shared;  // an encoder's failure leaves a device's file out
  return few;
}

std::string DeviceBuilder::spelled(const std::string& name) const {
  std::string shared = shared_.spelled(name);
  if (!shared.empty()) {
    return shared;
  }
  const GatewayState::File* gateway = gateways_.find(name);
  return gateway == nullptr ? spelled_device_file(name) : gateway->spelled;
}

void DeviceBuilder::trim_log() {
  if (last_seq_ - trimmed_seq_ < 2 * kKeptChanges) {
    return;
  }
  trimmed_seq_ = last_seq_ - kKeptChanges;
  // A database that another process has locked is trimmed the next time.
  (void)database::trim_changes(database_, trimmed_seq_);
}

}  // namespace dialtone::build
