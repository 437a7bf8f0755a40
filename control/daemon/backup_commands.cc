// SPDX-License-Identifier: Apache-2.0
#include "control/assets/asset_change.h"
#include "control/assets/asset_limit.h"
#include "control/assets/list_folder.h"
#include "control/assets/read_file.h"
#include "control/backup/backup_writer.h"
#include "control/daemon/backup_parts.h"
#include "control/database/schema.h"
#include "control/import/export.h"

#include <fcntl.h>
#include <unistd.h>

#include <sys/stat.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>

namespace dialtone::daemon {

Result<int> archive_file(const Request& request, std::size_t index, int access) {
  struct stat status {};
  const int fd = index < request.attachments.size() ? request.attachments[index].get() : -1;
  const int flags = fd < 0 ? -1 : ::fcntl(fd, F_GETFL);
  if (flags < 0 || ::fstat(fd, &status) != 0 || !S_ISREG(status.st_mode) ||
      ((flags & O_ACCMODE) != access && (flags & O_ACCMODE) != O_RDWR)) {
    return usage("an archive comes as an open regular file; is the client of the same version?");
  }
  return fd;
}

Result<std::string> read_text(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(file), {}};
  return file ? Result<std::string>(std::move(text)) : errno_error("reading " + path, errno);
}

namespace {

std::string left_out(const std::string& path, std::uint64_t bytes, std::uint64_t most) {
  return "not in the backup: " + path + ": " + assets::too_large(bytes, most);
}

}  // namespace

Result<std::vector<std::string>> asset_paths(const Service& service,
                                             std::vector<std::string>& warnings) {
  std::vector<std::string> paths;
  const std::string& folder = service.options().assets;
  if (folder.empty()) {
    return paths;
  }
  Diagnostics faults;
  const auto stamps = assets::list_folder(folder, {}, faults);
  if (!stamps) {
    return stamps.error();
  }
  for (const Diagnostic& fault : faults) {
    warnings.push_back("not in the backup: " + to_string(fault));
  }
  const std::uint64_t most = service.options().asset_most;
  for (const auto& [name, stamp] : *stamps) {
    if (stamp.size > most) {
      warnings.push_back(left_out(stamp.path, stamp.size, most));
      continue;
    }
    paths.push_back(std::filesystem::path(stamp.path).lexically_relative(folder).string());
  }
  return paths;
}

Result<std::vector<std::string>> version_paths(const Service& service,
                                               std::vector<std::string>& warnings) {
  namespace fs = std::filesystem;
  std::vector<std::string> paths;
  const std::string& folder = service.options().assets;
  const fs::path versions = fs::path(folder) / assets::kVersions;
  std::error_code error;
  if (folder.empty() || !fs::exists(versions, error)) {
    return paths;
  }
  fs::recursive_directory_iterator at(versions, error);
  for (; !error && at != fs::recursive_directory_iterator(); at.increment(error)) {
    if (!fs::is_regular_file(at->symlink_status(error))) {
      continue;  // a symlink is kept for what it was, and has no content
    }
    const std::string name = at->path().lexically_relative(versions).string();
    const auto kind = assets::kept_file(name);
    if (kind == assets::KeptFile::kNone) {
      continue;  // half written, or not ours: no restore takes it
    }
    const std::uint64_t bytes = at->file_size(error);
    const std::uint64_t most =
        kind == assets::KeptFile::kRecord ? assets::kMaxRecord : service.options().asset_most;
    if (!error && bytes > most) {
      warnings.push_back(left_out(at->path().string(), bytes, most));
      continue;
    }
    if (kind == assets::KeptFile::kRecord) {
      const auto text = read_text(at->path().string());
      const auto sound = text ? assets::check_record(name, *text) : text.error();
      if (!sound) {
        warnings.push_back("not in the backup: " + at->path().string() +
                           " is no record of versions (" + sound.error().text +
                           "); remove it to begin a new one");
        continue;
      }
    }
    paths.push_back(at->path().lexically_relative(folder).string());
  }
  if (error) {
    return errno_error("reading " + versions.string(), error.value());
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

namespace {

Result<std::size_t> write_database(database::Database& database, backup::BackupWriter& writer,
                                   std::vector<std::string>& warnings) {
  auto transaction = database::Transaction::begin_read(database);
  if (!transaction) {
    return transaction.error();
  }
  const auto shared = importing::export_json(database);
  if (!shared) {
    return shared.error();
  }
  const auto devices = importing::export_csv(database);
  if (!devices) {
    return devices.error();
  }
  warnings.insert(warnings.end(), devices->warnings.begin(), devices->warnings.end());
  DIALTONE_TRY(writer.add(backup::kSharedRows, shared->text));
  DIALTONE_TRY(writer.add(backup::kDevices, devices->text));
  return shared->rows + devices->rows;
}

// How many of the `paths`, all of which begin with `above`, were added. Who may write to the folder
// must not have what a symlink leads to kept: it would be served after a restore.
Result<std::size_t> add_files(backup::BackupWriter& writer, const std::string& folder,
                              std::string_view above, std::string_view name,
                              const std::vector<std::string>& paths,
                              std::vector<std::string>& warnings) {
  std::error_code error;
  const auto real = std::filesystem::canonical(folder, error);
  std::size_t added = 0;
  for (const std::string& path : paths) {
    const std::string full = folder + '/' + path;
    const auto file = assets::open_within(real.string(), full);
    if (!file && file.error().code != ErrorCode::kRefused) {
      return file.error();
    }
    if (!file) {
      warnings.push_back("not in the backup: " + file.error().text);
      continue;
    }
    DIALTONE_TRY(writer.add_file(std::string(name) + path.substr(above.size()), file->get(), full));
    ++added;
  }
  return added;
}

}  // namespace

Result<WrittenBackup> write_backup(Service& service, int fd, std::vector<std::string>& warnings) {
  auto writer = backup::BackupWriter::create(fd);
  if (!writer) {
    return writer.error();
  }
  WrittenBackup written;
  backup::About about;
  about.program = DIALTONE_VERSION;
  about.made_s = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  about.content_digest = to_hex(service.builder().image().files().content_digest());
  if (service.database() != nullptr || !service.options().database.empty()) {
    auto database = need_database(service);
    if (!database) {
      return database.error();
    }
    about.schema = database::kSchemaVersion;
    const auto rows = write_database(**database, *writer, warnings);
    if (!rows) {
      return rows.error();
    }
    written.rows = *rows;
  }
  if (!service.options().config.empty()) {
    const auto text = read_text(service.options().config);
    if (!text) {
      return text.error();
    }
    DIALTONE_TRY(writer->add(backup::kConfiguration, *text));
  }
  auto files = asset_paths(service, warnings);
  if (!files) {
    return files.error();
  }
  const auto versions = version_paths(service, warnings);
  if (!versions) {
    return versions.error();
  }
  const std::string& folder = service.options().assets;
  auto assets = add_files(*writer, folder, "", backup::kAssets, *files, warnings);
  if (!assets) {
    return assets.error();
  }
  const std::string above = std::string(assets::kVersions) + '/';
  auto kept = add_files(*writer, folder, above, backup::kVersions, *versions, warnings);
  if (!kept) {
    return kept.error();
  }
  DIALTONE_TRY(writer->finish(about));
  written.assets = *assets;
  written.versions = *kept;
  written.bytes = writer->bytes();
  return written;
}

namespace {

Result<Answer> make_backup(Service& service, const Request& request) {
  DIALTONE_TRY(request.arguments.only({}));
  const auto fd = archive_file(request, 0, O_WRONLY);
  if (!fd) {
    return fd.error();
  }
  Answer answer;
  const auto written = write_backup(service, *fd, answer.warnings);
  if (!written) {
    return written.error();
  }
  answer.result["rows"] = written->rows;
  answer.result["assets"] = written->assets;
  answer.result["versions"] = written->versions;
  answer.result["bytes"] = written->bytes;
  answer.result["schema"] = database::kSchemaVersion;
  answer.result["content_digest"] = to_hex(service.builder().image().files().content_digest());
  return answer;
}

}  // namespace

Outcome back_up(Service& service, const Request& request) {
  return to_outcome(make_backup(service, request));
}

}  // namespace dialtone::daemon
