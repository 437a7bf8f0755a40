// SPDX-License-Identifier: Apache-2.0
//
// Renders chosen devices: few by this thread into a segment of their own, many through the
// pipeline.
#include "control/build/build_fault.h"
#include "control/build/device_builder.h"
#include "control/build/device_names.h"
#include "control/build/device_space.h"
#include "control/build/write_gateways.h"
#include "control/database/device_source.h"
#include "control/image/memfd_space.h"
#include "generator/device_files.h"

#include <utility>

namespace dialtone::build {
namespace {

using generator::DeviceFile;
using image_build::FileEntry;
using image_build::MemfdSpace;
using image_build::Pages;

constexpr std::size_t kSmallChunk = 64 * 1024;

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
  DIALTONE_TRY(encoders_.encode(texts, huge_pages_, cancelled_, few.files, few.faults));
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
