// SPDX-License-Identifier: Apache-2.0
//
// The encoders of a control, by the form of file that they make, and their work on a build: each
// text that has an encoder gives its place to the bytes. Control's thread, and some of its own for
// as long as the programs run; blocks until they have.
#pragma once

#include "control/build/encoder.h"
#include "control/build/shared_file_builder.h"
#include "dataplane/base/result.h"
#include "generator/device_files.h"

#include <array>
#include <atomic>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace dialtone::build {

struct EncoderCommands {
  std::string ld, gk, ata, cnf;  // empty: none
  std::string cache;             // a folder
};

class EncoderSet {
 public:
  EncoderSet() = default;
  // Refused, with the setting's name, when a command cannot be run.
  static Result<EncoderSet> create(const EncoderCommands& commands);

  bool has(generator::DeviceFile form) const noexcept {
    return encoders_[static_cast<std::size_t>(form)].has_value();
  }

  // A text among the files of a build, whose segment is sealed.
  struct Text {
    std::size_t file;  // its place in them
    generator::DeviceFile form;
    std::string device;
  };
  // Takes out of `files` what cannot be encoded, and says so in `faults`. `cancelled` (none: never)
  // is asked before each text, on the caller's thread; then an Error.
  Result<void> encode(const std::vector<Text>& texts, bool huge_pages,
                      const std::function<bool()>& cancelled, NamedFiles& files,
                      std::vector<FileFault>& faults) const;

 private:
  using Encoded = std::optional<Result<std::string>>;

  Encoded encode_one(const Text& text, const NamedFiles& files) const;
  // In the order of `texts`. `failures`: in a row, over all of them.
  Result<std::vector<Encoded>> encode_some(std::span<const Text> texts, const NamedFiles& files,
                                           const std::function<bool()>& cancelled,
                                           std::atomic<std::size_t>& failures) const;

  std::array<std::optional<Encoder>, generator::kDeviceFileCount> encoders_;
};

}  // namespace dialtone::build
