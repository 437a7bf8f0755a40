// SPDX-License-Identifier: Apache-2.0
//
// Keeps the image in step with the database and the asset folder: everything at once, or only what
// a change touches. An Error leaves the image, and so what is served, as it was. A built file hides
// an asset of the same name. One thread, which a full build keeps busy with TBB for as long as it
// takes; readers of the database are opened for each build.
#pragma once

#include "control/assets/asset_folder.h"
#include "control/build/build_report.h"
#include "control/build/device_builder.h"
#include "control/image/image.h"
#include "dataplane/base/diagnostic.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace dialtone::build {

struct BuildConfig {
  std::string database;  // empty: none, only assets are served
  std::string assets;    // empty: none
  int threads = 1;
  bool huge_pages = true;  // for large segments, when some are free
};

class Builder {
 public:
  // `database` is null when the config names none; else it is open on that path and outlives this.
  static Result<Builder> create(BuildConfig config, database::Database* database);

  // All devices and the whole asset folder. `faults` gets what is left out and why, here as below.
  Result<BuildReport> build_all(Diagnostics& faults);

  // What the change log says since the last call. Nothing changed: a report of nothing.
  Result<BuildReport> follow_database(Diagnostics& faults);

  // What differs in the asset folder since the last look.
  Result<BuildReport> follow_assets(Diagnostics& faults);

  const image_build::Image& image() const noexcept { return *image_; }
  const BuildReport& last() const noexcept { return last_; }
  const BuildConfig& config() const noexcept { return config_; }

 private:
  Builder(BuildConfig config, std::unique_ptr<DeviceBuilder> devices);

  Result<void> take_assets(Diagnostics& faults, image_build::ImageChange& change);
  bool is_built(std::string_view name) const noexcept;
  Result<BuildReport> put(image_build::ImageChange change, BuildReport report);

  BuildConfig config_;
  std::unique_ptr<DeviceBuilder> devices_;  // null: no database
  assets::AssetFolder folder_;
  image_build::FileTable assets_;  // all of the folder, hidden ones too
  std::unique_ptr<image_build::Image> image_;
  BuildReport last_;
};

}  // namespace dialtone::build
