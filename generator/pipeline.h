// SPDX-License-Identifier: Apache-2.0
//
// Device records in, named files out, rendered in place into a segment.
//
// build_devices() runs a TBB pipeline in an arena of its own: a serial head hands out id ranges, a
// parallel stage reads and renders them, a serial tail collects in order of id and may stop. It
// blocks its caller until all is done. Exceptions stay inside. A device that
// cannot be built ends the build, and the Error begins with its name; or, when the caller asks for
// that, is left out and reported.
#pragma once

#include "dataplane/abi/canonical_name.h"
#include "dataplane/abi/image_format.h"
#include "dataplane/abi/segment_writer.h"
#include "dataplane/base/result.h"
#include "generator/device_files.h"
#include "generator/device_source.h"
#include "generator/prepared_campus.h"
#include "generator/records.h"
#include "generator/template_set.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace dialtone::generator {

struct BuildOptions {
  int threads = 1;                      // width of the arena, the calling thread included
  std::size_t devices_per_range = 128;  // 64..256 measured flat
  bool leave_out_faulty = false;        // devices that cannot be built: BuildOutput::faults
  bool names_devices = false;           // BuiltFile::device of every file
  // Asked before each range, by one thread at a time; once true, it stays so. Empty: never.
  std::function<bool()> cancelled;
};

struct BuiltFile {
  std::int64_t device_id = 0;
  DeviceFile form = DeviceFile::kXml;
  std::string_view name;    // canonical; lives as long as the BuildOutput
  std::string_view device;  // of files that are not the one in XML, unless all are asked for
  abi::FilePlace place;
  abi::FileClass file_class = abi::FileClass::kDeviceConfig;
  std::uint64_t modified_s = 0;
};

struct BuildFault {
  std::int64_t device_id = 0;
  std::string device;  // its name
  Error error;         // begins with the name
};

struct BuildOutput {
  std::size_t devices = 0;                     // that have all their files
  std::vector<BuiltFile> files;                // in order of device id
  std::vector<BuildFault> faults;              // likewise; none unless faulty ones are left out
  std::uint64_t bytes = 0;                     // of content
  std::vector<std::unique_ptr<char[]>> names;  // what BuiltFile::name points into
};

// "cancelled" is ErrorCode::kFailed with the text "the build was cancelled".
Result<BuildOutput> build_devices(const TemplateSet& templates, const PreparedCampus& campus,
                                  DeviceSource& source, abi::SegmentSpace& space,
                                  const BuildOptions& options);

struct RenderedFile {
  DeviceFile form = DeviceFile::kXml;
  abi::CanonicalName name;
  abi::FilePlace place;
  abi::FileClass file_class = abi::FileClass::kOther;
  std::uint64_t modified_s = 0;
};

// All files of one device.
struct RenderedFiles {
  std::array<RenderedFile, kMaxDeviceFiles> all;
  std::size_t count = 0;

  const RenderedFile* begin() const noexcept { return all.data(); }
  const RenderedFile* end() const noexcept { return all.data() + count; }
  std::size_t size() const noexcept { return count; }
  const RenderedFile& operator[](std::size_t i) const noexcept { return all[i]; }
};

// One device of `batch`, for the rebuild of what a change touched. Allocates nothing but chunks.
Result<RenderedFiles> render_device(const TemplateSet& templates, const PreparedCampus& campus,
                                    const DeviceBatch& batch, const DeviceRecord& device,
                                    abi::SegmentWriter& writer);

// SIPDefault.cnf, lddefault.cfg or gkdefault.cfg. An Error says which parameter is wrong.
Result<RenderedFile> render_family_default(const TemplateSet& templates,
                                           const PreparedCampus& campus, Family family,
                                           std::uint64_t modified_s, abi::SegmentWriter& writer);

// XMLDefault.cnf.xml: the group marked as default (else the first), all models' default loads.
Result<RenderedFile> render_default(const TemplateSet& templates, const PreparedCampus& campus,
                                    std::uint64_t modified_s, abi::SegmentWriter& writer);

}  // namespace dialtone::generator
