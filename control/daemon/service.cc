// SPDX-License-Identifier: Apache-2.0
#include "control/daemon/service.h"

#include "control/daemon/log.h"
#include "control/image/policy.h"

#include <algorithm>

namespace dialtone::daemon {
namespace {

using std::chrono::milliseconds;

// A look costs about a microsecond (generator facts, section 3).
constexpr milliseconds kDatabaseLook{100};
// After a build that failed: what was in its way, a lock or a full disk, may have gone.
constexpr milliseconds kDatabaseRetry{5000};

void log_publisher(publish::Severity severity, const std::string& line) {
  if (severity == publish::Severity::kWarning) {
    spdlog::warn("{}", line);
  } else {
    spdlog::info("{}", line);
  }
}

}  // namespace

Result<std::unique_ptr<Service>> Service::open(const Options& options) {
  std::unique_ptr<Service> service(new Service(options));
  service->policy_ = image_build::default_policy();
  if (!options.database.empty()) {
    auto database = database::Database::open(options.database);
    if (!database) {
      return database.error();
    }
    service->database_ = std::make_unique<database::Database>(*std::move(database));
  }
  if (!options.assets.empty()) {
    auto watch = assets::FolderWatch::open(options.assets);
    if (!watch) {
      return watch.error();
    }
    service->watch_.emplace(*std::move(watch));
  }
  auto builder = build::Builder::create(
      {options.database, options.assets, options.threads, options.huge_pages},
      service->database_.get());
  if (!builder) {
    return builder.error();
  }
  service->builder_.emplace(*std::move(builder));
  service->publisher_.emplace(options.dataplane, service->builder_->image(), service->policy_,
                              log_publisher);
  return service;
}

// What every build leaves behind: a log line, or the reason why the old state is served on.
Result<build::BuildReport> Service::note(Result<build::BuildReport> built, std::string_view what) {
  if (!built) {
    build_error_ = std::string(what) + ": " + built.error().text;
    spdlog::error("{}; the last good state is served on", build_error_);
    return built;
  }
  build_error_.clear();
  if (built->full || built->files != 0) {
    spdlog::info("{}: {} devices rendered, {} files differ, {} ms", what, built->devices,
                 built->files, static_cast<double>(built->build_us / 100) / 10);
  }
  publisher_->step(Clock::now());
  return built;
}

Result<build::BuildReport> Service::build_all() {
  asset_faults_.clear();
  device_faults_.clear();
  auto built = note(builder_->build_all(asset_faults_), "full build");
  behind_ = !built.ok();
  log_faults(asset_faults_);
  return built;
}

Result<build::BuildReport> Service::follow_database() {
  Diagnostics faults;
  auto built = note(builder_->follow_database(faults), "database change");
  log_faults(faults);
  behind_ = !built.ok();
  if (!built || built->full || built->devices != 0) {
    device_faults_ = std::move(faults);
  }
  return built;
}

void Service::look_at_database(Clock::time_point now) {
  if (database_ == nullptr || now < next_look_) {
    return;
  }
  next_look_ = now + kDatabaseLook;
  const auto version = database_->data_version();
  if (!version) {
    return;  // locked for a moment; the next look sees it
  }
  if (*version == data_version_ && !behind_) {
    return;
  }
  data_version_ = *version;
  if (!follow_database()) {
    next_look_ = now + kDatabaseRetry;  // note() has kept the Error
  }
}

void Service::look_at_folder(Clock::time_point now) {
  if (!watch_) {
    return;
  }
  watch_->read_events(now);
  if (!watch_->take(now)) {
    return;
  }
  asset_faults_.clear();
  (void)note(builder_->follow_assets(asset_faults_), "asset folder");
  log_faults(asset_faults_);
}

void Service::add_poll_fds(std::vector<pollfd>& fds) const {
  publisher_->add_poll_fds(fds);
  if (watch_) {
    fds.push_back({watch_->fd(), POLLIN, 0});
  }
}

Service::Clock::time_point Service::due(Clock::time_point now) const {
  Clock::time_point due = publisher_->due(now);
  if (database_ != nullptr) {
    due = std::min(due, next_look_);
  }
  if (watch_) {
    due = std::min(due, watch_->due().value_or(due));
  }
  return due;
}

void Service::step(Clock::time_point now) {
  publisher_->step(now);
  look_at_database(now);
  look_at_folder(now);
}

std::vector<std::string> Service::warnings() const {
  std::vector<std::string> texts;
  if (!build_error_.empty()) {
    texts.push_back(build_error_ + "; the last good state is served");
  }
  const std::uint64_t version = builder_->image().version();
  if (version != 0 && publisher_->state(version) != publish::PublishState::kPublished) {
    texts.push_back("the newest files are not served: " + publisher_->why(version));
  }
  for (const Diagnostics* faults : {&asset_faults_, &device_faults_}) {
    for (const Diagnostic& fault : *faults) {
      texts.push_back(to_string(fault));
    }
  }
  return texts;
}

}  // namespace dialtone::daemon
