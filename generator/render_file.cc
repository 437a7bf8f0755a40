// SPDX-License-Identifier: Apache-2.0
#include "generator/render_file.h"

#include "generator/device_name.h"
#include "generator/family.h"
#include "generator/ptag.h"

#include <string>
#include <string_view>

namespace dialtone::generator {
namespace {

Error about(std::string_view name, const Error& error) {
  const std::string who(name.empty() ? std::string_view("a device without a name") : name);
  return {error.code, who + ": " + error.text};
}

// The text, which lies in the segment, is looked at before it is one of its files.
Result<void> write(const Template& program, const RenderRows& rows, abi::SegmentWriter& writer,
                   RenderedFile& file, Family checked = Family::kSep,
                   Protocol protocol = Protocol::kSip, ProfileOf of = ProfileOf::kDevice) {
  auto room = writer.begin(file.name.view(), size_bound(program, rows));
  if (!room) {
    return room.error();
  }
  const std::size_t length = render(program, rows, *room);
  if (has_ptags(checked)) {
    DIALTONE_TRY(check_profile(checked, protocol,
                               {reinterpret_cast<const char*>(room->data()), length}, of));
  }
  file.place = writer.commit(length, {abi::Origin::kBuilt, file.file_class, file.modified_s});
  return {};
}

const Template& template_of(const TemplateSet& templates, DeviceFile form,
                            Protocol protocol) noexcept {
  const bool is_sip = protocol == Protocol::kSip;
  switch (form) {
    case DeviceFile::kSip7960:
      return templates.sip7960;
    case DeviceFile::kLd:
      return templates.ld;
    case DeviceFile::kGk:
      return templates.gk;
    case DeviceFile::kAta:
      return is_sip ? templates.ata_sip : templates.ata_sccp;
    case DeviceFile::kCnf:
      return templates.cnf;
    case DeviceFile::kXml:
      break;
  }
  return is_sip ? templates.sep_sip : templates.sep_sccp;
}

// The family whose table a file of this form is held against; kSep: none.
Family checked_family(DeviceFile form) noexcept {
  switch (form) {
    case DeviceFile::kLd:
      return Family::kLd;
    case DeviceFile::kGk:
      return Family::kGk;
    case DeviceFile::kAta:
      return Family::kAta;
    default:
      return Family::kSep;
  }
}

}  // namespace

Result<void> DeviceRenderer::render(const TemplateSet& templates, const DeviceBatch& batch,
                                    const DeviceRecord& device, abi::SegmentWriter& writer,
                                    RenderedFiles& files) {
  files.count = 0;
  if (const std::string fault = device_name_fault(device.name); !fault.empty()) {
    return refused(
        "devices, id " + std::to_string(device.id) + ": " + fault +
        "; rename the row where it was written, or take it away with 'dialtone device rm'");
  }
  if (xml_.model(device) == nullptr) {
    // Says what is wrong with the reference.
    const auto rows = xml_.bind(batch, device);
    return about(device.name, rows ? refused("it has no model") : rows.error());
  }
  const DeviceFileSet wanted = xml_.files(device);
  for (const DeviceFile form : kAllDeviceFiles) {
    if (!wanted.has(form)) {
      continue;
    }
    RenderedFile& file = files.all[files.count];
    file.form = form;
    if (auto rendered = render_one(templates, batch, device, writer, file); !rendered) {
      return about(device.name, rendered.error());
    }
    ++files.count;
  }
  return {};
}

Result<void> DeviceRenderer::render_one(const TemplateSet& templates, const DeviceBatch& batch,
                                        const DeviceRecord& device, abi::SegmentWriter& writer,
                                        RenderedFile& file) {
  if (!device_file_name(file.form, device.name, file.name)) {
    return refused(
        "the file of its model is named by a MAC address, which this name has not; add the device "
        "as SEP and the 12 digits of it, or give this one another model");
  }
  const Protocol protocol = xml_.protocol(device);
  const Template& whole = template_of(templates, file.form, protocol);
  auto rows = (whole.syntax == Syntax::kXml ? xml_ : lines_).bind(batch, device);
  if (!rows) {
    return rows.error();
  }
  const bool is_short = file.form == DeviceFile::kXml && xml_.has_short_form(device);
  const Template& program = is_short ? templates.short_form : whole;
  file.file_class = abi::FileClass::kDeviceConfig;
  file.modified_s = device.changed_s;
  return write(program, **rows, writer, file, checked_family(file.form), protocol);
}

Result<RenderedFiles> render_device(const TemplateSet& templates, const PreparedCampus& campus,
                                    const DeviceBatch& batch, const DeviceRecord& device,
                                    abi::SegmentWriter& writer) {
  DeviceRenderer renderer(campus);
  RenderedFiles files;
  DIALTONE_TRY(renderer.render(templates, batch, device, writer, files));
  return files;
}

Result<RenderedFile> render_default(const TemplateSet& templates, const PreparedCampus& campus,
                                    std::uint64_t modified_s, abi::SegmentWriter& writer) {
  RowBinder binder(campus);
  auto rows = binder.bind_default();
  if (!rows) {
    return rows.error();
  }
  RenderedFile file;
  abi::canonicalize("xmldefault.cnf.xml", file.name);
  file.file_class = abi::FileClass::kDefaultConfig;
  file.modified_s = modified_s;
  DIALTONE_TRY(write(templates.xml_default, **rows, writer, file));
  return file;
}

Result<RenderedFile> render_family_default(const TemplateSet& templates,
                                           const PreparedCampus& campus, Family family,
                                           std::uint64_t modified_s, abi::SegmentWriter& writer) {
  const std::string_view name = family_default_name(family);
  RowBinder binder(campus, Syntax::kLines);
  auto rows = binder.bind_default(family);
  if (!rows) {
    return about(name, rows.error());
  }
  RenderedFile file;
  if (!abi::canonicalize(name, file.name)) {
    return refused("this family has no default file");
  }
  file.file_class = abi::FileClass::kDefaultConfig;
  file.modified_s = modified_s;
  const bool is_list = family != Family::kSip7960;
  const Template& program = is_list ? templates.list_default : templates.sip7960_default;
  if (auto written =
          write(program, **rows, writer, file, family, Protocol::kSip, ProfileOf::kFamily);
      !written) {
    return about(name, written.error());
  }
  return file;
}

}  // namespace dialtone::generator
