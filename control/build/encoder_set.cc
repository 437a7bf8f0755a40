// SPDX-License-Identifier: Apache-2.0
#include "control/build/encoder_set.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace dialtone::build {

using generator::DeviceFile;

namespace {

// A program that is broken must not cost its time limit once for each of many devices.
constexpr std::size_t kMostFailures = 5;

const char* setting_of(DeviceFile form) noexcept {
  switch (form) {
    case DeviceFile::kLd:
      return "encoder_ld";
    case DeviceFile::kGk:
      return "encoder_gk";
    case DeviceFile::kAta:
      return "encoder_ata";
    default:
      return "encoder_cnf";
  }
}

FileFault encoder_fault(const std::string& name, const EncoderSet::Text& text, const Error& error) {
  return {name,
          text.device + ": its file " + spelled_file_name(text.form, text.device) + ": " +
              error.text + "; correct the program of '" + setting_of(text.form) +
              "', then 'dialtone build'",
          text.device, /*is_one=*/true};
}

}  // namespace

Result<EncoderSet> EncoderSet::create(const EncoderCommands& commands) {
  const std::pair<DeviceFile, const std::string&> all[] = {{DeviceFile::kLd, commands.ld},
                                                           {DeviceFile::kGk, commands.gk},
                                                           {DeviceFile::kAta, commands.ata},
                                                           {DeviceFile::kCnf, commands.cnf}};
  EncoderSet set;
  for (const auto& [form, command] : all) {
    if (command.empty()) {
      continue;
    }
    auto encoder = Encoder::create(command, commands.cache);
    if (!encoder) {
      return refused("'" + std::string(setting_of(form)) + "': " + encoder.error().text);
    }
    set.encoders_[static_cast<std::size_t>(form)].emplace(*std::move(encoder));
  }
  return set;
}

Result<void> EncoderSet::encode(const std::vector<Text>& texts, bool huge_pages, NamedFiles& files,
                                std::vector<FileFault>& faults) const {
  image_build::SegmentStack stack(0, huge_pages);
  std::vector<std::size_t> replaced;
  std::vector<bool> is_lost(files.size());
  std::size_t failures = 0;  // in a row
  for (const Text& text : texts) {
    const auto& [name, entry] = files[text.file];
    const auto content = entry.content();
    const Encoder& encoder = *encoders_[static_cast<std::size_t>(text.form)];
    const auto bytes =
        failures == kMostFailures
            ? Result<std::string>(refused("its encoder failed for those before it"))
            : encoder.encode({reinterpret_cast<const char*>(content.data()), content.size()});
    failures = bytes ? 0 : std::min(failures + 1, kMostFailures);
    if (!bytes) {
      is_lost[text.file] = true;
      faults.push_back(encoder_fault(name, text, bytes.error()));
      continue;
    }
    const auto room = stack.begin(name, bytes->size());
    if (!room) {
      return room.error();
    }
    std::memcpy(room->data(), bytes->data(), bytes->size());
    stack.commit(bytes->size(),
                 {abi::Origin::kBuilt, entry.record().file_class, entry.record().modified_s});
    replaced.push_back(text.file);
  }
  auto encoded = stack.finish();
  if (!encoded) {
    return encoded.error();
  }
  for (std::size_t i = 0; i < replaced.size(); ++i) {
    files[replaced[i]].second = std::move((*encoded)[i].second);
  }
  std::size_t position = 0;
  std::erase_if(files, [&](const auto&) { return is_lost[position++]; });
  return {};
}

}  // namespace dialtone::build
