// SPDX-License-Identifier: Apache-2.0
#include "control/build/encoder_set.h"

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <future>
#include <system_error>
#include <utility>

namespace dialtone::build {

using generator::DeviceFile;
namespace fs = std::filesystem;

namespace {

// A program that is broken must not cost its time limit once for each of many devices.
constexpr std::size_t kMostFailures = 5;

// Most of the time of a short program is its start, and a slow one waits for something.
constexpr std::size_t kProgramsAtOnce = 8;
// Whose bytes are in memory twice.
constexpr std::size_t kTextsAtOnce = 1024;

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

// What a process left behind that ended while it wrote. One that writes just now encodes once more.
void remove_half_files(const std::string& cache) {
  std::error_code ignored;
  for (fs::directory_iterator at(cache, ignored), end; !ignored && at != end;
       at.increment(ignored)) {
    if (at->path().extension() == kHalfEncoded) {
      std::error_code stays;
      fs::remove(at->path(), stays);
    }
  }
}

}  // namespace

Result<EncoderSet> EncoderSet::create(const EncoderCommands& commands) {
  const std::pair<DeviceFile, const std::string&> all[] = {{DeviceFile::kLd, commands.ld},
                                                           {DeviceFile::kGk, commands.gk},
                                                           {DeviceFile::kAta, commands.ata},
                                                           {DeviceFile::kCnf, commands.cnf}};
  remove_half_files(commands.cache);
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

EncoderSet::Encoded EncoderSet::encode_one(const Text& text, const NamedFiles& files) const {
  const auto content = files[text.file].second.content();
  return encoders_[static_cast<std::size_t>(text.form)]->encode(
      {reinterpret_cast<const char*>(content.data()), content.size()});
}

Result<std::vector<EncoderSet::Encoded>> EncoderSet::encode_some(
    std::span<const Text> texts, const NamedFiles& files, const std::function<bool()>& cancelled,
    std::atomic<std::size_t>& failures) const {
  std::vector<Encoded> encoded(texts.size());
  std::atomic<std::size_t> next{0};
  std::atomic<bool> is_cancelled{false};
  const auto run = [&](const std::function<bool()>& asked) {
    for (std::size_t i = next++; i < texts.size() && !is_cancelled; i = next++) {
      if (asked && asked()) {
        is_cancelled = true;
        return;
      }
      std::size_t before = failures;
      if (before >= kMostFailures) {
        encoded[i] = refused("its encoder failed for those before it");
        continue;
      }
      encoded[i] = encode_one(texts[i], files);
      if (!encoded[i]->ok()) {
        ++failures;
      } else {
        while (before < kMostFailures && !failures.compare_exchange_weak(before, 0)) {
        }
      }
    }
  };
  std::vector<std::future<void>> others;
  try {
    for (std::size_t i = 1; i < std::min(texts.size(), kProgramsAtOnce); ++i) {
      others.push_back(std::async(std::launch::async, run, nullptr));
    }
  } catch (const std::system_error&) {
    // The machine gives no more threads: those that are there do it all.
  }
  run(cancelled);
  for (std::future<void>& other : others) {
    other.get();
  }
  if (is_cancelled) {
    return failed("the build was cancelled");
  }
  return encoded;
}

Result<void> EncoderSet::encode(const std::vector<Text>& texts, bool huge_pages,
                                const std::function<bool()>& cancelled, NamedFiles& files,
                                std::vector<FileFault>& faults) const {
  image_build::SegmentStack stack(0, huge_pages);
  std::vector<std::size_t> replaced;
  std::vector<bool> is_lost(files.size());
  std::atomic<std::size_t> failures{0};
  std::span<const Text> left = texts;
  while (!left.empty()) {
    const auto some = left.first(std::min(left.size(), kTextsAtOnce));
    left = left.subspan(some.size());
    const auto encoded = encode_some(some, files, cancelled, failures);
    if (!encoded) {
      return encoded.error();
    }
    for (std::size_t i = 0; i < some.size(); ++i) {
      const auto& [name, entry] = files[some[i].file];
      const Result<std::string>& bytes = *(*encoded)[i];
      if (!bytes) {
        is_lost[some[i].file] = true;
        faults.push_back(encoder_fault(name, some[i], bytes.error()));
        continue;
      }
      const auto room = stack.begin(name, bytes->size());
      if (!room) {
        return room.error();
      }
      std::memcpy(room->data(), bytes->data(), bytes->size());
      stack.commit(bytes->size(),
                   {abi::Origin::kBuilt, entry.record().file_class, entry.record().modified_s});
      replaced.push_back(some[i].file);
    }
  }
  auto made = stack.finish();
  if (!made) {
    return made.error();
  }
  for (std::size_t i = 0; i < replaced.size(); ++i) {
    files[replaced[i]].second = std::move((*made)[i].second);
  }
  std::size_t position = 0;
  std::erase_if(files, [&](const auto&) { return is_lost[position++]; });
  return {};
}

}  // namespace dialtone::build
