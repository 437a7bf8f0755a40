// SPDX-License-Identifier: Apache-2.0
#include "control/build/device_builder.h"

#include "control/build/build_fault.h"
#include "control/build/device_space.h"
#include "control/build/spelled_names.h"
#include "control/build/write_gateways.h"
#include "control/database/device_source.h"
#include "control/database/device_store.h"
#include "control/image/segment_set.h"

#include <algorithm>
#include <utility>

namespace dialtone::build {
namespace {

using generator::DeviceFile;
using image_build::FileEntry;
using image_build::Pages;

// Of a full build: what a core's second cache holds beside the rows; of its end, where no further
// file fits, little is lost.
constexpr std::size_t kBuildChunk = std::size_t{1} << 20;
// The log of changes keeps this many that are built, for whoever looks back.
constexpr std::int64_t kKeptChanges = 10'000;

NamedFiles named_files(const std::vector<generator::BuiltFile>& built, const Spread& spread) {
  constexpr std::size_t kPerPart = 16'384;  // about a millisecond
  NamedFiles files;
  files.reserve(built.size() + built.size() / 16 + 64);  // those of shared rows come behind
  files.resize(built.size());
  spread.run((built.size() + kPerPart - 1) / kPerPart, [&](std::size_t part) {
    const std::size_t begin = part * kPerPart;
    for (std::size_t i = begin; i < std::min(begin + kPerPart, built.size()); ++i) {
      files[i] = {std::string(built[i].name), FileEntry{nullptr, built[i].place}};
    }
  });
  return files;
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

void DeviceBuilder::set_default_policy(database::CampusRows& rows) const {
  if (!rows.has_build_cnf) {
    rows.campus.enterprise.build_cnf = default_policy_;
  }
}

Result<DeviceBuilder::CampusPtr> DeviceBuilder::load_campus(database::Database& from) const {
  auto rows = database::load_campus(from);
  if (!rows) {
    return rows.error();
  }
  rows->campus.encodes_cnf = encoders_.has(DeviceFile::kCnf);
  set_default_policy(*rows);
  auto campus = generator::PreparedCampus::prepare(rows->campus);
  if (!campus) {
    return campus.error();
  }
  return CampusPtr(
      std::make_shared<LoadedCampus>(LoadedCampus{*std::move(rows), *std::move(campus)}));
}

// Behind what build_changed() has read. Nothing was followed before the first build.
Result<void> DeviceBuilder::read_rest_of_log(database::Snapshot& snapshot) {
  if (campus_ == nullptr) {
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

Result<AllFiles> DeviceBuilder::build_all(const image_build::FileTable& files) {
  built_.reset();
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
  auto campus = load_campus(reader);
  if (!campus) {
    return campus.error();
  }
  const auto gateways = gateways_.all(reader, (*campus)->rows, (*campus)->prepared);
  if (!gateways) {
    return gateways.error();
  }
  auto typed = read_typed_cnf(reader, files, (*campus)->rows.campus.enterprise.build_cnf);
  if (!typed) {
    return typed.error();
  }
  Built built{.is_all = true,
              .campus = *campus,
              .last_seq = (*snapshot)->last_change(),
              .devices = *devices};
  const auto note = [&](const generator::BuildOutput& output) {
    built.other_files.clear();
    for (const generator::BuiltFile& file : output.files) {
      if (file.form != DeviceFile::kXml) {
        generator::DeviceFileSet& of_it = built.other_files[file.device_id];
        of_it = of_it.with(file.form);
      }
    }
  };
  database::AllDeviceSource source(**snapshot, (*campus)->rows);
  auto rendered =
      render_source(source, {**campus, true, *gateways}, /*names_devices=*/false, *devices, note);
  if (!rendered) {
    return rendered.error();
  }
  built.shared = std::move(rendered->shared);
  built.set_gateways(gateways->states);
  built_ = std::move(built);
  AllFiles all{.devices = rendered->devices,
               .files = std::move(rendered->files),
               .faults = std::move(rendered->faults),
               .typed_cnf = *std::move(typed)};
  for (const auto& [name, entry] : all.files) {
    all.counts.add(name, entry);
  }
  return all;
}

void DeviceBuilder::Built::set_gateways(GatewayStates states) {
  gateways = std::move(states);
  for (const auto& [id, state] : gateways) {
    if (state) {
      for (const auto& [name, file] : state->files) {
        gateway_names.insert_or_assign(name, file.spelled);
      }
    }
  }
}

database::LoggedSpan DeviceBuilder::adopt() {
  if (!built_) {
    return {};
  }
  Built& built = *built_;
  if (built.campus != nullptr) {
    campus_ = std::move(built.campus);
  }
  if (built.shared) {
    shared_.adopt(*std::move(built.shared));
  }
  gateways_.adopt(built.gateways);
  if (built.is_all) {
    other_files_ = std::move(built.other_files);
  } else {
    for (const auto& [device, files] : built.other_files) {
      if (files == kXmlAlone) {
        other_files_.erase(device);
      } else {
        other_files_.insert_or_assign(device, files);
      }
    }
  }
  last_seq_ = built.last_seq;
  device_count_ = built.devices.value_or(device_count_);
  built_.reset();
  return std::exchange(unbuilt_, {});
}

// On huge pages, when there is enough for them.
Result<DeviceBuilder::Rendered> DeviceBuilder::render_source(generator::DeviceSource& source,
                                                             const Beside& beside,
                                                             bool names_devices,
                                                             std::size_t devices,
                                                             const NoteBuilt& note) const {
  Result<Rendered> rendered = failed("the build was cancelled");
  if (huge_pages_ && devices * kBytesPerDevice >= kLargeChunk) {
    rendered = render_source(source, beside, names_devices, Pages::kHuge, note);
  }
  if (!rendered && !(cancelled_ && cancelled_())) {
    // Not enough huge pages is the likely reason; any other one shows again.
    rendered = render_source(source, beside, names_devices, Pages::kSmall, note);
  }
  return rendered;
}

Result<DeviceBuilder::Rendered> DeviceBuilder::render_source(generator::DeviceSource& source,
                                                             const Beside& beside,
                                                             bool names_devices, Pages pages,
                                                             const NoteBuilt& note) const {
  const generator::PreparedCampus& prepared = beside.campus.prepared;
  image_build::SegmentSet space(pages, pages == Pages::kHuge ? kLargeChunk : kBuildChunk);
  generator::BuildOptions options;
  options.threads = threads_;
  options.leave_out_faulty = true;
  options.names_devices = names_devices;
  options.cancelled = cancelled_;
  auto built = generator::build_devices(templates_, prepared, source, space, options);
  if (!built) {
    return built.error();
  }
  note(*built);
  Rendered rendered{.devices = built->devices};
  NamedFiles& files = rendered.files;
  std::vector<EncoderSet::Text> texts;
  for (std::size_t i = 0; i < built->files.size(); ++i) {
    const generator::BuiltFile& file = built->files[i];
    if (file.form != DeviceFile::kXml && encoders_.has(file.form)) {
      texts.push_back({i, file.form, std::string(file.device)});
    }
  }
  files = named_files(built->files, Spread(threads_));
  for (const generator::BuildFault& fault : built->faults) {
    rendered.faults.push_back(device_fault(fault.device, fault.error));
  }
  const std::size_t of_devices = files.size();
  *built = {};  // as much memory as the table of all files
  {
    abi::SegmentWriter writer(space);
    if (beside.shared) {
      auto shared = shared_.render(templates_, prepared, beside.campus.rows.campus, writer, files,
                                   rendered.faults);
      if (!shared) {
        return shared.error();
      }
      rendered.shared = *std::move(shared);
    }
    DIALTONE_TRY(
        write_gateways(beside.gateways, templates_, prepared, writer, files, rendered.faults));
  }
  const auto segments = space.finish();
  if (!segments) {
    return segments.error();
  }
  for (auto& [name, entry] : files) {
    entry.segment = (*segments)[entry.place.segment];
  }
  const std::size_t of_others = files.size() - of_devices;
  DIALTONE_TRY(encoders_.encode(texts, huge_pages_, cancelled_, files, rendered.faults));
  rendered.device_files = files.size() - of_others;  // an encoder's failure leaves one out
  return rendered;
}

std::string DeviceBuilder::spelled(const std::string& name) const {
  if (built_) {
    if (built_->shared) {
      const auto found = built_->shared->spelled.find(name);
      if (found != built_->shared->spelled.end()) {
        return found->second;
      }
    }
    const auto found = built_->gateway_names.find(name);
    if (found != built_->gateway_names.end()) {
      return found->second;
    }
  }
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
