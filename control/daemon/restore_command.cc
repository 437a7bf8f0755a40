// SPDX-License-Identifier: Apache-2.0
#include "control/backup/backup_reader.h"
#include "control/backup/staged_assets.h"
#include "control/daemon/backup_parts.h"
#include "control/daemon/new_configuration.h"
#include "control/database/schema.h"
#include "control/import/replace.h"
#include "dataplane/base/counted.h"

#include <fcntl.h>

#include <optional>

namespace dialtone::daemon {
namespace {

// What a restore needs of the service, and whether the backup has it.
void compare_with_service(const Service& service, const backup::Backup& backup,
                          const std::string& file, Diagnostics& faults) {
  const auto fault = [&](const char* code, const std::string& text) {
    faults.push_back({file, 0, 0, code, text});
  };
  const bool has_rows = backup.shared_rows && backup.devices;
  if (backup.about.schema > database::kSchemaVersion) {
    fault("newer-schema", "its database is of schema " + std::to_string(backup.about.schema) +
                              ", this program knows " + std::to_string(database::kSchemaVersion) +
                              "; restore it with the version of Dialtone that made it");
  }
  if (has_rows && service.options().database.empty()) {
    fault("no-database",
          "it has a database, and this service has none; set 'database' in "
          "[control]");
  } else if (!has_rows && !service.options().database.empty()) {
    fault("no-rows", "it has no database, and this service has one, which would be left empty");
  }
  const bool has_files = !backup.assets.empty() || (backup.versions && !backup.versions->empty());
  if (has_files && service.options().assets.empty()) {
    fault("no-assets",
          "it has asset files, and this service has no folder for them; set 'assets' "
          "in [control]");
  }
}

class Restore {
 public:
  Restore(Service& service, Diagnostics& faults) : service_(service), faults_(faults) {}

  Result<Answer> run(const Request& request) {
    DIALTONE_TRY(request.arguments.only({"file", "check", "config", "wait"}));
    const auto file = request.arguments.text("file");
    const auto check = request.arguments.flag("check", false);
    const auto config = request.arguments.flag("config", false);
    const auto wait = request.arguments.flag("wait", true);
    if (!file) {
      return file.error();
    }
    for (const auto* each : {&check, &config, &wait}) {
      if (!*each) {
        return each->error();
      }
    }
    const auto archive = archive_file(request, 0, O_RDONLY);
    const auto before = *check ? Result<int>(-1) : archive_file(request, 1, O_WRONLY);
    if (!archive || !before) {
      return archive ? before.error() : archive.error();
    }
    if (auto open = service_.open_database(); !open) {
      return open.error();
    }
    DIALTONE_TRY(service_.check_import());
    DIALTONE_TRY(read(*archive, *file));
    DIALTONE_TRY(prepare_config(*file, *config));
    if (faults_.empty() && !*check) {
      // Before the first row is another one.
      if (const auto kept = write_backup(service_, *before, answer_.warnings); !kept) {
        return Error{
            kept.error().code,
            "the state before cannot be kept, so nothing was restored: " + kept.error().text};
      }
    }
    std::optional<database::Transaction> transaction;
    DIALTONE_TRY(replace_rows(transaction));
    if (!faults_.empty()) {
      return refused(*file + " has " + counted(faults_.size(), "fault") + "; nothing was restored");
    }
    if (*check) {
      return std::move(answer_);
    }
    return carry_out(transaction, *wait);
  }

 private:
  Result<void> read(int archive, const std::string& file) {
    if (!service_.options().assets.empty()) {
      auto staged = backup::StagedAssets::create(service_.options().assets);
      if (!staged) {
        return staged.error();
      }
      staged_.emplace(*std::move(staged));
    }
    auto backup =
        backup::read_backup(archive, file, staged_ ? staged_->path() : std::string(), faults_);
    if (!backup) {
      return backup.error();
    }
    backup_ = *std::move(backup);
    if (faults_.empty()) {
      compare_with_service(service_, backup_, file, faults_);
    }
    answer_.result["made_s"] = backup_.about.made_s;
    answer_.result["schema"] = backup_.about.schema;
    answer_.result["assets"] = backup_.assets.size();
    answer_.result["versions"] = backup_.versions ? backup_.versions->size() : 0;
    return {};
  }

  Result<void> prepare_config(const std::string& file, bool wanted) {
    const std::string& path = service_.options().config;
    if (!backup_.configuration || path.empty()) {
      return {};
    }
    const auto present = read_text(path);
    const bool differs = !present || *present != *backup_.configuration;
    answer_.result["config"] = !differs ? "same" : wanted ? "restored" : "differs";
    if (!differs || !faults_.empty()) {
      return {};
    }
    if (!wanted) {
      answer_.warnings.push_back(
          "the configuration in " + file + " differs from " + path +
          ", which is left as it is; --config restores it too, or take it out by 'tar xf'");
      return {};
    }
    auto staged = NewConfiguration::stage(path, *backup_.configuration,
                                          std::string(backup::kConfiguration), faults_);
    if (!staged) {
      return staged.error();
    }
    config_.emplace(*std::move(staged));
    answer_.warnings.push_back(
        "the configuration is another one; restart dialtone-control and "
        "dialtone-dataplane to have it in force");
    return {};
  }

  Result<void> replace_rows(std::optional<database::Transaction>& transaction) {
    if (!faults_.empty() || !backup_.shared_rows) {
      return {};
    }
    auto database = need_database_to_change(service_);
    if (!database) {
      return database.error();
    }
    auto begun = database::Transaction::begin(**database);
    if (!begun) {
      return begun.error();
    }
    transaction.emplace(*std::move(begun));
    const auto report =
        importing::replace_all(**database,
                               {*backup_.shared_rows, *backup_.devices,
                                std::string(backup::kSharedRows), std::string(backup::kDevices)},
                               faults_);
    if (!report) {
      return report.error();
    }
    answer_.result["rows"] = report->rows;
    return {};
  }

  // What can still fail comes before the commit, and the destructors undo it: files go back to
  // their places, rows are rolled back. One build follows.
  Result<Answer> carry_out(std::optional<database::Transaction>& transaction, bool wait) {
    if (staged_) {
      std::vector<std::string> ignored;
      auto old_paths = asset_paths(service_, ignored);
      if (!old_paths) {
        return old_paths.error();
      }
      std::vector<std::string> new_paths = backup_.assets;
      if (backup_.versions) {
        const auto versions = version_paths(service_, ignored);
        if (!versions) {
          return versions.error();
        }
        old_paths->insert(old_paths->end(), versions->begin(), versions->end());
        new_paths.insert(new_paths.end(), backup_.versions->begin(), backup_.versions->end());
      }
      DIALTONE_TRY(staged_->apply(*old_paths, new_paths));
    }
    if (transaction) {
      DIALTONE_TRY(transaction->commit());
    }
    if (staged_) {
      staged_->keep();
    }
    if (config_) {
      if (const auto put = config_->put_in_place(); !put) {
        answer_.warnings.push_back("the configuration was not restored: " + put.error().text);
      }
    }
    const auto report = service_.build_all();
    if (!report) {
      return failed("restored, but the files could not be built: " + report.error().text);
    }
    const image_build::Image& image = service_.builder().image();
    const std::string digest = to_hex(image.files().content_digest());
    answer_.result["content_digest"] = digest;
    answer_.result["same_files"] = digest == backup_.about.content_digest;
    answer_.publish = PendingPublish{image.version(), *report, wait};
    return std::move(answer_);
  }

  Service& service_;
  Diagnostics& faults_;
  backup::Backup backup_;
  std::optional<backup::StagedAssets> staged_;
  std::optional<NewConfiguration> config_;
  Answer answer_;
};

}  // namespace

Outcome restore(Service& service, const Request& request) {
  Diagnostics faults;
  auto answer = Restore(service, faults).run(request);
  return to_outcome(std::move(answer), std::move(faults));
}

}  // namespace dialtone::daemon
