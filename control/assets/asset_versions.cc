// SPDX-License-Identifier: Apache-2.0
//
// What the store knows of the versions of a name, and how an older one comes again.
#include "control/assets/asset_store.h"
#include "dataplane/base/digest.h"

#include <algorithm>
#include <ctime>
#include <limits>
#include <utility>

namespace dialtone::assets {
namespace {

std::string digest_text(std::span<const std::byte> bytes) {
  return to_hex(digest_of(bytes));
}

// Of what was never read, the size alone tells.
bool is_same(const AssetVersion& known, const AssetVersion& now) {
  return known.link == now.link && known.bytes == now.bytes &&
         (known.digest == now.digest || known.digest.empty() || now.digest.empty());
}

// For what becomes the current version.
Result<void> next_number(VersionRecord& record) {
  if (record.last == std::numeric_limits<std::uint32_t>::max()) {
    return refused("the versions of '" + record.name + "' have no number left; its record (" +
                   record_path(record.name) + " of the asset folder) was made by somebody else: " +
                   "remove it to begin a new one");
  }
  record.current = ++record.last;
  return {};
}

}  // namespace

// The record of a name, with what lies there now as its current version, whoever laid it there, and
// without versions whose bytes are gone: nobody keeps those of a file that was overwritten or taken
// away by other means.
Result<VersionRecord> AssetStore::look(const AssetPlace& place,
                                       std::optional<VersionRecord>* before) const {
  auto known = read_record_of(disk_, place.name);
  if (!known) {
    return known.error();
  }
  if (before != nullptr) {
    *before = *known;
  }
  VersionRecord record = known->value_or(VersionRecord{place.name, 0, 0, {}});
  if (place.exists) {
    DIALTONE_TRY(find_current(place, record));
  } else {
    record.current = 0;
  }
  std::erase_if(record.versions, [&](const AssetVersion& each) {
    return each.number != record.current && !disk_.exists(version_path(place.name, each.number));
  });
  return record;
}

Result<void> AssetStore::find_current(const AssetPlace& place, VersionRecord& record) const {
  const auto found = disk_.stat(place.path);
  if (!found) {
    return found.error();
  }
  AssetVersion now{0,
                   found->bytes,
                   {},
                   found->modified_s,
                   {},
                   {},
                   /*found=*/true,
                   found->is_link};
  if (!found->is_link && found->bytes <= disk_.most()) {
    const auto content = disk_.read(place.path, disk_.most());
    if (!content) {
      return content.error();
    }
    now.bytes = content->size();
    now.digest = digest_text(std::as_bytes(std::span(*content)));
  }
  const AssetVersion* current = record.find(record.current);
  if (current == nullptr || !is_same(*current, now)) {
    DIALTONE_TRY(next_number(record));
    now.number = record.current;
    record.versions.push_back(std::move(now));
  }
  return {};
}

void AssetStore::forget_old(VersionRecord& record) const {
  const std::size_t most = kept_ + (record.current == 0 ? 0u : 1u);
  while (record.versions.size() > most) {
    const auto oldest =
        std::find_if(record.versions.begin(), record.versions.end(),
                     [&](const AssetVersion& each) { return each.number != record.current; });
    record.versions.erase(oldest);
  }
}

Result<FileChange> AssetStore::plan_put(const AssetPlace& place, const NewFile& file,
                                        const PutLabel& label, bool& same) const {
  FileChange change{place.path, {}, 0, {}, {}};
  auto record = look(place, &change.before);
  if (!record) {
    return record.error();
  }
  const std::string digest = digest_text(file.content);
  const AssetVersion* lies_there = record->find(record->current);
  same = lies_there != nullptr && lies_there->digest == digest;
  change.saved = record->current;
  DIALTONE_TRY(next_number(*record));
  record->versions.push_back({record->current, file.content.size(), digest,
                              static_cast<std::uint64_t>(std::time(nullptr)), label.note, label.set,
                              /*found=*/false, /*link=*/false});
  forget_old(*record);
  change.after = *std::move(record);
  return change;
}

Result<StoreReport> AssetStore::restore(const std::string& name, std::uint32_t version,
                                        const Publish& publish) {
  const auto record = versions(name);
  if (!record) {
    return record.error();
  }
  const AssetVersion* wanted = record->find(version);
  if (wanted == nullptr) {
    return refused("there is no version " + std::to_string(version) + " of '" + name +
                   "'; dialtone files versions lists them");
  }
  if (version == record->current) {
    StoreReport report;
    report.unchanged = 1;
    return report;
  }
  if (wanted->link) {
    return refused("version " + std::to_string(version) + " of '" + name +
                   "' was a symlink, and what it led to is not kept; put that file itself");
  }
  const auto content = disk_.read(version_path(record->name, version), disk_.most());
  if (!content) {
    return content.error();
  }
  const auto bytes = std::as_bytes(std::span(*content));
  if (bytes.size() != wanted->bytes ||
      (!wanted->digest.empty() && digest_text(bytes) != wanted->digest)) {
    return refused("version " + std::to_string(version) + " of '" + name +
                   "' has changed on the disk; it is not restored");
  }
  const NewFile file{name, bytes};
  const std::string note = "version " + std::to_string(version) + " again" +
                           (wanted->note.empty() ? "" : ": " + wanted->note);
  Diagnostics faults;
  auto done = put({&file, 1}, {note, wanted->set}, publish, faults);
  return done || faults.empty() ? done : refused(to_string(faults.front()));
}

Result<VersionRecord> AssetStore::versions(const std::string& name) const {
  const auto place = PlaceFinder(disk_.folder()).find(name);
  if (!place) {
    return place.error();
  }
  auto record = look(*place);
  if (record && record->versions.empty()) {
    return refused("no file '" + name + "' lies in " + disk_.folder() +
                   ", and no version of it is kept");
  }
  return record;
}

}  // namespace dialtone::assets
