// SPDX-License-Identifier: Apache-2.0
#include "generator/render_file.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

namespace dialtone::generator {
namespace {

constexpr std::string_view kSuffix = ".cnf.xml";
constexpr std::string_view kDefaultName = "xmldefault.cnf.xml";

// A device's name becomes a file's name, so it may hold no path (cisco-tftp 2.3 has the forms).
bool file_name(std::string_view device, abi::CanonicalName& name) noexcept {
  std::array<char, abi::kMaxNameLength + 1> spelled;
  if (device.empty() || device.size() + kSuffix.size() > abi::kMaxNameLength ||
      device.find_first_of("/\\") != std::string_view::npos) {
    return false;
  }
  auto end = std::copy(device.begin(), device.end(), spelled.begin());
  end = std::copy(kSuffix.begin(), kSuffix.end(), end);
  return abi::canonicalize({spelled.data(), static_cast<std::size_t>(end - spelled.begin())}, name);
}

Error about(std::string_view device, const Error& error) {
  const std::string name(device.empty() ? std::string_view("a device without a name") : device);
  return {error.code, name + ": " + error.text};
}

Result<void> write(const Template& program, const RenderRows& rows, abi::SegmentWriter& writer,
                   RenderedFile& file) {
  auto room = writer.begin(file.name.view(), size_bound(program, rows));
  if (!room) {
    return room.error();
  }
  const std::size_t length = render(program, rows, *room);
  file.place = writer.commit(length, {abi::Origin::kBuilt, file.file_class, file.modified_s});
  return {};
}

}  // namespace

Result<void> render_with(const TemplateSet& templates, RowBinder& binder, const DeviceBatch& batch,
                         const DeviceRecord& device, abi::SegmentWriter& writer,
                         RenderedFile& file) {
  if (!file_name(device.name, file.name)) {
    return about(device.name, refused("a file cannot have this name"));
  }
  auto rows = binder.bind(batch, device);
  if (!rows) {
    return about(device.name, rows.error());
  }
  file.file_class = abi::FileClass::kDeviceConfig;
  file.modified_s = device.changed_s;
  const bool is_sip = binder.protocol(device) == Protocol::kSip;
  const Template& program = is_sip ? templates.sep_sip : templates.sep_sccp;
  if (auto written = write(program, **rows, writer, file); !written) {
    return about(device.name, written.error());
  }
  return {};
}

Result<RenderedFile> render_device(const TemplateSet& templates, const PreparedCampus& campus,
                                   const DeviceBatch& batch, const DeviceRecord& device,
                                   abi::SegmentWriter& writer) {
  RowBinder binder(campus);
  RenderedFile file;
  DIALTONE_TRY(render_with(templates, binder, batch, device, writer, file));
  return file;
}

Result<RenderedFile> render_default(const TemplateSet& templates, const PreparedCampus& campus,
                                    std::uint64_t modified_s, abi::SegmentWriter& writer) {
  RowBinder binder(campus);
  auto rows = binder.bind_default();
  if (!rows) {
    return rows.error();
  }
  RenderedFile file;
  abi::canonicalize(kDefaultName, file.name);
  file.file_class = abi::FileClass::kDefaultConfig;
  file.modified_s = modified_s;
  DIALTONE_TRY(write(templates.xml_default, **rows, writer, file));
  return file;
}

}  // namespace dialtone::generator
