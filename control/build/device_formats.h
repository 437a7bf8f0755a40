// SPDX-License-Identifier: Apache-2.0
//
// Which files the devices of a database have in an image, counted by form, and what is missing: for
// `build`, `status`, `device show` and `files ls --model`. Cold: a step for each device. One
// thread.
#pragma once

#include "control/database/database.h"
#include "control/image/file_table.h"
#include "dataplane/base/result.h"
#include "generator/device_files.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace dialtone::build {

struct DeviceFormats {
  std::size_t devices = 0;
  std::size_t devices_selective = 0;  // of the nine types of "Build Selective"
  std::size_t cnf = 0;                // .cnf files that are there, by whoever made them
  std::size_t cnf_xml = 0;
  std::size_t cnf_missing = 0;        // wanted, but there is no encoder and no supplied file
  std::size_t text_form = 0;          // ld<mac>, gk<mac>, ata<mac> that no encoder has made
  std::size_t encrypted_missing = 0;  // have the short form, and no encrypted file behind it
  std::size_t wrong_names = 0;        // devices that lack a file, or have one of another family
};

struct FileState {
  std::string name;  // as people spell it
  // "served", "not built", "text form, needs an encoder", "no encoder", "short form", "short form,
  // no encrypted file"
  std::string state;
};

// Of the devices of these models (names as "7960" or "Cisco 7960"); all when there are none. A name
// that is no model's is refused.
Result<DeviceFormats> count_formats(database::Database& database,
                                    const image_build::FileTable& files, generator::BuildCnf policy,
                                    const std::vector<std::string>& models = {});

// `cnf_missing`, `text_form` and `encrypted_missing` alone, without a look at the devices that can
// have none of these.
Result<DeviceFormats> count_missing(database::Database& database,
                                    const image_build::FileTable& files,
                                    generator::BuildCnf policy);

// Of one device: what it should have.
Result<std::vector<FileState>> file_states(database::Database& database,
                                           const image_build::FileTable& files,
                                           generator::BuildCnf policy, std::string_view device);

// Canonical names of all that these devices have.
Result<std::vector<std::string>> files_of_models(database::Database& database,
                                                 const image_build::FileTable& files,
                                                 const std::vector<std::string>& models);

// What a sentence of `status` says; empty: nothing is missing. `has_cnf_encoder`: what it could not
// make is a fault of the build, and not said here.
std::vector<std::string> format_warnings(const DeviceFormats& formats, bool has_cnf_encoder);

}  // namespace dialtone::build
