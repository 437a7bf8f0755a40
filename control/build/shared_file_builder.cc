// SPDX-License-Identifier: Apache-2.0
#include "control/build/shared_file_builder.h"

#include "generator/family.h"
#include "generator/pipeline.h"
#include "generator/shared/shared_files.h"

#include <algorithm>
#include <cstring>
#include <ctime>
#include <iterator>

namespace dialtone::build {
namespace {

using image_build::FileEntry;

// Where no row says when a file changed last. The time is beside the content, not in it.
std::uint64_t now_s() {
  return static_cast<std::uint64_t>(std::time(nullptr));
}

// Families with a file of what all their devices have in common.
constexpr generator::Family kWithDefaults[] = {generator::Family::kSip7960, generator::Family::kLd,
                                               generator::Family::kGk};

}  // namespace

Result<FileEntry> write_shared_file(const generator::SharedFile& file, const std::string& name,
                                    abi::SegmentWriter& writer) {
  auto room = writer.begin(name, file.content.size());
  if (!room) {
    return room.error();
  }
  std::memcpy(room->data(), file.content.data(), file.content.size());
  const std::uint64_t modified_s = file.modified_s == 0 ? now_s() : file.modified_s;
  const abi::FilePlace place =
      writer.commit(file.content.size(), {abi::Origin::kBuilt, file.file_class, modified_s});
  return FileEntry{nullptr, place};
}

void SharedFileBuilder::keep_last_good(FileFault fault, std::set<std::string>& wanted,
                                       std::vector<FileFault>& faults) const {
  if (built_.contains(fault.file)) {
    wanted.insert(fault.file);
  }
  faults.push_back(std::move(fault));
}

Result<SharedState> SharedFileBuilder::render(const generator::TemplateSet& templates,
                                              const generator::PreparedCampus& prepared,
                                              const generator::Campus& campus,
                                              abi::SegmentWriter& writer, NamedFiles& files,
                                              std::vector<FileFault>& faults) const {
  SharedState state;
  std::set<std::string>& wanted = state.built;
  auto fallback = generator::render_default(templates, prepared, now_s(), writer);
  if (!fallback) {
    return fallback.error();
  }
  files.emplace_back(fallback->name.view(), FileEntry{nullptr, fallback->place});
  wanted.emplace(fallback->name.view());
  state.spelled.insert_or_assign(std::string(fallback->name.view()), "XMLDefault.cnf.xml");

  for (const generator::Family family : kWithDefaults) {
    if (!is_in_use(campus, family)) {
      continue;
    }
    const std::string name =
        generator::canonical_file_name(std::string(family_default_name(family)));
    auto file = generator::render_family_default(templates, prepared, family, now_s(), writer);
    if (file) {
      files.emplace_back(name, FileEntry{nullptr, file->place});
      wanted.insert(name);
      state.spelled.insert_or_assign(name, std::string(family_default_name(family)));
    } else if (file.error().code == ErrorCode::kRefused) {
      keep_last_good({name, file.error().text}, wanted, faults);
    } else {
      return file.error();
    }
  }

  generator::SharedFiles shared = generator::render_shared_files(campus);
  for (const generator::SharedFile& file : shared.files) {
    std::string name = generator::canonical_file_name(file.name);
    auto entry = write_shared_file(file, name, writer);
    if (!entry) {
      return entry.error();
    }
    wanted.insert(name);
    state.spelled.insert_or_assign(name, file.name);
    files.emplace_back(std::move(name), *std::move(entry));
  }
  for (generator::SharedFault& fault : shared.faults) {
    keep_last_good({generator::canonical_file_name(fault.file), std::move(fault.why)}, wanted,
                   faults);
  }
  return state;
}

std::vector<std::string> SharedFileBuilder::gone(const SharedState& rendered) const {
  std::vector<std::string> gone;
  std::set_difference(built_.begin(), built_.end(), rendered.built.begin(), rendered.built.end(),
                      std::back_inserter(gone));
  return gone;
}

void SharedFileBuilder::adopt(SharedState rendered) {
  built_ = std::move(rendered.built);
  rendered.spelled.merge(spelled_);  // where both have a name, the newer one counts
  spelled_ = std::move(rendered.spelled);
}

std::string SharedFileBuilder::spelled(const std::string& name) const {
  const auto found = spelled_.find(name);
  return found == spelled_.end() ? std::string() : found->second;
}

}  // namespace dialtone::build
