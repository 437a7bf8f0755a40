// SPDX-License-Identifier: Apache-2.0
//
// Builds of the Service, and what each of them leaves behind.
#include "control/daemon/policy_parameters.h"
#include "control/daemon/service.h"
#include "control/daemon/unix_time.h"
#include "control/database/service_parameters.h"
#include "dataplane/base/counted.h"
#include "dataplane/program/log.h"

namespace dialtone::daemon {
namespace {

// Should this process end within a build, clients are served again after so long.
constexpr std::uint8_t kRebuildingS = 60;

// A new base of many names takes tens of milliseconds of this thread, and hundreds where it gives
// much memory back: changes that follow one another are not kept waiting for it.
constexpr std::chrono::seconds kQuiet{1};
// Where they never end, it cannot wait any longer: each of them leaves more behind.
constexpr std::chrono::seconds kMostPatience{10};
constexpr std::chrono::seconds kFoldRetry{10};

}  // namespace

void Service::take_parameters() {
  if (database_ == nullptr) {
    return;
  }
  // One that cannot be read now is read with the next change.
  if (const auto stored = database::stored_parameters(*database_)) {
    policy_.policy = configured_;
    apply_parameters(*stored, policy_.policy);
  }
}

// What every build leaves behind: log lines, or the reason why the old state is served on.
Result<build::BuildReport> Service::note(Result<build::BuildReport> built, std::string_view what,
                                         std::int64_t noticed, std::string& error) {
  policy_.policy.rebuilding_s = 0;  // goes out with what was built, or alone
  if (!built) {
    error = std::string(what) + ": " + built.error().text;
    if (builder_->is_cancelled()) {
      spdlog::info("{}: this process ends; what is served stays served", error);
    } else {
      spdlog::error("{}; the last good state is served on", error);
    }
    trace_.add_failed(builder_->unbuilt(), error, noticed);
    publisher_->step(Clock::now());
    return built;
  }
  take_parameters();
  error.clear();
  if (built->full) {
    database_error_.clear();
    folder_error_.clear();
  }
  note_change(*built, what);
  if (built->full || built->devices != 0 || built->files != 0) {
    (built->full ? build_times_.full : build_times_.delta).add_us(built->build_us);
  }
  if (built->files != 0) {
    served_.begin(*publisher_);
  }
  // What is to be traced of many files takes its time: the offer goes out before. The answer to it
  // is read by a later step.
  const std::int64_t at = unix_us();
  publisher_->step(Clock::now());
  built->change = trace_.add(builder_->take_trace(), *built,
                             {what, builder_->image().version(),
                              builder_->full_builds().count == 1 && built->full, noticed, at});
  if (built->full || built->files != 0) {
    spdlog::info("{}: {} rendered, {} {}, {} ms", what, counted(built->devices, "device"),
                 counted(built->files, "file"), built->files == 1 ? "differs" : "differ",
                 static_cast<double>(built->build_us / 100) / 10);
  }
  program::log_faults(built->faults);
  return built;
}

Result<void> Service::check_import() const {
  const auto run = import();
  return run == nullptr
             ? Result<void>()
             : Error{ErrorCode::kTimeout, going_on(*run) + "; try again when it has ended"};
}

Result<build::Rehearsal> Service::rehearse() {
  DIALTONE_TRY(check_import());
  DIALTONE_TRY(open_database());
  DIALTONE_TRY(check_database_file());
  return builder_->rehearse();
}

Result<build::BuildReport> Service::build_all() {
  DIALTONE_TRY(check_import());
  if (auto open = open_database(); !open) {
    database_error_ = open.error().text;
    return open.error();
  }
  if (auto in_place = check_database_file(); !in_place) {
    return in_place.error();
  }
  const std::int64_t noticed = unix_us();
  publisher_->retry_refused();
  load_signing_key();
  if (const std::string shortage = huge_page_shortage(); !shortage.empty()) {
    spdlog::warn("{}", shortage);
  }
  return note(builder_->build_all(), "full build", noticed,
              database_ != nullptr ? database_error_ : folder_error_);
}

// Clients that come from now on are told so. Nothing is waited for: when an offer is on its way
// already, they are served as ever. A build that failed is tried again and again; they are told of
// the first try alone.
void Service::tell_rebuilding() {
  if (options_.policy.answer_while_rebuilding && builder_->image().version() != 0 &&
      database_error_.empty() && folder_error_.empty()) {
    policy_.policy.rebuilding_s = kRebuildingS;
    publisher_->step(Clock::now());
  }
}

Result<build::BuildReport> Service::follow_database() {
  const std::int64_t noticed = unix_us();
  return note(builder_->follow_database(), "database change", noticed, database_error_);
}

// Of the image as fold() has seen it last.
Service::Clock::time_point Service::new_base_due() const noexcept {
  if (!builder_->image().wants_compact()) {
    return Clock::time_point::max();
  }
  const Clock::time_point quiet = last_change_ + kQuiet;
  return new_base_wanted_ ? std::min(quiet, *new_base_wanted_ + kMostPatience) : quiet;
}

// Not before clients have the change that has come last.
Service::Clock::time_point Service::fold_due() const noexcept {
  const image_build::Image& image = builder_->image();
  if (publisher_->hello() != nullptr &&
      publisher_->state(image.version()) == publish::PublishState::kPending) {
    return Clock::time_point::max();
  }
  return std::max(image.wants_merge() ? last_change_ : new_base_due(), fold_retry_);
}

void Service::fold(Clock::time_point now) {
  const image_build::Image& image = builder_->image();
  if (image.version() != seen_version_) {
    seen_version_ = image.version();
    last_change_ = now;
  }
  if (!image.wants_compact()) {
    new_base_wanted_.reset();
  } else if (!new_base_wanted_) {
    new_base_wanted_ = now;
  }
  if (now < fold_due()) {
    return;
  }
  const auto folded = now >= new_base_due() ? builder_->fold() : builder_->merge();
  if (!folded) {
    fold_retry_ = now + kFoldRetry;
    spdlog::warn("the image keeps the memory of files that were replaced: {}", folded.error().text);
    return;
  }
  publisher_->step(Clock::now());
}

Result<build::BuildReport> Service::follow_folder() {
  const std::int64_t noticed = unix_us();
  return note(builder_->follow_assets(), "asset folder", noticed, folder_error_);
}

}  // namespace dialtone::daemon
