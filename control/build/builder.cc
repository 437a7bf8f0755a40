// SPDX-License-Identifier: Apache-2.0
#include "control/build/builder.h"

#include <chrono>
#include <utility>

namespace dialtone::build {
namespace {

using image_build::FileEntry;
using image_build::FileTable;
using image_build::ImageChange;

class Stopwatch {
 public:
  std::uint64_t us() const {
    return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::microseconds>(
                                          std::chrono::steady_clock::now() - begin_)
                                          .count());
  }

 private:
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
};

}  // namespace

Builder::Builder(BuildConfig config, std::unique_ptr<DeviceBuilder> devices)
    : config_(std::move(config)),
      devices_(std::move(devices)),
      folder_(config_.assets, config_.huge_pages),
      image_(std::make_unique<image_build::Image>(config_.huge_pages)) {}

Result<Builder> Builder::create(BuildConfig config, database::Database* database) {
  std::unique_ptr<DeviceBuilder> devices;
  if (database != nullptr) {
    auto made =
        DeviceBuilder::create(config.database, *database, config.threads, config.huge_pages);
    if (!made) {
      return made.error();
    }
    devices = *std::move(made);
  }
  return Builder(std::move(config), std::move(devices));
}

bool Builder::is_built(std::string_view name) const noexcept {
  const FileEntry* file = image_->files().find(name);
  return file != nullptr && file->record().origin == abi::Origin::kBuilt;
}

Result<void> Builder::take_assets(Diagnostics& faults, ImageChange& change) {
  if (config_.assets.empty()) {
    return {};
  }
  auto scanned = folder_.scan(faults);
  if (!scanned) {
    return scanned.error();
  }
  for (const std::string& name : scanned->gone) {
    assets_.erase(name);
    if (!is_built(name)) {
      change.gone.push_back(name);
    }
  }
  for (auto& [name, entry] : scanned->put) {
    assets_.put(name, entry);
    if (!is_built(name)) {
      change.put.emplace_back(name, entry);
    }
  }
  return {};
}

Result<BuildReport> Builder::build_all(Diagnostics& faults) {
  const Stopwatch watch;
  BuildReport report{.full = true};
  ImageChange ignored;  // the tables say it all
  if (auto assets = take_assets(faults, ignored); !assets) {
    // The devices' files matter more than the folder; what was read from it before stays.
    faults.push_back({config_.assets, 0, 0, "asset-folder", assets.error().text});
    if (devices_ == nullptr && image_->version() == 0) {
      return assets.error();
    }
  }
  FileTable files = assets_;
  if (devices_ != nullptr) {
    auto all = devices_->build_all(faults);
    if (!all) {
      return all.error();
    }
    for (auto& [name, entry] : all->files) {
      if (files.find(name) != nullptr) {
        faults.push_back({config_.assets + "/" + name, 0, 0, "hidden",
                          "not served: the database has a device for that name; remove one"});
      }
      files.put(name, std::move(entry));
    }
    for (const std::string& name : all->kept) {
      if (is_built(name)) {
        files.put(name, *image_->files().find(name));
      }
    }
    report.devices = devices_->device_count() - all->kept.size();
    devices_->trim_log();
  }
  auto changed = image_->rebase(std::move(files));
  if (!changed) {
    return changed.error();
  }
  report.files = *changed ? image_->files().size() : 0;
  report.build_us = watch.us();
  last_ = report;
  return report;
}

Result<BuildReport> Builder::follow_database(Diagnostics& faults) {
  const Stopwatch watch;
  if (devices_ == nullptr) {
    return BuildReport{};
  }
  auto changed = devices_->build_changed(faults);
  if (!changed) {
    return changed.error();
  }
  if (changed->everything) {
    return build_all(faults);
  }
  devices_->trim_log();
  if (changed->files.empty() && changed->gone.empty()) {
    return BuildReport{};
  }
  ImageChange change;
  for (const std::string& name : changed->gone) {
    // An asset that was hidden by the device's file is served again.
    if (const FileEntry* asset = assets_.find(name); asset != nullptr) {
      change.put.emplace_back(name, *asset);
    } else {
      change.gone.push_back(name);
    }
  }
  for (auto& [name, entry] : changed->files) {
    change.put.emplace_back(name, std::move(entry));
  }
  BuildReport report;
  report.devices = changed->devices;
  auto done = put(std::move(change), report);
  if (done) {
    last_.build_us = done->build_us = watch.us();
  }
  return done;
}

Result<BuildReport> Builder::follow_assets(Diagnostics& faults) {
  const Stopwatch watch;
  ImageChange change;
  DIALTONE_TRY(take_assets(faults, change));
  auto done = put(std::move(change), {});
  if (done && done->files != 0) {
    last_.build_us = done->build_us = watch.us();
  }
  return done;
}

Result<BuildReport> Builder::put(ImageChange change, BuildReport report) {
  auto files = image_->apply(std::move(change));
  if (!files) {
    return files.error();
  }
  report.files = *files;
  if (report.files != 0 || report.devices != 0) {
    last_ = report;
  }
  if (image_->wants_compact()) {
    DIALTONE_TRY(image_->compact());
  }
  return report;
}

}  // namespace dialtone::build
