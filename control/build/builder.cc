// SPDX-License-Identifier: Apache-2.0
#include "control/build/builder.h"

#include "control/signing/signable.h"
#include "dataplane/abi/events_page.h"

#include <set>
#include <utility>

namespace dialtone::build {

using image_build::ImageChange;

Builder::Builder(BuildConfig config)
    : config_(std::move(config)),
      assets_(config_.assets, config_.huge_pages, config_.hold_loads, config_.asset_most),
      image_(std::make_unique<image_build::Image>(config_.huge_pages, Spread(config_.threads))) {}

Result<Builder> Builder::create(BuildConfig config, database::Database* database) {
  Builder builder(std::move(config));
  if (database != nullptr) {
    DIALTONE_TRY(builder.open_database(*database));
  }
  return builder;
}

Result<void> Builder::open_database(database::Database& database) {
  auto made =
      DeviceBuilder::create(config_.database, database, config_.threads, config_.huge_pages);
  if (!made) {
    return made.error();
  }
  devices_ = *std::move(made);
  devices_->set_formats(config_.encoders, config_.build_cnf);
  devices_->set_cancelled(config_.cancelled);
  database_ = &database;
  return {};
}

Result<void> Builder::restore(const image_build::ImageParts& parts) {
  DIALTONE_TRY(image_->restore(parts));
  counts_ = {};
  for (const auto& [name, entry] : image_->files()) {
    counts_.add(name, entry);
  }
  return {};
}

// Without its devices an image would take all their files away.
Result<void> Builder::need_database() const {
  if (devices_ == nullptr && !config_.database.empty()) {
    return failed("the database " + config_.database + " is not open");
  }
  return {};
}

// Between the steps of a full build that take long when there are many devices.
Result<void> Builder::go_on() const {
  return is_cancelled() ? Result<void>(failed("the build was cancelled")) : Result<void>();
}

database::LoggedSpan Builder::unbuilt() const {
  database::LoggedSpan rows = trace_.rows;
  if (devices_ != nullptr) {
    rows.append(devices_->unbuilt());
  }
  return rows;
}

image_build::ChangedFile Builder::tell() {
  return [this](std::string_view name, bool is_gone) {
    (is_gone ? trace_.gone : trace_.changed).push_back(abi::event_name_hash(name));
    if (trace_.files.size() < BuildTrace::kNamed) {
      trace_.files.emplace_back(name);
    }
  };
}

Result<BuildReport> Builder::put(ImageChange change, BuildReport report) {
  FileCounts counts = counts_;
  counts.follow(image_->files(), change);
  signed_.amend(image_->files(), change);
  const auto files = image_->apply(std::move(change), tell());
  if (!files) {
    signed_.revert();
    return files.error();
  }
  counts_ = counts;
  report.files = *files;
  make_room(report.faults);
  if (report.files != 0 || report.devices != 0) {
    last_ = report;
  }
  return report;
}

// What is in the image is in it either way; the next change asks again. A new base is left to
// fold(), which may take long, unless nothing else makes room.
void Builder::make_room(Diagnostics& faults) {
  if (!image_->must_merge()) {
    return;
  }
  auto made = image_->merge();
  if (made && image_->must_merge()) {
    made = image_->compact();
  }
  assets_.adopt(image_->files());
  if (!made) {
    faults.push_back({"image", 0, 0, "merge", made.error().text});
  }
}

Result<void> Builder::fold() {
  Result<void> compacted;
  if (image_->wants_compact()) {
    compacted = image_->compact();
  }
  if (image_->wants_merge()) {
    DIALTONE_TRY(image_->merge());
  }
  assets_.adopt(image_->files());
  return compacted;
}

Result<void> Builder::merge() {
  DIALTONE_TRY(image_->merge());
  assets_.adopt(image_->files());
  return {};
}

std::string Builder::asset_of(std::string_view file) const {
  std::string name(file);
  if (assets_.files().find(name) == nullptr && name.ends_with(signing::kSuffix)) {
    name.resize(name.size() - signing::kSuffix.size());
  }
  const auto of_type = cnf_of_types_.find(name);
  const bool is_supplied = of_type != cnf_of_types_.end() && assets_.files().find(name) == nullptr;
  return assets_.spelled(is_supplied ? of_type->second : name);
}

std::vector<std::string_view> Builder::common_names(std::size_t most) const {
  std::vector<std::string_view> names;
  for (const auto& [name, entry] : assets_.files()) {
    if (names.size() == most) {
      break;
    }
    names.push_back(name);
  }
  if (devices_ != nullptr) {
    const std::set<std::string>& shared = devices_->shared_names();
    for (auto name = shared.begin(); name != shared.end() && names.size() < 2 * most; ++name) {
      names.push_back(*name);
    }
  }
  return names;
}

}  // namespace dialtone::build
