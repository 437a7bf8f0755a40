// SPDX-License-Identifier: Apache-2.0
#include "control/build/device_builder.h"

#include "control/database/device_source.h"
#include "control/database/device_store.h"
#include "control/image/memfd_space.h"
#include "dataplane/abi/canonical_name.h"

#include <algorithm>

namespace dialtone::build {
namespace {

using image_build::FileEntry;
using image_build::MemfdSpace;
using image_build::Pages;

constexpr std::size_t kSmallChunk = 64 * 1024;
constexpr std::size_t kLargeChunk = std::size_t{2} << 20;
// A file of 10 KB, with record, name and sums.
constexpr std::size_t kBytesPerDevice = 10'500;

// Above this share a new base costs less than a delta (generator facts, section 5), unless all of
// it is little.
constexpr std::size_t kFewDevices = 2'000;
constexpr std::size_t kDeltaShare = 20;

// The log of changes keeps this many that are built, for whoever looks back.
constexpr std::int64_t kKeptChanges = 10'000;

std::string file_name_of(const std::string& device) {
  abi::CanonicalName name;
  return abi::canonicalize(device + ".cnf.xml", name) ? std::string(name.view()) : std::string();
}

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

// A read transaction over several statements: they see one moment.
class ReadTransaction {
 public:
  static Result<ReadTransaction> begin(database::Database& database) {
    DIALTONE_TRY(database.execute("BEGIN"));
    return ReadTransaction(database);
  }
  ReadTransaction(ReadTransaction&& other) noexcept
      : database_(std::exchange(other.database_, nullptr)) {}
  ~ReadTransaction() {
    if (database_ != nullptr) {
      (void)database_->execute("COMMIT");  // nothing was written
    }
  }

 private:
  explicit ReadTransaction(database::Database& database) : database_(&database) {}
  database::Database* database_;
};

}  // namespace

Result<std::unique_ptr<DeviceBuilder>> DeviceBuilder::create(std::string path,
                                                             database::Database& database,
                                                             int threads, bool huge_pages) {
  auto templates = generator::built_in_templates();
  if (!templates) {
    return templates.error();
  }
  return std::unique_ptr<DeviceBuilder>(
      new DeviceBuilder(std::move(path), database, threads, huge_pages, *std::move(templates)));
}

Result<void> DeviceBuilder::load_shared(database::Database& from) {
  auto rows = database::load_campus(from);
  if (!rows) {
    return rows.error();
  }
  auto campus = generator::PreparedCampus::prepare(rows->campus);
  if (!campus) {
    return campus.error();
  }
  rows_ = *std::move(rows);
  campus_.emplace(*std::move(campus));
  return {};
}

Result<AllFiles> DeviceBuilder::build_all() {
  auto snapshot = database::Snapshot::take(path_, threads_);
  if (!snapshot) {
    return snapshot.error();
  }
  database::Database& reader = (*snapshot)->database();
  const auto devices = database::DeviceStore(reader).count();
  if (!devices) {
    return devices.error();
  }
  DIALTONE_TRY(load_shared(reader));
  Result<AllFiles> all = failed("not built yet");
  if (huge_pages_ && *devices * kBytesPerDevice >= kLargeChunk) {
    all = build_segment(**snapshot, Pages::kHuge);
  }
  if (!all) {
    // Not enough huge pages is the likely reason; any other one shows again.
    all = build_segment(**snapshot, Pages::kSmall);
  }
  if (all) {
    last_seq_ = (*snapshot)->last_change();
    device_count_ = *devices;
  }
  return all;
}

Result<AllFiles> DeviceBuilder::build_segment(database::Snapshot& snapshot, Pages pages) {
  auto made = new_space(pages);
  if (!made) {
    return made.error();
  }
  std::unique_ptr<MemfdSpace> space = *std::move(made);
  database::SqliteDeviceSource source(snapshot, rows_);
  generator::BuildOptions options;
  options.threads = threads_;
  options.leave_out_faulty = true;
  auto built = generator::build_devices(templates_, *campus_, source, *space, options);
  if (!built) {
    return built.error();
  }
  AllFiles all{.devices = built->files.size()};
  NamedFiles& files = all.files;
  files.reserve(built->files.size() + 1);
  for (const generator::BuiltFile& file : built->files) {
    files.emplace_back(file.name, FileEntry{nullptr, file.place.offset});
  }
  for (const generator::BuildFault& fault : built->faults) {
    all.faults.push_back({file_name_of(fault.device), fault.error.text});
  }
  {
    abi::SegmentWriter writer(*space);
    if (auto gone = shared_.render(templates_, *campus_, rows_.campus, writer, files, all.faults);
        !gone) {
      return gone.error();
    }
  }
  DIALTONE_TRY(seal_into(files, std::move(space)));
  return all;
}

Result<ChangedFiles> DeviceBuilder::build_changed() {
  auto transaction = ReadTransaction::begin(database_);
  if (!transaction) {
    return transaction.error();
  }
  auto changes = database::read_changes(database_, last_seq_);
  if (!changes) {
    return changes.error();
  }
  if (changes->last_seq == last_seq_) {
    return ChangedFiles{};
  }
  if (changes->everything || !campus_ ||
      changes->devices.size() > std::max(kFewDevices, device_count_ / kDeltaShare)) {
    return ChangedFiles{.everything = true};
  }
  auto changed = render_changed(*changes);
  if (!changed) {
    return changed.error();
  }
  for (const std::string& device : changes->gone) {
    if (std::string name = file_name_of(device); !name.empty()) {
      changed->gone.push_back(std::move(name));
    }
  }
  const auto devices = database::DeviceStore(database_).count();
  if (!devices) {
    return devices.error();
  }
  device_count_ = *devices;
  last_seq_ = changes->last_seq;
  return changed;
}

Result<ChangedFiles> DeviceBuilder::render_changed(const database::ChangeSet& changes) {
  if (changes.shared) {
    DIALTONE_TRY(load_shared(database_));
  }
  generator::DeviceBatch batch;
  if (!changes.devices.empty()) {
    DIALTONE_TRY(database::read_devices(database_, rows_, changes.devices, batch));
  }
  if (batch.devices().empty() && !changes.shared) {
    return ChangedFiles{};
  }
  if (huge_pages_ && batch.devices().size() * kBytesPerDevice >= kLargeChunk) {
    auto large = render_few(batch, changes.shared, Pages::kHuge);
    if (large) {
      return large;
    }
    // As in build_all(): not enough huge pages is the likely reason.
  }
  return render_few(batch, changes.shared, Pages::kSmall);
}

Result<ChangedFiles> DeviceBuilder::render_few(const generator::DeviceBatch& batch,
                                               bool with_shared, Pages pages) {
  auto made = new_space(pages);
  if (!made) {
    return made.error();
  }
  std::unique_ptr<MemfdSpace> space = *std::move(made);
  ChangedFiles few;
  {
    abi::SegmentWriter writer(*space);
    for (const generator::DeviceRecord& device : batch.devices()) {
      auto file = generator::render_device(templates_, *campus_, batch, device, writer);
      if (!file && file.error().code == ErrorCode::kRefused) {
        few.faults.push_back({file_name_of(std::string(device.name)), file.error().text});
        continue;
      }
      if (!file) {
        return file.error();  // of the memory, not of the device
      }
      few.files.emplace_back(file->name.view(), FileEntry{nullptr, file->place.offset});
      ++few.devices;
    }
    if (with_shared) {
      auto gone = shared_.render(templates_, *campus_, rows_.campus, writer, few.files, few.faults);
      if (!gone) {
        return gone.error();
      }
      few.gone = *std::move(gone);
    }
  }
  DIALTONE_TRY(seal_into(few.files, std::move(space)));
  return few;
}

void DeviceBuilder::trim_log() {
  if (last_seq_ - trimmed_seq_ < 2 * kKeptChanges) {
    return;
  }
  trimmed_seq_ = last_seq_ - kKeptChanges;
  // A database that another process has locked is trimmed the next time.
  (void)database::trim_changes(database_, trimmed_seq_);
}

}  // namespace dialtone::build
